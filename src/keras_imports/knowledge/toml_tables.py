"""Know which values of a pyproject.toml, or of a Pipfile, say what is required.

A value is named by its path: `("project", "dependencies")`. Some are lists of requirements. Others
are tables that have a row for each requirement: its name, and its version or where to take it from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keras_imports.toml import parse_toml

Path = tuple[str, ...]
NameOf = Callable[[str], object]  # the name in a requirement, if it is one that is of interest

# Lists that are not called dependencies, and what of all is below them.
_LISTS = (
    ("build-system", "requires"),
    ("tool", "flit", "metadata", "requires"),
    ("tool", "flit", "metadata", "dev-requires"),
    ("tool", "flit", "metadata", "requires-extra"),
)
# Tables that are not called dependencies.
_TABLES = (("tool", "pdm", "overrides"), ("tool", "pdm", "resolution", "overrides"))
# The table that says where a distribution comes from, whatever release is required.
SOURCES = ("tool", "uv", "sources")
# The table of extras, each a list of names that are required elsewhere in the file.
EXTRAS = ("tool", "poetry", "extras")
_NO_PACKAGES = ("source", "requires", "scripts", "pipenv")  # all other tables of a Pipfile are some


def is_list(path: Path) -> bool:
    """Return whether a list at a path of a pyproject.toml is one of requirements."""
    if is_poetry(path):
        return path[-1].endswith("dependencies")
    if any(path[: len(each)] == each for each in _LISTS):
        return True
    return any(part.endswith("dependencies") or part == "dependency-groups" for part in path)


def is_table(path: Path) -> bool:
    """Return whether a table at a path of a pyproject.toml has a row for each requirement."""
    return bool(path) and (path[-1].endswith("dependencies") or path in (*_TABLES, SOURCES))


def is_poetry(path: Path) -> bool:
    """Return whether a path is one of Poetry's, where a row may be a list of alternatives."""
    return path[:2] == ("tool", "poetry")


def is_packages(name: str) -> bool:
    """Return whether a table of a Pipfile has a row for each requirement."""
    return name not in _NO_PACKAGES


def row_of(path: Path, is_row: bool, name_of: NameOf) -> int | None:
    """Return which part of a path is the name of a requirement, the row of a table.

    `is_row` tells whether the value at the path is no list, as most rows are.
    """
    for index in range(1, len(path)):
        may_be_list = index < len(path) - 1 or is_poetry(path) or path[:index] == SOURCES
        if is_table(path[:index]) and (is_row or may_be_list) and name_of(path[index]):
            return index
    return None


def required_in_pyproject(text: str, name_of: NameOf) -> list[str]:
    """Return the requirements of a pyproject.toml that are of interest, as pip would write them.

    Raise `ValueError` if it is no TOML.
    """
    return [*_required((), parse_toml(text), name_of)]


def required_in_pipfile(text: str, name_of: NameOf) -> list[str]:
    """Return the requirements of a Pipfile that are of interest, as pip would write them.

    Raise `ValueError` if it is no TOML.
    """
    return [
        f"{key}{_specifier(row)}"
        for name, table in parse_toml(text).items()
        if is_packages(name) and isinstance(table, dict)
        for key, row in table.items()
        if name_of(key)
    ]


def requirement_files(text: str) -> list[str]:
    """Return the files that a pyproject.toml has setuptools read requirements from.

    Raise `ValueError` if it is no TOML.
    """
    value = _at(("tool", "setuptools", "dynamic"), text)
    dynamic = value if isinstance(value, dict) else {}
    extras = dynamic.get("optional-dependencies")
    rows = [dynamic.get("dependencies"), *(extras.values() if isinstance(extras, dict) else ())]
    files = [row.get("file") for row in rows if isinstance(row, dict)]
    named = [name for file in files for name in (file if isinstance(file, list) else [file])]
    return [name for name in named if isinstance(name, str)]


def sources(text: str, name: str) -> list[dict[str, Any]]:
    """Return the tables that say where uv has a distribution from, one for each source.

    Raise `ValueError` if it is no TOML.
    """
    row = _at((*SOURCES, name), text)
    return [each for each in (row if isinstance(row, list) else [row]) if isinstance(each, dict)]


def _at(path: Path, text: str) -> object:
    """Return the value at a path of a file, `None` where there is none."""
    value: Any = parse_toml(text)
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _required(path: Path, value: object, name_of: NameOf) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if row_of((*path, key), not isinstance(inner, list), name_of) == len(path):
                yield f"{key}{_specifier(inner)}"
            else:
                yield from _required((*path, key), inner, name_of)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from _required(path, inner, name_of)
            elif isinstance(inner, str) and is_list(path) and name_of(inner):
                yield inner


def _specifier(row: Any) -> str:
    """Return the specifier in a row, "" where it has none, or several."""
    version = row.get("version") if isinstance(row, dict) else row
    specifier = version.strip("* ") if isinstance(version, str) else ""
    return f"=={specifier}" if specifier[:1].isdigit() else specifier
