"""Every combination of answers renders to a project that is whole, clean and of one Keras."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from project import Project, load_facts
from rendering import EXAMPLES, FACTS, QUESTIONS, all_answers, flavour_answers, render, rendered
from validation import check_imports

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no TOML parser")

ALL = list(all_answers())
PARTS = 23  # a prime, so that every answer is in each


def answers_in(combinations: list[dict]) -> set[tuple[str, Any]]:
    return {answer for answers in combinations for answer in answers.items()}


# Few, with every answer among them.
SOME = next(ALL[::step] for step in range(80, 0, -1) if answers_in(ALL[::step]) == answers_in(ALL))

ALWAYS = {
    ".copier-answers.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    *(
        f"src/digits/{name}"
        for name in (
            "__init__.py",
            "__main__.py",
            "checks.py",
            "cli.py",
            "config.py",
            "data.py",
            "doctor.py",
            "flavour.py",
            "hardware.py",
            "model.py",
            "py.typed",
            "report.py",
            "runs.py",
            "settings.py",
            "task.py",
            "training.py",
            "validation.py",
            "versions.py",
        )
    ),
    *(
        f"tests/{name}.py"
        for name in ("conftest", "test_contract", "test_example", "test_gpu", "test_imports")
    ),
}


def expected_files(answers: dict) -> set[str]:
    files = set(ALWAYS)
    if answers["ci"] == "github":
        files.add(".github/workflows/ci.yml")
    if answers["ci"] == "gitlab":
        files.add(".gitlab-ci.yml")
    if answers["container"]:
        files |= {"Dockerfile", ".dockerignore", ".devcontainer/devcontainer.json"}
    if answers["keras"] == "portable":
        files |= {"src/digits/keras_flavour.py", "tests/test_keras_flavour.py"}
    return files


def files_of(project: Path) -> dict[str, Path]:
    return {p.relative_to(project).as_posix(): p for p in project.rglob("*") if p.is_file()}


def ruff(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], cwd=project, capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.rest) for part in range(1, PARTS))]
)
def test_every_combination(part: int, tmp_path: Path) -> None:
    check(ALL[part::PARTS], tmp_path)


def test_some_combinations(tmp_path: Path) -> None:
    check(SOME, tmp_path)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_part_has_every_answer(part: int) -> None:
    assert answers_in(ALL[part::PARTS]) == answers_in(ALL)


def check(combinations: list[dict], tmp_path: Path) -> None:
    facts = load_facts()
    for index, answers in enumerate(combinations):
        project = render(tmp_path / str(index), package_name="digits", **answers)
        files = files_of(project)
        assert set(files) == expected_files(answers), answers
        for name, path in files.items():
            text = path.read_text("utf-8")
            assert not re.search(r"\{%|\{#|(?<!\$)\{\{", text), (answers, name)
            assert not text or text.endswith("\n"), (answers, name)
            parse(name, text)
        checked = check_imports(Project(project, answers | {"package_name": "digits"}, facts))
        assert checked.problems == [], answers
        assert checked.statements >= 5
    for command in (["check"], ["format", "--check"]):
        done = ruff(tmp_path, *command, "--quiet")
        assert done.returncode == 0, done.stdout + done.stderr


def parse(name: str, text: str) -> None:
    if name.endswith((".py", ".pyi")):
        ast.parse(text, name)
    elif name.endswith(".toml"):
        tomllib.loads(text)
    elif name.endswith((".yml", ".yaml")):
        yaml.safe_load(text)
    elif name.endswith(".json"):
        json.loads(text)


ABOUT_KERAS = {  # what a project says of its own flavour and backend
    "src/digits/__init__.py",
    "src/digits/doctor.py",
    "src/digits/flavour.py",
    "src/digits/hardware.py",
    "src/digits/versions.py",
    "tests/test_imports.py",
}


@pytest.mark.parametrize("data", FACTS["data"])
def test_bodies_are_the_same_in_all_flavours(data: str) -> None:
    bodies: dict[str, set[str]] = {}
    for answers in flavour_answers():
        project = rendered(data=data, **answers)
        root = FACTS["flavours"][answers["keras"]]["root"].format(package="digits")
        for name, path in files_of(project).items():
            if name.endswith(".py") and "keras_flavour" not in name and name not in ABOUT_KERAS:
                text = path.read_text("utf-8").replace(f"from {root} import ", "from KERAS import ")
                bodies.setdefault(name, set()).add(text)
    assert {name for name, texts in bodies.items() if len(texts) > 1} == set()


@pytest.mark.parametrize("answers", list(flavour_answers()), ids=lambda a: "-".join(a.values()))
def test_a_project_speaks_of_its_own_backend_alone(answers: dict) -> None:
    project = rendered(**answers)
    wanted = {answers.get("backend", "tensorflow")}
    if answers["keras"] == "portable":
        wanted = set(FACTS["backends"])
    text = "".join(
        (project / f"src/digits/{name}.py").read_text() for name in ("hardware", "flavour")
    )
    for backend, about in FACTS["backends"].items():
        assert (about["gpus"] in text) == (backend in wanted)


def test_hardware_changes_what_is_about_hardware() -> None:
    cpu = files_of(rendered(hardware="cpu"))
    gpu = files_of(rendered(hardware="gpu"))
    changed = {name for name in cpu if cpu[name].read_bytes() != gpu[name].read_bytes()}
    assert changed == {".copier-answers.yml", ".github/workflows/ci.yml", "README.md"} | {
        "pyproject.toml",
        *(f"src/digits/{name}.py" for name in ("__init__", "doctor", "flavour")),
        "tests/test_imports.py",
    }


@pytest.mark.parametrize("answers", list(flavour_answers()), ids=lambda a: "-".join(a.values()))
def test_ruff_refuses_every_other_keras(answers: dict, tmp_path: Path) -> None:
    project = render(tmp_path, package_name="digits", **answers)
    root = FACTS["flavours"][answers["keras"]]["root"].format(package="digits")
    others = {f["root"] for f in FACTS["flavours"].values() if "{" not in f["root"]} - {root}
    mine = project / "src/digits/mine"
    mine.mkdir()
    refused = sorted(others | set(FACTS["private"]))
    for index, other in enumerate([*refused, root]):
        (mine / f"of_{index}.py").write_text(f"from {other} import layers\n", "utf-8")
    found = ruff(project, "check", "--select", "TID251", "--output-format", "concise", "src")
    lines = found.stdout.splitlines()
    for index, other in enumerate(refused):
        (line,) = (line for line in lines if f"of_{index}.py:1:" in line)
        assert f"`from {root} import ...`" in line, other
    assert f"of_{len(refused)}.py" not in found.stdout


def test_ruff_refuses_tensorflow_keras_as_an_attribute(tmp_path: Path) -> None:
    project = render(tmp_path, package_name="digits")
    (project / "src/digits/mine.py").write_text(
        "import tensorflow as tf\n\nlayer = tf.keras.layers.Dense(1)\nx = tf.constant(1)\n", "utf-8"
    )
    found = ruff(project, "check", "--select", "TID251", "--output-format", "concise")
    assert found.stdout.count("TID251") == 1
    assert "mine.py:3" in found.stdout


def test_a_choice_is_never_renamed() -> None:
    # A renamed id silently falls back to the default when a project is updated: only add to these.
    assert {"keras", "tensorflow.keras", "tf_keras", "portable"} <= set(FACTS["flavours"])
    assert {"tensorflow", "jax", "torch"} <= set(FACTS["backends"])
    assert {"cpu", "gpu"} <= set(FACTS["hardware"])
    assert {"3.10", "3.11", "3.12", "3.13"} <= set(FACTS["python"])
    assert {"digits", "images", "table"} <= set(FACTS["data"])
    assert {"mlp", "convnet", "recurrent"} <= {example["model"] for example in EXAMPLES}
    for name, ids in {
        "ci": {"github", "gitlab", "none"},
        "license": {"Apache-2.0", "MIT", "BSD-3-Clause", "Proprietary"},
        "validate": {"full", "static", "skip"},
    }.items():
        assert ids <= set(QUESTIONS[name]["choices"].values())


OF_DATA = {"digits": "open_memmap", "images": "image_size", "table": "load_diabetes"}


@pytest.mark.parametrize("data", FACTS["data"])
def test_a_project_speaks_of_its_own_data_alone(data: str) -> None:
    text = "".join(path.read_text("utf-8") for path in rendered(data=data).glob("**/*.py"))
    assert {name for name, word in OF_DATA.items() if word in text} == {data}
    assert ("PIL" in text) == (data != "table")
    assert ("Normalization(" in text.replace("BatchNormalization(", "")) == (data == "table")


def test_a_library_has_no_upper_bound_on_python() -> None:
    bounds = {
        keras: tomllib.loads((rendered(keras=keras) / "pyproject.toml").read_text("utf-8"))
        for keras in ("keras", "portable")
    }
    assert bounds["portable"]["project"]["requires-python"] == ">=3.11"
    assert bounds["keras"]["project"]["requires-python"] == ">=3.11,<3.14"


@pytest.mark.parametrize(("data", "precision"), [("images", "mixed_float16"), ("table", "float32")])
def test_a_number_of_any_size_is_predicted_in_float32(data: str, precision: str) -> None:
    flavour = (rendered(data=data, hardware="gpu") / "src/digits/flavour.py").read_text("utf-8")
    assert f'PRECISION = "{precision}"' in flavour


@pytest.mark.parametrize("hardware", FACTS["hardware"])
def test_the_image_does_not_run_as_root(hardware: str) -> None:
    lines = (rendered(hardware=hardware, container=True) / "Dockerfile").read_text("utf-8")
    before, after = lines.split("\nUSER 1000\n")
    assert after.strip().startswith("ENTRYPOINT ")
    assert "RUN mkdir runs && chown 1000 runs" in before
    assert "UV_PYTHON_INSTALL_DIR=/app/" in before  # /root is closed to others


@pytest.mark.parametrize(
    ("backend", "driver"), [("tensorflow", "525"), ("jax", "580"), ("torch", "580")]
)
def test_the_least_driver_is_told(backend: str, driver: str) -> None:
    project = rendered(backend=backend, hardware="gpu")
    assert f"NVIDIA's driver, {driver} or newer" in (project / "README.md").read_text("utf-8")
    doctor = (project / "src/digits/doctor.py").read_text("utf-8")
    assert f"nvidia-smi prints the GPU, and a version from {driver} on" in doctor


def gpus(backend: str, framework: object) -> list[str]:
    """What a project's `gpus` finds with such a framework."""
    return eval(FACTS["backends"][backend]["gpus"], {"framework": framework})  # noqa: S307


class Device:
    """A device as JAX describes it."""

    def __init__(self, platform: str) -> None:
        self.platform = platform

    def __str__(self) -> str:
        return f"{self.platform}:0"


@pytest.mark.parametrize(("platform", "names"), [("tpu", ["tpu:0"]), ("cpu", [])])
def test_jax_finds_more_than_gpus_of_nvidia(platform: str, names: list[str]) -> None:
    framework = SimpleNamespace(devices=lambda: [Device(platform)])
    assert gpus("jax", framework) == names


@pytest.mark.parametrize(("device", "names"), [("mps", ["mps"]), ("cuda", ["cuda"]), (None, [])])
def test_pytorch_finds_the_gpus_of_apple(device: str | None, names: list[str]) -> None:
    accelerator = SimpleNamespace(current_accelerator=lambda check_available: device)
    assert gpus("torch", SimpleNamespace(accelerator=accelerator)) == names
