"""Answers are refused with the reason, or the project still parses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from rendering import FACTS, QUESTIONS, plain_template, render

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no TOML parser")

FREE_TEXT = ["project_name", "package_name", "description", "author_name", "author_email"]
HOSTILE = {
    "double quote": 'say "hello"',
    "single quote": "it's",
    "triple quote": '"""',
    "backslash": "back\\slash\\",
    "braces": "{ } {{ }} {% raw %}",
    "jinja": "{{ 7*7 }}",
    "statement": "{% for x in range(9) %}x{% endfor %}",
    "newline": "two\nlines",
    "carriage return": "two\r\nlines",
    "tab": "a\ttab",
    "null": "nul\x00byte",
    "escape": "\x1b[31mred",
    "emoji": "🧠 nets 🎉",
    "right to left": "שלום \u202e drow",
    "long": "x" * 200,
    "very long": "y" * 5000,
    "leading dash": "-rf",
    "option": "--help",
    "hash": "# heading",
    "html": "<script>alert(1)</script>",
    "markdown": "[link](http://example.org) `code` *bold*",
    "yaml": "a: b: [c",
    "reserved name": "CON",
    "reserved lower-case name": "nul",
    "dots": "../../etc",
    "slash": "a/b",
    "spaces": "   ",
    "digits": "123",
    "percent": "%s %(x)s ${HOME} $(id)",
    "comma": "Lovelace, Ada <ada@example.org>",
}


@pytest.mark.parametrize("question", FREE_TEXT)
@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_is_refused_or_harmless(
    question: str, answer: str, tmp_path: Path
) -> None:
    try:
        project = render(tmp_path / "project", **{question: answer})
    except ValueError as refusal:
        assert f"Validation error for question '{question}': " in str(refusal)  # noqa: PT017
        assert not (tmp_path / "project").exists()
        return
    metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert recorded[question] == answer
    if question == "description":
        assert metadata["description"] == answer
    if question in ("author_name", "author_email"):
        assert metadata["authors"] == [{question.removeprefix("author_"): answer}]
    assert "49" not in (project / "README.md").read_text("utf-8")
    assert re.fullmatch(r"[a-z][a-z0-9-]*", metadata["name"])
    for path in project.rglob("*.py"):
        compile(path.read_bytes(), str(path), "exec")
    assert {p.name for p in tmp_path.iterdir()} == {"project"}


@pytest.mark.parametrize("question", FREE_TEXT)
def test_newlines_are_refused(question: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Validation error"):
        render(tmp_path / "project", **{question: HOSTILE["newline"]})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("keras", "classic cause of the import error"),
        *((backend, "would hide the library") for backend in FACTS["backends"]),
        ("tf_keras", "would hide the library"),
        ("numpy", "would hide a package that Keras projects use"),
        ("scikit_learn", "would hide a package that Keras projects use"),
        ("tensorboard", "would hide a package that Keras projects use"),
        ("sitecustomize", "runs by itself"),
        ("conftest", "runs by itself"),
        ("test", "folder of another kind"),
        ("runs", "folder of another kind"),
        ("class", "keyword"),
        ("json", "standard library"),
        ("tomllib", "standard library"),
        ("imp", "standard library"),
        ("con", "Windows"),
        ("My-Project", "letter first"),
        ("1digits", "letter first"),
        ("_digits", "letter first"),
        ("digits\n", "letter first"),
        ("", "letter first"),
        ("d" * 41, "40 at most"),
    ],
)
def test_a_package_name_that_cannot_work_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=reason):
        render(tmp_path / "project", package_name=name)


@pytest.mark.parametrize(
    ("project_name", "package_name"),
    [
        ("Digits", "digits"),
        ("My Great-Project 2", "my_great_project_2"),
        ("42 is the answer", "is_the_answer"),
        ("keras", "keras_project"),
        ("TensorFlow", "tensorflow_project"),
        ("class", "class_project"),
        ("🧠", "keras_project"),
        ("-rf", "rf"),
        ("x" * 80, "x" * 32),
        ("a" * 31 + " b", "a" * 31),
    ],
)
def test_the_package_name_is_derived(project_name: str, package_name: str, tmp_path: Path) -> None:
    project = render(tmp_path / "project", project_name=project_name)
    assert [path.name for path in (project / "src").iterdir()] == [package_name]


def test_the_folder_names_the_project(tmp_path: Path) -> None:
    assert (render(tmp_path / "speech-model") / "src/speech_model").is_dir()


