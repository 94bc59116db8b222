"""A project that got its owner's data, model and task, as its README says, stays right."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from own_data import IMAGES, TABLE
from projects import Made, environment_of
from rendering import render

# The projects of the sample have images and tables by themselves; the scheduled tests replace them.
pytestmark = [pytest.mark.slow, pytest.mark.rest]


def bring(project: Path, title: str) -> None:
    """Do what a section of the README says: replace functions, add imports."""
    readme = (project / "README.md").read_text("utf-8")
    (section,) = re.findall(rf"^### {title}.*?\n(.*?)^##", readme, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"In `(\w+\.py)`[^\n]*\n\n```python\n(.*?)```", section, re.DOTALL)
    assert blocks
    for name, code in blocks:
        path = project / "src/digits" / name
        path.write_text(with_functions(path.read_text("utf-8"), code), "utf-8")


def with_functions(text: str, code: str) -> str:
    """Replace functions by those of the same name, and put the code's imports below the others."""
    lines = code.splitlines(keepends=True)
    parts = {
        node.name: "".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef)
    }
    imports = code[: code.index("def ")].strip()
    for name, part in parts.items():
        (node,) = (n for n in ast.parse(text).body if getattr(n, "name", "") == name)
        old = text.splitlines(keepends=True)
        text = "".join([*old[: node.lineno - 1], part, *old[node.end_lineno :]])
    last = [n for n in ast.parse(text).body if isinstance(n, (ast.Import, ast.ImportFrom))][-1]
    old = text.splitlines(keepends=True)
    return "".join([*old[: last.end_lineno], imports, "\n\n", *old[last.end_lineno :]])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def folder_of_images(project: Path) -> str:
    bring(project, "A folder of images")
    model = project / "src/digits/model.py"
    edit(model, '"flatten")(inputs)', '"flatten")(layers.Rescaling(1 / 255)(inputs))')
    return IMAGES


def table_of_numbers(project: Path) -> str:
    bring(project, "A table")
    return TABLE


def pretrained_backbone(project: Path) -> str:
    bring(project, "A folder of images")
    bring(project, "A pretrained backbone")
    edit(project / "src/digits/model.py", '"imagenet"', "None, alpha=0.35")
    return IMAGES


KERAS_3 = [{"keras": "keras", "backend": name} for name in ("tensorflow", "jax", "torch")]
REPLACEMENTS = [
    (replace, answers)
    for replace in (folder_of_images, table_of_numbers, pretrained_backbone)
    for answers in [*KERAS_3, {"keras": "tf_keras"}, {"keras": "portable", "backend": "tensorflow"}]
]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with what the README's replacements need besides the project's requirements."""
    folder = tmp_path_factory.mktemp("libraries")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
    needed = ["pandas", "python-dateutil", "six", "tzdata", "pytz"]
    subprocess.run([*command, "--no-deps", *needed], check=True)
    subprocess.run([*command, "grain"], check=True)
    return str(folder)


@pytest.mark.parametrize(
    ("replace", "answers"),
    [
        pytest.param(*pair, id=f"{pair[0].__name__}-{'-'.join(pair[1].values())}")
        for pair in REPLACEMENTS
    ],
)
def test_a_replacement_keeps_the_project_right(
    replace: Callable[[Path], str],
    answers: dict[str, Any],
    libraries: str,
    shared: Path,
    tmp_path: Path,
) -> None:
    path = render(tmp_path / "project", package_name="digits", **answers)
    data = replace(path)
    (path / "tests/test_example.py").unlink()
    project = Made(path, environment_of(shared, **answers) / "bin/python", "")
    assert project.run("python", "-c", data).returncode == 0
    paths = {"PYTHONPATH": f"{path / 'src'}:{libraries}"}
    project.run("ruff", "check", "--fix", "--select", "I,F401")
    for command in (
        ["ruff", "check"],
        ["pytest", "-q", "-p", "no:cacheprovider"],
        ["digits", "validate"],
        ["digits", "train", "--epochs", "2"],
        ["digits", "predict"],
    ):
        done = project.run(*command, env=paths)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
