"""Whatever is answered, it is refused in a sentence that names the question, or a project is whole.

`pytest tests/template/test_odd_answers.py --examples 1000` tries more.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import ChainMap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering import (
    QUESTIONS,
    all_answers,
    plain_template,
    remember_what_does_not_change,
    render,
    rendered,
)

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no TOML parser")

ANSWERS = ".copier-answers.yml"
# What means something in YAML, TOML, Jinja, Markdown, Python, or to a shell or a file system.
ODD = [
    *"\r\n\t\0\v\f\x1b\x85\u2028\ufeff\ud800é😀#`{}[]()<>:;,.%!?=*@~^\\\"'$&|/ -_",
    *("\r\n", "'''", '"""', "```", "{{ 1 }}", "{% raw %}", "{% endraw %}", "{#", "---", "..."),
    *("&a ", "*a", "!!python/name:os.system ", "<!--", "$(id)", "${X}", "%(a)s", "../", "/etc"),
    *(
        "9" * 500,
        "y" * 5000,
        "keras",
        "con",
        "__init__",
        "true",
        "null",
        "1e5",
        "2020-01-01",
        "- a",
    ),
]
PLAIN = ["digits", "My model", "Ada", "ada@example.org", ""]
# Neither questions, nor unknown to Copier.
OTHERS = ["facts", "keras_root", "keras_requirements", "_commit", "_src_path", "_x", "packag_name"]
VALID = [*all_answers()][::7]
TEXTS = st.lists(st.sampled_from([*ODD, *PLAIN]), max_size=4).map("".join)
VALUES = st.one_of(
    TEXTS,
    st.sampled_from([None, True, 0, -1, 3.11, 1e309, [], ["a"], {}, {"a": [None]}, 10**30]),
)


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Answers that are right together, some of which are something else."""
    texts = st.fixed_dictionaries({}, optional=dict.fromkeys(("description", "author_name"), TEXTS))
    other = st.dictionaries(st.sampled_from([*QUESTIONS, *OTHERS]), VALUES, max_size=1)
    made = st.builds(lambda *each: dict(ChainMap(*each)), other, texts, st.sampled_from(VALID))
    # Copier itself refuses a first answer that is no text, and does not say which it is.
    return made.filter(lambda found: isinstance(found.get("project_name", ""), str))


def assert_whole(project: Path) -> None:
    """Everything in a project can be read, and nothing is outside of it."""
    tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    for path in project.rglob("*"):
        assert project.resolve() in path.resolve().parents
        if path.suffix == ".py":
            compile(path.read_bytes(), str(path), "exec")
        if path.suffix in (".yml", ".yaml"):
            yaml.safe_load(path.read_text("utf-8"))
    assert [path.name for path in project.parent.iterdir()] == [project.name]


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """Give a place for a project, alone in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "project"


def test_odd_answers_are_refused_or_harmless(examples: settings) -> None:
    def once(answers: dict[str, Any]) -> None:
        with place() as project:
            try:
                render(project, **answers)
            except (ValueError, TypeError) as refusal:
                said = str(refusal)
                assert any(re.search(rf"\b{name}\b", said) for name in answers), said
                assert len(said.splitlines()) == 1, said
                assert not project.exists()
            else:
                assert_whole(project)

    examples(given(answers())(once))()


def tampered(text: str) -> st.SearchStrategy[str]:
    """A file of answers, of which a value or some characters are something else."""
    at = st.integers(0, len(text))
    keys = st.sampled_from([*QUESTIONS, *OTHERS])
    values = st.dictionaries(keys, VALUES, min_size=1, max_size=2).map(
        lambda new: yaml.safe_dump(yaml.safe_load(text) | new)
    )
    change = st.builds(
        lambda i, n, more: text[:i] + more + text[i + n :], at, at.map(lambda n: n % 9), TEXTS
    )
    return st.one_of(values, change)


def test_a_tampered_file_of_answers_is_refused_or_harmless(examples: settings) -> None:
    text = (rendered() / ANSWERS).read_text("utf-8")

    def once(text: str) -> None:
        with place() as project:
            project.mkdir()
            (project / ANSWERS).write_bytes(text.encode("utf-8", "surrogatepass"))
            try:
                copier.run_copy(
                    plain_template(),
                    project,
                    defaults=True,
                    quiet=True,
                    skip_tasks=True,
                    overwrite=True,
                )
            except yaml.YAMLError as refusal:  # as Copier says it
                assert re.search("line|position", str(refusal))  # noqa: PT017
                assert [path.name for path in project.iterdir()] == [ANSWERS]
            else:
                assert_whole(project)

    remember_what_does_not_change()
    examples(given(tampered(text))(once))()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"facts": "\ud800"}, "there is no question called facts"),
        ({"license": {"a": 1}}, "the answer to license is a list or a table; one value, please"),
        ({"ci": None}, "the answer to ci is missing; one value, please"),
        ({"container": "maybe"}, "yes or no, please, and not maybe"),
    ],
)
def test_what_is_no_answer_is_refused(answers: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        render(tmp_path / "project", **answers)
