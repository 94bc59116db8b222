"""Notebooks: the code cells in their JSON, as one module, and new code back into the cells."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass

# typeshed does not know these two, which are there in every Python.
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from keras_imports.python.joined_cells import JoinedCells
from keras_imports.python.syntax import syntax_reason

_WORD = re.compile(r"[^\W\d]\w*")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\r\n?|\n")
_ESCAPED = re.compile(r"\\.")
# What stands for one character in a string of JSON.
_CHARACTER = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|.", re.DOTALL)


class BrokenNotebookError(Exception):
    """A file is no notebook; the text is one clear line."""


@dataclass(frozen=True)
class CodeCell:
    """A cell of code. `number` counts all cells of the notebook, from 1.

    `source` is the text as the file has it: a string, or a list of lines.
    """

    number: int
    source: str | list[str]

    @property
    def code(self) -> str:
        """The text of the cell."""
        return "".join(self.source)


def code_cells(decode: Callable[[], Any]) -> list[CodeCell]:
    """Return the code cells of a notebook; none if it is not of Python.

    `decode` gives the notebook as plain lists and dictionaries, and raises `ValueError` if it is no
    JSON. Raise `BrokenNotebookError` for that, and for JSON that is no notebook.
    """
    try:
        notebook = decode()
    except (ValueError, RecursionError):
        raise BrokenNotebookError("broken notebook: not JSON") from None
    if not _is_python(_object(notebook, "the whole")):
        return []
    codes = []
    for number, cell in enumerate(_cells(notebook), 1):
        # Format 3 called the source of a code cell its input.
        source = _object(cell, f"cell {number}").get("source", cell.get("input", ""))
        if "cell_type" not in cell:
            raise BrokenNotebookError(f"broken notebook: cell {number} has no `cell_type`")
        if cell["cell_type"] != "code":
            continue
        if not (isinstance(source, str) or _is_lines(source)):
            what = f"the source of cell {number} is neither a string nor a list of strings"
            raise BrokenNotebookError(f"broken notebook: {what}")
        codes.append(CodeCell(number, source))
    return codes


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook, which format 3 had on worksheets."""
    if "cells" not in notebook and "worksheets" in notebook:
        sheets = _list(notebook["worksheets"], "`worksheets`")
        return [cell for sheet in sheets[:1] for cell in _cells(_object(sheet, "a worksheet"))]
    if "cells" not in notebook:
        raise BrokenNotebookError("broken notebook: JSON, but without a notebook's cells")
    return _list(notebook["cells"], "`cells`")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BrokenNotebookError(f"broken notebook: {what} is no object of JSON")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise BrokenNotebookError(f"broken notebook: {what} is no list")
    return value


def _is_lines(source: object) -> bool:
    return isinstance(source, list) and all(isinstance(line, str) for line in source)


def _is_python(notebook: dict[str, Any]) -> bool:
    """Return whether a notebook is of Python, or does not say."""
    about = _object(notebook.get("metadata") or {}, "`metadata`")
    for entry, key in (("kernelspec", "language"), ("language_info", "name")):
        told = _object(about.get(entry) or {}, f"`metadata.{entry}`")
        if told.get(key, "python") != "python":
            return False
    return True


class _PlacedText(str):
    """A string, and where it stands in the file with its quotes."""

    start: int
    end: int


def _placed(text: str, end: int, strict: bool) -> tuple[str, int]:
    value, after = scanstring(text, end, strict)
    placed = _PlacedText(value)
    placed.start, placed.end = end - 1, after
    return placed, after


