"""Read how long the lines of a project may be, where it tells its formatter or linter."""

from __future__ import annotations

import configparser
import os
from functools import cache

from keras_imports.python.files import UnreadableError, read_bytes
from keras_imports.toml import parse_toml

# The files that may tell it, and for each its tables, those of formatters first.
_TABLES = {
    "pyproject.toml": ("black", "ruff", "yapf", "isort", "flake8", "pycodestyle"),
    "ruff.toml": ("",),
    ".ruff.toml": ("",),
    "setup.cfg": ("flake8", "pycodestyle", "isort"),
    "tox.ini": ("flake8", "pycodestyle"),
    ".flake8": ("flake8",),
}
_KEYS = ("line-length", "line_length", "max-line-length", "max_line_length", "column_limit")
_DEFAULT = {"black": 88, "ruff": 88}


@cache
def line_length(directory: str) -> int | None:
    """Return how long the lines of a directory's files may be; `None` if nothing says so.

    The nearest file that tells it counts, in the directory or in one above it, up to the project's.
    """
    for name, tables in _TABLES.items():
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            found = _told(path, tables)
            if found:
                return found
    above = os.path.dirname(directory)
    if above == directory or os.path.exists(os.path.join(directory, ".git")):
        return None
    return line_length(above)


def _told(path: str, tables: tuple[str, ...]) -> int | None:
    """Return what a file tells; `None` if that is nothing, or cannot be read."""
    try:
        text = read_bytes(path).decode("utf-8")
        if path.endswith(".toml"):
            read = parse_toml(text)
            sections = read.get("tool", {}) if path.endswith("pyproject.toml") else {"": read}
        else:
            parser = configparser.RawConfigParser(strict=False)
            parser.read_string(text)
            sections = {name: dict(parser.items(name)) for name in parser.sections()}
    except (UnreadableError, ValueError, configparser.Error):
        return None
    for table in tables:
        section = sections.get(table)
        if section is None:
            continue
        for key in _KEYS:
            words = str(section.get(key, "")).split()
            if words and words[0].isdigit():
                return int(words[0])
        if table in _DEFAULT:
            return _DEFAULT[table]
    return None
