"""Pieces of Python that follow one another, such as a notebook's cells, joined to one module.

A line that holds nothing but a certain name begins each piece, so that a module that was changed
since can be split into them again. Names stand for IPython's own syntax as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from keras_imports.python.magics import split_statement, without_magics
from keras_imports.python.syntax import parse

_RESERVED = "__keras_imports_"
_MARK = _RESERVED + "{}_{}__"  # stands for what is not Python, or parts two pieces
_CELL = re.compile(rf"^{_MARK.format('cell', '[0-9]+')}\n", re.MULTILINE)
_MAGIC = re.compile(_MARK.format("magic", "([0-9]+)"))
_TIMED = re.compile(_MARK.format("timed", "([0-9]+)") + ";")


def is_mark(text: str) -> bool:
    """Return whether a text is no Python of a module, but stands for something else."""
    return _RESERVED in text


class JoinedCells:
    """Pieces of Python as one module. `magics` are the lines of them that are not Python."""

    def __init__(self) -> None:
        self.magics: list[str] = []
        self._parts: list[str] = []
        self._starts: list[int] = []  # the line of each one's mark
        self._lines = 0
        self._timers: list[str] = []  # the magics that stand before statements they run

    def add(self, text: str) -> None:
        """Add a piece; raise `SyntaxError` if it is not Python."""
        if is_mark(text):
            raise SyntaxError(f"only keras-imports writes `{_RESERVED}`, to find its way back")
        code = self._python(text)
        if "\r" in code.replace("\r\n", "\n"):
            raise SyntaxError("carriage returns inside of lines")
        parse(code)
        part = f"{_MARK.format('cell', len(self._parts))}\n{code}"
        self._starts.append(self._lines + 1)
        self._lines += part.count("\n") + 1
        self._parts.append(part)

    @property
    def code(self) -> str:
        """All pieces as one module."""
        return "\n".join(self._parts)

    def _python(self, code: str) -> str:
        """Return the code of a piece with names in the place of IPython's own syntax."""
        blank = without_magics(code)
        if blank == code:
            return code
        lines = code.split("\n")
        for index, (line, python) in enumerate(zip(lines, blank.split("\n"), strict=True)):
            if line == python:
                continue
            statement = line.lstrip()
            indent = line[: len(line) - len(statement)]
            timed = split_statement(statement)
            if timed is not None:
                timer, statement = timed
                lines[index] = f"{indent}{_MARK.format('timed', len(self._timers))};{statement}"
                self._timers.append(timer)
            else:
                mark = _MARK.format("magic", len(self.magics))
                does = "" if python.strip() == "pass" else f"{python.strip()}; "
                lines[index] = f"{indent}{does}{mark}" if python else f"# {mark}"
                self.magics.append(line)
        return "\n".join(lines)

    def place(self, line: int) -> tuple[int, int]:
        """Return the piece (from 0) that a line of `code` lies in, and the line in it (from 1)."""
        index = bisect_right(self._starts, line) - 1
        return index, line - self._starts[index]

    def split(self, code: str) -> list[str]:
        """Return the pieces that `code`, changed since, has become."""
        *parts, last = _CELL.split(code)[1:]
        parts = [*(part.removesuffix("\n") for part in parts), last]
        return ["\n".join(map(self._with_magics, part.split("\n"))) for part in parts]

    def _with_magics(self, line: str) -> str:
        magic = _MAGIC.search(line)
        if magic:
            return self.magics[int(magic[1])]
        return _TIMED.sub(lambda timed: self._timers[int(timed[1])], line)
