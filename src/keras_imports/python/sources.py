"""Python files and notebooks as parsed sources.

Nothing here raises for bad input: what cannot be read becomes a `Problem`, one clear line.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from keras_imports.python.files import Problem, UnreadableError, read_bytes
from keras_imports.python.magics import without_magics
from keras_imports.python.notebooks import BrokenNotebookError, code_cells
from keras_imports.python.syntax import (
    decode,
    nul_reason,
    parse,
    syntax_reason,
    with_unix_lines,
)


@dataclass(frozen=True)
class Wanted:
    """Which sources are worth parsing, by tests of their bytes and then of their text."""

    in_bytes: Callable[[bytes], bool]
    in_text: Callable[[str], bool]


@dataclass(frozen=True)
class Source:
    """The Python text of a file, with all its line ends as Python sees them.

    `cells` is empty for a plain file; for a notebook it holds, for each code cell, its number
    (counting all cells from 1) and its first line in `text`.
    """

    file: str
    text: str
    tree: ast.Module
    cells: tuple[tuple[int, int], ...] = ()

    @cached_property
    def lines(self) -> list[str]:
        """The lines of `text`."""
        return self.text.split("\n")

    def place(self, line: int) -> tuple[int | None, int]:
        """Return the cell, if any, and the line in it for a line of `text`."""
        cell: int | None = None
        first = 1
        for number, start in self.cells:
            if start > line:
                break
            cell, first = number, start
        return cell, line - first + 1


def read(file: str, wanted: Wanted | None = None) -> tuple[Source | None, list[Problem]]:
    """Return the parsed source of `file`, and what is wrong with it.

    Only what is `wanted` is parsed at all, unless `wanted` is `None`: then everything is.
    """
    try:
        data = read_bytes(file)
    except UnreadableError as error:
        return None, [Problem(file, str(error))]
    is_skipped = wanted is not None and not wanted.in_bytes(data)
    if b"\0" in (data[:4096] if is_skipped else data):
        return None, [Problem(file, *nul_reason(data))]
    if file.endswith(".ipynb"):
        return (None, []) if is_skipped else _read_notebook(file, data, wanted)
    if is_skipped:
        return None, []
    try:
        text, _ = decode(data)
    except UnreadableError as error:
        return None, [Problem(file, str(error))]
    text = with_unix_lines(text).removeprefix("\ufeff")
    if wanted is not None and not wanted.in_text(text):
        return None, []
    return _parsed(file, text)


def _parsed(
    file: str, text: str, cells: tuple[tuple[int, int], ...] = ()
) -> tuple[Source | None, list[Problem]]:
    try:
        return Source(file, text, parse(text), cells), []
    except SyntaxError as error:
        return None, [Problem(file, syntax_reason(error), error.lineno)]


def _read_notebook(
    file: str, data: bytes, wanted: Wanted | None
) -> tuple[Source | None, list[Problem]]:
    try:
        codes = [
            (cell.number, with_unix_lines(cell.code))
            for cell in code_cells(lambda: json.loads(data))
        ]
    except BrokenNotebookError as error:
        return None, [Problem(file, str(error))]
    if wanted is not None and not any(wanted.in_text(code) for _, code in codes):
        return None, []
    problems, starts, parts, line = [], [], [], 1
    for number, raw in codes:
        code = without_magics(raw)
        try:
            parse(code)
        except SyntaxError as error:
            problems.append(Problem(file, syntax_reason(error), error.lineno, number))
            code = ""
        starts.append((number, line))
        parts.append(code)
        line += code.count("\n") + 1
    source, more = _parsed(file, "\n".join(parts), tuple(starts))
    return source, problems + more