class _PlacingDecoder(JSONDecoder):
    """Decodes JSON, each string of it with its place."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _placed
        self.scan_once = py_make_scanner(self)


def placed_code(raw: str) -> list[tuple[int, int]]:
    """Return where the strings of code stand in a notebook's JSON, without their quotes.

    Raise `BrokenNotebookError` for what is no notebook.
    """
    cells = code_cells(lambda: _PlacingDecoder().decode(raw))
    sources = ([cell.source] if isinstance(cell.source, str) else cell.source for cell in cells)
    return [
        (line.start + 1, line.end - 1)
        for source in sources
        for line in source
        if isinstance(line, _PlacedText)
    ]


class CellPlaces:
    """Where the code of a notebook's cells stands in the text of the file itself.

    Raise `BrokenNotebookError` if the text is no notebook.
    """

    def __init__(self, raw: str) -> None:
        self.text = raw
        self._cells = {
            cell.number: [cell.source] if isinstance(cell.source, str) else cell.source
            for cell in code_cells(lambda: _PlacingDecoder().decode(raw))
        }
        self._offsets: dict[int, tuple[list[int], array[int]]] = {}

    def offset(self, cell: int, line: int, column: int) -> int:
        """Return the offset of a line and a column of a cell; all three count from 1."""
        if cell not in self._offsets:
            self._offsets[cell] = self._of_characters(cell)
        lines, offsets = self._offsets[cell]
        return offsets[min(lines[line - 1] + column - 1, len(offsets) - 1)]

    def _of_characters(self, cell: int) -> tuple[list[int], array[int]]:
        """Return which characters of a cell begin its lines, and the offsets of all of them.

        The last offset is that of the end.
        """
        strings = [each for each in self._cells[cell] if isinstance(each, _PlacedText)]
        lines = [0, *(end.end() for end in _LINE_END.finditer("".join(strings)))]
        offsets = array("Q")
        for string in strings:
            written = _CHARACTER.finditer(self.text, string.start + 1, string.end - 1)
            offsets.extend(each.start() for each in written)
        offsets.append(strings[-1].end - 1)
        return lines, offsets

    def is_in_one_string(self, start: int, end: int) -> bool:
        """Return whether nothing but code stands between two offsets."""
        return '"' not in _ESCAPED.sub("", self.text[start:end])

    def quoted(self, code: str) -> str:
        """Return code as it is written within a string of the file."""
        return json.dumps(code, ensure_ascii=self.text.isascii())[1:-1]


class Notebook:
    """A notebook whose code can be changed. Raise `BrokenNotebookError` if it is none.

    `notes` say which cells are no Python; they are left out. `words` are the names in what is no
    Python, which may use those of the code.
    """

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._joined = JoinedCells()
        self._cells: list[CodeCell] = []
        notes: list[str] = []
        left: list[str] = []
        for cell in code_cells(lambda: _PlacingDecoder().decode(raw)):
            try:
                self._joined.add(cell.code)
            except SyntaxError as error:
                notes.append(f"cell {cell.number}: {syntax_reason(error)}")
                left.append(cell.code)
            else:
                self._cells.append(cell)
        self.notes = tuple(notes)
        self.words = frozenset(_WORD.findall("\n".join([*left, *self._joined.magics])))

    @property
    def code(self) -> str:
        """The code of all cells as one module."""
        return self._joined.code

    def place(self, line: int) -> tuple[int, int]:
        """Return the cell (from 1, among all) that a line of `code` is in, and the line there."""
        index, inner = self._joined.place(line)
        return self._cells[index].number, inner

    def with_code(self, code: str) -> str:
        """Return the file with new code in its cells; all else stays as it is."""
        result, position = [], 0
        for cell, new in zip(self._cells, self._joined.split(code), strict=True):
            if new != cell.code:
                start, end, text = self._written(cell.source, new)
                result += [self._raw[position:start], text]
                position = end
        return "".join([*result, self._raw[position:]])

    def _written(self, source: str | list[str], new: str) -> tuple[int, int, str]:
        """Return the place of a cell's source in the file, and what to write there."""
        is_ascii = self._raw.isascii()
        if isinstance(source, _PlacedText):
            return source.start, source.end, json.dumps(new, ensure_ascii=is_ascii)
        old = [line for line in source if isinstance(line, _PlacedText)]
        between = self._raw[old[0].end : old[1].start] if len(old) > 1 else ",\n    "
        written = {str(line): self._raw[line.start : line.end] for line in old}
        lines = [
            written.get(line) or json.dumps(line, ensure_ascii=is_ascii)
            for line in _LINE.findall(new)
        ]
        return old[0].start, old[-1].end, between.join(lines)
