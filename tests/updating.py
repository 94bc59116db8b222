"""Projects under version control that a user works on, and real updates of them."""

from __future__ import annotations

import ast
import functools
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
from rendering import plain_template, remember_what_does_not_change

PACKAGE = "digits"
IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
KERAS = ("keras", "tensorflow.keras", "tf_keras", f"{PACKAGE}.keras_flavour")

# Modules in the forms that people write; {root} stands for the project's Keras.
MODULES = {
    "src/digits/attributes.py": """\
import keras


def dense():
    return keras.layers.Dense(3)
""",
    "src/digits/of_tensorflow.py": """\
from tensorflow import keras


class Mine(keras.layers.Layer):
    pass
""",
    "scripts/chain.py": """\
import tensorflow as tf

layer = tf.keras.layers.BatchNormalization(momentum=0.9)
""",
    "scripts/names.py": """\
from {root}.layers import BatchNormalization, Dense

print(BatchNormalization, Dense)
""",
    "tests/test_mine.py": """\
from {root} import layers as kl


def test_mine():
    assert kl.Dense(3).units == 3  # mine
""",
}
# In a portable project the names below the root are attributes and no modules.
PORTABLE = {"scripts/names.py": "from {root} import layers\n\nprint(layers.Dense)\n"}
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["from keras\n"]}],
            "source": ["%matplotlib inline\n", "from {root} import layers\n", "layers.Dense(3)"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody; give what it prints."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def commit(folder: Path) -> None:
    """Commit everything."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")
    git(folder, "gc", "--quiet")  # a test clones and copies it: one file instead of hundreds


@functools.cache
def committed_template() -> Path:
    """The template as it is in the working tree, as a repository of one commit."""
    return fork_template(Path(tempfile.mkdtemp(prefix="copier-keras-")) / "template")


def fork_template(template: Path) -> Path:
    """Make a repository of the template that a test may change."""
    shutil.copytree(plain_template(), template, ignore=shutil.ignore_patterns("__pycache__"))
    git(template, "init", "--quiet")
    commit(template)
    return template


def copy(
    destination: Path,
    template: Path | None = None,
    vcs_ref: str = "HEAD",
    answers_file: str | None = None,
    **answers: Any,
) -> Path:
    """Copy a project and commit it, in the repository that it is in or one of its own."""
    remember_what_does_not_change()
    data = {"package_name": PACKAGE, "project_name": "Digits", "validate": "skip", **answers}
    template = template or committed_template()
    options = {"defaults": True, "quiet": True, "unsafe": True, "vcs_ref": vcs_ref}
    options["answers_file"] = answers_file
    copier.run_copy(str(template), destination, data=data, **options)
    known = subprocess.run(["git", "rev-parse"], cwd=destination, capture_output=True)
    if known.returncode:
        git(destination, "init", "--quiet")
    commit(destination)
    return destination


def update(
    project: Path,
    vcs_ref: Any = copier.VcsRef.CURRENT,
    given: dict[str, Any] | None = None,
    **answers: Any,
) -> None:
    """Update a project, by default to other answers of the same version.

    `given` are other options of Copier's.
    """
    remember_what_does_not_change()
    options = {"defaults": True, "overwrite": True, "quiet": True, "unsafe": True, **(given or {})}
    copier.run_update(project, data=answers, vcs_ref=vcs_ref, **options)


def state_of(project: Path) -> dict[str, object]:
    """All that is in a project, and its index."""
    there: dict[str, object] = {"index": git(project, "ls-files", "--stage")}
    for path in project.rglob("*"):
        name = path.relative_to(project).as_posix()
        if name.split("/")[0] != ".git":
            mode = path.lstat().st_mode
            there[name] = (mode, path.read_bytes()) if path.is_file() else mode
    return there


def take_back(command: str) -> tuple[int, str]:
    """Run the command that takes an update back; give its exit code and what it says."""
    done = subprocess.run(command, shell=True, capture_output=True, text=True)  # noqa: S602
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def edit(path: Path, *replacements: tuple[str, str]) -> None:
    """Replace what must be there."""
    text = path.read_text("utf-8")
    for old, new in replacements:
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def work(project: Path, root: str) -> None:
    """Do what users do, all of it beside the lines that a flavour changes, and commit it."""
    package = project / "src" / PACKAGE
    edit(
        package / "model.py",
        (
            f"from {root} import Model, layers\n",
            f"from {root} import Model, layers, regularizers\n",
        ),
        ("use_bias=False,", "use_bias=False, kernel_regularizer=regularizers.L2(),"),
    )
    edit(
        package / "training.py",
        (f"from {root} import callbacks", f"# Ours.\nfrom {root} import callbacks"),
        ("import compile_model", "import make_ready"),
        ("    compile_model(", "    make_ready("),
    )
    edit(
        package / "task.py",
        # A name more in the import, a line right below it, and a function renamed.
        (f"from {root} import Model", f"from {root} import Model, losses"),
        ("from digits.data import", "from digits.config import Config\nfrom digits.data import"),
        ("def compile_model(", "def make_ready("),
    )
    edit(
        package / "hardware.py",
        ("mixed_precision\n\nfrom digits", "mixed_precision\n\nLIMIT = 2\n\nfrom digits"),
    )
    edit(package / "validation.py", ("compile_model", "make_ready"))
    edit(project / "tests/test_contract.py", ("compile_model", "make_ready"))
    edit(
        project / "tests/test_example.py",
        (f"from {root} import mixed", f"from {root} import callbacks, mixed"),
        ("compile_model", "make_ready"),
    )
    edit(
        project / "pyproject.toml",
        ("dependencies = [\n", 'dependencies = [\n    "einops>=0.8",\n'),
        ("\n]\n\n[project.scripts]", '\n    "pandas>=2",\n]\n\n[project.scripts]'),
        ('"ruff==0.17.5",\n', '"ruff==0.17.5",\n    "hypothesis>=6",\n'),
        ('digits.cli:main"\n', 'digits.cli:main"\nmine = "digits.attributes:dense"\n'),
        (
            "a test's name says what it shows\n",
            'a test\'s name says what it shows\n"scripts/**" = ["D"]\n',
        ),
        ("line-length = 100\n", 'line-length = 100\ntarget-version = "py311"\n'),
    )
    readme = project / "README.md"
    edit(
        readme,
        ("\n\nIt uses", "\n\nWritten for our data.\n\nIt uses"),
        ("what is wrong with it |\n", "what is wrong with it |\n| `mine` | is ours |\n"),
        ("Every module imports it", "Every module of ours imports it"),
    )
    readme.write_text(readme.read_text("utf-8") + "\n## Ours\n\nA section.\n", "utf-8")
    modules = MODULES | (PORTABLE if root.startswith(PACKAGE) else {})
    for name, text in modules.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text.replace("{root}", root), "utf-8")
    (project / "notebooks").mkdir()
    notebook = json.dumps(NOTEBOOK, indent=1).replace("{root}", root)
    (project / "notebooks/look.ipynb").write_text(notebook + "\n", "utf-8")
    (project / "tests/test_gpu.py").unlink()
    commit(project)


def imported(path: Path) -> Iterator[str]:
    """The qualified names of what a module or notebook imports from a Keras, wherever it does."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = ("".join(cell["source"]) for cell in json.loads(text)["cells"])
        text = "\n".join(line for cell in cells for line in cell.split("\n") if line[:1] != "%")
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "tf.keras":
            names = ["tensorflow.keras"]
        yield from (name for name in names if f"{name}.".startswith(tuple(f"{k}." for k in KERAS)))
