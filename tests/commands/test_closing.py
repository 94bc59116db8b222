"""What may tell the age of code and cannot be read is a problem of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keras_imports.cli import main

CODE = "from keras.layers import Dense\nDense(3, kernel_initializer='uniform')\n"
BROKEN = '[project]\ndependencies = ["keras==2.2.4"\n'


def said(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, *options: str
) -> tuple[int, list[str]]:
    code = main([command, str(folder), *options])
    return code, [each for each in capsys.readouterr().err.splitlines() if "pyproject" in each]


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("migrate", "--to=keras"), ("migrate", "--to=keras", "--dependencies")],
)
@pytest.mark.parametrize("kind", ["no TOML", "a pipe"])
def test_a_pyproject_that_cannot_be_read_is_said(
    kind: str, arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "module.py").write_text(CODE)
    if kind == "a pipe":
        os.mkfifo(tmp_path / "pyproject.toml")
    else:
        (tmp_path / "pyproject.toml").write_text(BROKEN)
    code, (line,) = said(tmp_path, capsys, *arguments)
    assert code == 2
    assert line.startswith(f"{os.path.relpath(tmp_path / 'pyproject.toml')}: ") or "left" in line


@pytest.mark.parametrize(
    "arguments",
    [("check", "--installed=keras==2.2.4"), ("migrate", "--to=keras", "--from=keras==2.2.4")],
)
def test_it_is_not_said_where_it_does_not_matter(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "module.py").write_text(CODE)
    (tmp_path / "pyproject.toml").write_text(BROKEN)
    assert said(tmp_path, capsys, *arguments) == (0, [])


@pytest.mark.parametrize(
    ("code", "text"),
    [("import numpy\n", BROKEN), (CODE, "[project\n# of {{ cookiecutter.name }}\n")],
)
def test_it_is_not_said_of_what_has_nothing_to_do_with_keras(
    code: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "module.py").write_text(code)
    (tmp_path / "pyproject.toml").write_text(text)
    assert said(tmp_path, capsys, "check") == (0, [])
