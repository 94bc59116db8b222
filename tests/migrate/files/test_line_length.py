"""How long lines may be, as projects tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_imports.migrate.files.line_length import line_length


@pytest.mark.parametrize(
    ("file", "text", "length"),
    [
        ("pyproject.toml", "[tool.black]\nline-length = 100\n", 100),
        ("pyproject.toml", "[tool.black]\n", 88),
        ("pyproject.toml", "[tool.ruff]\nline-length = 79\n[tool.ruff.lint]\n", 79),
        ("pyproject.toml", '[project]\nname = "x"\n', None),
        ("pyproject.toml", "[tool.black\n", None),
        ("setup.cfg", "[flake8]\nmax-line-length = 120  # wide\n", 120),
        ("tox.ini", "[pycodestyle]\nmax_line_length=90\n", 90),
        (".flake8", "[flake8]\nmax-line-length = many\n", None),
        ("ruff.toml", "line-length = 60\n", 60),
    ],
)
def test_what_files_tell(file: str, text: str, length: int | None, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / file).write_text(text, "utf-8")
    (tmp_path / "package").mkdir()
    line_length.cache_clear()
    assert line_length(str(tmp_path / "package")) == length