@pytest.mark.parametrize("email", ["nobody", "a b@c.d", 'x"@y.z', "<a@b.c>", "a@b", "a@b.c\n"])
def test_an_address_that_is_none_is_refused(email: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="author_email"):
        render(tmp_path / "project", author_email=email)


@pytest.mark.parametrize("keras", ["keras", "portable"])
def test_keras_3_refuses_python_3_10(keras: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"needs Python 3\.11 or newer"):
        render(tmp_path / "project", keras=keras, python="3.10")


@pytest.mark.parametrize("keras", ["tensorflow.keras", "tf_keras"])
def test_flavours_of_tensorflow_accept_python_3_10(keras: str, tmp_path: Path) -> None:
    project = render(tmp_path / "project", keras=keras, python="3.10")
    assert 'requires-python = ">=3.10,<3.14"' in (project / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("keras", ["tensorflow.keras", "tf_keras"])
def test_flavours_of_tensorflow_refuse_another_backend(keras: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="runs on tensorflow alone"):
        render(tmp_path / "project", keras=keras, backend="jax")


@pytest.mark.parametrize(("data", "model"), [("images", "recurrent"), ("table", "convnet")])
def test_a_model_for_other_data_is_refused(data: str, model: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"for {data} there is .*mlp"):
        render(tmp_path / "project", data=data, model=model)


@pytest.mark.parametrize(
    ("data", "model"), [("digits", "mlp"), ("images", "convnet"), ("table", "mlp")]
)
def test_the_data_bring_their_model(data: str, model: str, tmp_path: Path) -> None:
    project = render(tmp_path / "project", package_name="digits", data=data)
    assert f'name="{model}")' in (project / "src/digits/model.py").read_text("utf-8")


def test_no_more_than_a_dozen_are_asked() -> None:
    assert sum(question.get("ask", True) for question in QUESTIONS.values()) <= 12


def test_a_misspelt_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError,
        match=r"no question called harware \(did you mean hardware\?\); the questions are",
    ):
        render(tmp_path / "project", harware="gpu")


@pytest.mark.parametrize("name", ["facts", "keras_root"])
def test_what_is_computed_is_no_question(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"no question called {name}; ") as refusal:
        render(tmp_path / "project", **{name: "x"})
    assert f"the questions are {', '.join(QUESTIONS)}" in str(refusal.value)


@pytest.mark.parametrize("choice", FACTS["hardware"])
def test_every_answer_is_recorded(choice: str, tmp_path: Path) -> None:
    project = render(tmp_path / "project", hardware=choice)
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert {name for name in recorded if not name.startswith("_")} == set(QUESTIONS)
    assert recorded["hardware"] == choice


def test_a_package_is_not_renamed(tmp_path: Path) -> None:
    render(tmp_path / "project", package_name="digits")
    with pytest.raises(ValueError, match="the project's package is 'digits'"):
        render(tmp_path / "project", package_name="figures")


def test_a_relative_template_is_recorded_by_its_absolute_path(tmp_path: Path) -> None:
    template = Path(plain_template())
    command = [sys.executable, "-m", "copier", "copy", "--defaults", "--skip-tasks", "--quiet"]
    subprocess.run([*command, template.name, tmp_path / "project"], cwd=template.parent, check=True)
    recorded = yaml.safe_load((tmp_path / "project/.copier-answers.yml").read_text("utf-8"))
    assert recorded["_src_path"] == str(template.resolve())


@pytest.mark.parametrize(
    ("has_uv", "has_environment"), [(True, False), (False, False), (False, True)]
)
def test_the_closing_message_speaks_of_what_the_machine_has(
    has_uv: bool, has_environment: bool, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    if has_uv:
        (tools / "uv").touch()
    if has_environment:
        (tmp_path / "project/.venv").mkdir(parents=True)
        (tmp_path / "project/.venv/pyvenv.cfg").touch()
    options = ["--trust", "--defaults", "--data", "package_name=digits", "--data", "validate=skip"]
    command = [sys.executable, "-m", "copier", "copy", *options]
    said = subprocess.run(
        [*command, plain_template(), tmp_path / "project"],
        env={**os.environ, "PATH": str(tools)},
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    start = "uv run " if has_uv else ".venv/bin/"
    assert f"  {start}digits train" in said
    assert f"  {start}pytest" in said
    assert ("uv run" in said) == has_uv
    missing = not has_uv and not has_environment
    assert ("make one with pip, by the commands in the README" in said) == missing
