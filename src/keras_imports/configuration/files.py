"""Find the configuration of a file: the nearest one, in its directory or above."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

from keras_imports.configuration.table import Configuration, parse_table
from keras_imports.python.files import UnreadableError, read_bytes
from keras_imports.toml import parse_toml

OWN = "keras-imports.toml"  # its keys stand in no table
_PROJECT = "pyproject.toml"
_TOOL = "keras-imports"
_MENTIONED = re.compile(rb"keras[-_]?imports?", re.IGNORECASE)


@cache
def nearest(directory: str) -> Configuration:
    """Return the nearest configuration of an absolute directory, an empty one if there is none.

    The search goes up, and ends with a repository. Raise `ValueError`, in one line, for a file that
    is wrong.
    """
    found = _in(directory)
    above = os.path.dirname(directory)
    if found is not None or above == directory or os.path.exists(os.path.join(directory, ".git")):
        return found or Configuration()
    return nearest(above)


def shown_path(file: str) -> str:
    """Return how a file is named to people: from where they are."""
    try:
        return os.path.relpath(file)
    except ValueError:  # it is on another drive
        return file


def _in(directory: str) -> Configuration | None:
    """Return the configuration in a directory, `None` if there is none."""
    found: Configuration | None = None
    for name in (OWN, _PROJECT):
        file = os.path.join(directory, name)
        try:
            table = _table(file)
            if table is None:
                continue
            if found is not None:
                raise ValueError(f"{OWN} stands beside `tool.{_TOOL}`: one of them has to go")
            found = Configuration(file, **parse_table(table, directory))
        except (UnreadableError, ValueError) as error:
            raise ValueError(f"{shown_path(file)}: {error}") from None
    return found


def _table(file: str) -> dict[str, Any] | None:
    """Return the table of a file, `None` if there is no such file or table."""
    is_own = os.path.basename(file) == OWN
    if not (os.path.lexists(file) if is_own else os.path.isfile(file)):
        return None
    data = read_bytes(file)
    if not is_own and not _MENTIONED.search(data):
        return None  # whatever else may be wrong with it
    try:
        read = parse_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"this is no TOML: {error}") from None
    if is_own and "tool" in read:
        raise ValueError(f"its keys stand without `tool.{_TOOL}` before them")
    if not is_own and _TOOL in read:
        raise ValueError(f"`{_TOOL}` has to be `tool.{_TOOL}`")
    return read if is_own else _of_tool(read.get("tool"))


def _of_tool(tools: Any) -> dict[str, Any] | None:
    """Return the table of this tool among those of all; raise `ValueError` for a misspelt one."""
    names = tools if isinstance(tools, dict) else {}
    for name in names:
        if name != _TOOL and _MENTIONED.fullmatch(name.encode()):
            raise ValueError(f"`tool.{name}` is no table of any tool; did you mean `tool.{_TOOL}`?")
    table: Any = names.get(_TOOL)
    if table is not None and not isinstance(table, dict):
        raise ValueError(f"`tool.{_TOOL}` has to be a table")
    return table
