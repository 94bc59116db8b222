"""Pieces of Python that follow one another, as one module, and back again."""

from __future__ import annotations

import re
from bisect import bisect_right

from keras_imports.python import sources

_MARK = "__keras_imports_{}_{}__"  # stands for what is not Python, or parts two pieces
_CELL = re.compile(rf"^{_MARK.format('cell', '[0-9]+')}\n", re.MULTILINE)
_MAGIC = re.compile(_MARK.format("magic", "([0-9]+)"))
_TIMED = re.compile(_MARK.format("timed", "([0-9]+)") + ";")

# A magic whose argument is a statement, after options such as `-n 10`.
_OF_STATEMENT = re.compile(r"%(?:time|timeit|prun|memit)\s+(?:-[a-z]\s*\d*\s+)*")


def is_mark(line: str) -> bool:
    """Whether a line is no Python of the module, but stands for something else."""
    return _MARK.partition("{")[0] in line


class Cells:
    """Pieces of Python. IPython's own syntax in them is kept as it is."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []  # the line of each one's mark
        self._lines = 0
        self.magics: list[str] = []  # the lines that are not Python
        self._timers: list[str] = []  # what stands before statements that a magic runs

    def add(self, text: str) -> None:
        """Take in one more. `SyntaxError` if it is not Python."""
        code = self._python(text)
        if "\r" in code.replace("\r\n", "\n"):
            raise SyntaxError("carriage returns inside of lines")
        sources.parse(code)
        part = f"{_MARK.format('cell', len(self._parts))}\n{code}"
        self._starts.append(self._lines + 1)
        self._lines += part.count("\n") + 1
        self._parts.append(part)

    @property
    def code(self) -> str:
        """All of them as one module."""
        return "\n".join(self._parts)

    def _python(self, code: str) -> str:
        """The code of one with names in the place of IPython's own syntax."""
        blank = sources.without_magics(code)
        if blank == code:
            return code
        lines, blanks = code.split("\n"), blank.split("\n")
        for index, (line, python) in enumerate(zip(lines, blanks, strict=True)):
            if line != python:
                mark = _MARK.format("magic", len(self.magics))
                indent = line[: len(line) - len(line.lstrip())]
                timed = self._timed(line.lstrip())
                if timed:
                    lines[index] = indent + timed
                    continue
                lines[index] = indent + mark if python else f"# {mark}"
                self.magics.append(line)
        return "\n".join(lines)

    def _timed(self, line: str) -> str | None:
        """A line with a name in the place of the magic before its statement, if it is one."""
        magic = _OF_STATEMENT.match(line)
        statement = line[magic.end() :] if magic else ""
        try:
            if magic is None or not sources.parse(statement).body:
                return None
        except SyntaxError:
            return None
        self._timers.append(magic[0])
        return f"{_MARK.format('timed', len(self._timers) - 1)};{statement}"

    def place(self, line: int) -> tuple[int, int]:
        """The number (from 0) of the one that a line of `code` lies in, and the line in it."""
        index = bisect_right(self._starts, line) - 1
        return index, line - self._starts[index]

    def split(self, code: str) -> list[str]:
        """The pieces that `code` has become."""
        *parts, last = _CELL.split(code)[1:]
        parts = [*(part.removesuffix("\n") for part in parts), last]
        return ["\n".join(map(self._with_magics, part.split("\n"))) for part in parts]

    def _with_magics(self, line: str) -> str:
        found = _MAGIC.search(line)
        if found:
            return self.magics[int(found[1])]
        return _TIMED.sub(lambda timed: self._timers[int(timed[1])], line)
