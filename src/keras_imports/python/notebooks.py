"""The code of a notebook as one module, and back into its cells."""

from __future__ import annotations

import json
import re
from json.decoder import JSONDecoder, scanstring
from json.scanner import py_make_scanner

from keras_imports.python import sources
from keras_imports.python.cells import Cells

_WORD = re.compile(r"[^\W\d]\w*")


class CannotReadError(Exception):
    """The file is no notebook; the text is one clear line."""


class _Text(str):
    """A string and its place in the file."""

    start: int
    end: int


def _spanned(text: str, end: int, strict: bool) -> tuple[str, int]:
    value, after = scanstring(text, end, strict)
    found = _Text(value)
    found.start, found.end = end - 1, after
    return found, after


class Notebook:
    """The code cells of a notebook of Python, of no other. `CannotReadError` if it is broken."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._code = Cells()
        notes: list[str] = []
        left: list[str] = []
        self.cells: list[tuple[int, object]] = []  # the number and the source of each code cell
        decoder = JSONDecoder()
        decoder.parse_string = _spanned  # type: ignore[assignment]
        decoder.scan_once = py_make_scanner(decoder)
        try:
            notebook = decoder.decode(raw)
            cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
            codes = [
                (number, source, "".join(source))
                for number, cell in enumerate(cells, 1)
                if cell["cell_type"] == "code" and _is_python(notebook)
                for source in [cell.get("source", cell.get("input", ""))]
            ]
        except (ValueError, RecursionError):
            raise CannotReadError("broken notebook: not JSON") from None
        except (KeyError, IndexError, TypeError, AttributeError):
            raise CannotReadError("broken notebook: JSON, but without a notebook's cells") from None
        for number, source, code in codes:
            try:
                self._code.add(code)
            except SyntaxError as error:
                notes.append(f"cell {number}: {sources.syntax_reason(error)}")
                left.append(code)
                continue
            self.cells.append((number, source))
        self.notes = tuple(notes)
        # What is not Python uses names, too.
        self.words = frozenset(_WORD.findall("\n".join([*left, *self._code.magics])))

    @property
    def code(self) -> str:
        """The code of all cells as one module."""
        return self._code.code

    def place(self, line: int) -> tuple[int, int]:
        """Return the cell (from 1, among all) that a line of `code` is in, and the line there."""
        index, inner = self._code.place(line)
        return self.cells[index][0], inner

    def with_code(self, code: str) -> str:
        """The file with new code in its cells; all else stays as it is."""
        parts = self._code.split(code)
        result, position = [], 0
        for new, (_, source) in zip(parts, self.cells, strict=True):
            old = source if isinstance(source, str) else "".join(source)  # type: ignore[arg-type]
            if new == old:
                continue
            start, end, text = self._written(source, new)
            result += [self.raw[position:start], text]
            position = end
        return "".join([*result, self.raw[position:]])

    def _written(self, source: object, new: str) -> tuple[int, int, str]:
        """The place of a cell's source in the file, and what to write there."""
        is_ascii = self.raw.isascii()
        if isinstance(source, _Text):
            return source.start, source.end, json.dumps(new, ensure_ascii=is_ascii)
        first, last = source[0], source[-1]  # type: ignore[index]
        between = ",\n    "
        if len(source) > 1:  # type: ignore[arg-type]
            between = self.raw[first.end : source[1].start]  # type: ignore[index]
        olds = {str(line): self.raw[line.start : line.end] for line in source}  # type: ignore
        lines = [
            olds.get(line) or json.dumps(line, ensure_ascii=is_ascii)
            for line in re.findall(r"[^\n]*\n|[^\n]+", new)
        ]
        return first.start, last.end, between.join(lines)


def _is_python(notebook: dict) -> bool:
    """Whether a notebook is of Python, or does not say."""
    about = notebook.get("metadata") or {}
    told = ((about.get("kernelspec"), "language"), (about.get("language_info"), "name"))
    return {(entry or {}).get(key, "python") for entry, key in told} == {"python"}
