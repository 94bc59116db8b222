"""Edits of a text that leave everything else as it is, and may lie inside one another."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_LINE_END = re.compile("\n")
_WORD = re.compile(r"\w+")
_IN_NAME = re.compile(r"[\w.]")  # what a name does not begin behind


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the original text, by offsets in characters. Edits inside it still apply."""

    start: int
    end: int


class Placeholder:
    """What becomes text only when edits are applied, such as a name that depends on the imports.

    Subclasses say what it stands for; whoever applies the edits writes it.
    """

    __slots__ = ()


Piece = str | Span | Placeholder
Write = Callable[[Placeholder], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands between two offsets is replaced by pieces, joined."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


class Text:
    """A module's text, with the places of its syntax tree in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._had: dict[str, bool] = {}
        self._followed: dict[tuple[str, re.Pattern[str]], list[int]] = {}

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *[end.end() for end in _LINE_END.finditer(self.text)]]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line (from 1) and a column (from 0, in UTF-8 bytes)."""
        start = self._starts[line - 1]
        if self.text.isascii():
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands."""
        return Span(
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def start_of(self, line: int) -> int:
        """Return the offset at which a line (from 1) starts."""
        return self._starts[line - 1]

    def line(self, number: int) -> str:
        """Return a line (from 1), without its end."""
        start = self._starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column, both from 1, of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def places(self, name: str) -> Sequence[int]:
        """Return where a name stands as a whole word."""
        return self._words.get(name, ())

    def followed(self, name: str, follows: re.Pattern[str]) -> list[int]:
        """Return where a name, maybe with dots, stands by itself and `follows` matches behind it.

        That is found out once for each name.
        """
        if (name, follows) not in self._followed:
            text, leaf = self.text, name.rpartition(".")[2]
            starts = (place + len(leaf) - len(name) for place in self.places(leaf))
            self._followed[name, follows] = [
                start
                for start in starts
                if start >= 0
                and text.startswith(name, start)
                and not _IN_NAME.match(text[start - 1 : start])
                and follows.match(text, start + len(name))
            ]
        return self._followed[name, follows]

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """The places of each word: as many names are asked for as the text is long."""
        words: dict[str, list[int]] = {}
        for word in _WORD.finditer(self.text):
            words.setdefault(word[0], []).append(word.start())
        return words

    def has(self, pattern: str) -> bool:
        """Return whether a regular expression, one of a few, matches somewhere."""
        if pattern not in self._had:
            self._had[pattern] = re.search(pattern, self.text) is not None
        return self._had[pattern]

    def line_before(self, offset: int) -> str:
        """Return what stands on the line before an offset."""
        return self.text[self.text.rfind("\n", 0, offset) + 1 : offset]

    def indent(self, offset: int) -> str:
        """Return the white space that the line of an offset begins with."""
        line = self.line_before(offset)
        return line[: len(line) - len(line.lstrip())]

    def line_around(self, span: Span) -> tuple[int, int]:
        """Return the offsets of the whole lines that a span lies on, with their last line end."""
        end = self.text.find("\n", span.end)
        return self.text.rfind("\n", 0, span.start) + 1, end + 1 if end >= 0 else len(self.text)

    def comment_after(self, node: ast.AST) -> str:
        """Return the comment beside the last line of a statement, "" without one."""
        span = self.span(node)
        rest = self.text[span.end : self.line_around(span)[1]].strip()
        return rest if rest.startswith("#") else ""

    def of(self, node: ast.AST) -> str:
        """Return the text of a node."""
        span = self.span(node)
        return self.text[span.start : span.end]


def _refuse(placeholder: Placeholder) -> str:
    raise ValueError(f"nothing says how {placeholder} is written")


def apply(text: str, edits: Iterable[Edit], write: Write = _refuse) -> str:
    """Return the text with all edits made; `write` gives the text of a placeholder.

    An edit inside another one is made where that one keeps the piece that it lies in, and is
    dropped with the rest. Of several edits of the same span the first one counts. Raise
    `ValueError` for a placeholder if there is no `write`.
    """
    return apply_and_follow(text, edits, write)[0]


def apply_and_follow(
    text: str, edits: Iterable[Edit], write: Write = _refuse
) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with all edits made, and pairs of offsets before and after.

    The pairs are those of the start of the text and, in order, of the end of each outermost edit.
    """
    new, offsets, _ = apply_and_map(text, edits, write)
    return new, offsets


def apply_and_map(
    text: str, edits: Iterable[Edit], write: Write = _refuse
) -> tuple[str, list[tuple[int, int]], list[Copied]]:
    """Return the same as `apply_and_follow`, and what of the text is kept, wherever it is now."""
    ordered = sorted(edits, key=lambda edit: (edit.start, -edit.end))
    result = _Result([], write)
    _apply(text, Span(0, len(text)), ordered, result, is_outermost=True)
    copied = sorted(result.copied, key=lambda piece: piece.start)  # an edit may move a piece
    return "".join(result.parts), result.followed, copied


def outermost(text: str, edits: Iterable[Edit], write: Write = _refuse) -> Iterator[Edit]:
    """Yield edits, none inside another one, that do the same; each has one piece of text."""
    ordered = sorted(edits, key=lambda edit: (edit.start, -edit.end))
    while ordered:
        span = Span(ordered[0].start, ordered[0].end)
        inner = [edit for edit in ordered if edit.start < max(span.end, span.start + 1)]
        result = _Result([], write)
        _apply(text, span, inner, result, is_outermost=False)
        yield Edit(span.start, span.end, ("".join(result.parts),))
        ordered = ordered[len(inner) :]


@dataclass(frozen=True, slots=True)
class Copied:
    """A piece of the original text, by offsets, and the offset at which it starts now."""

    start: int
    end: int
    now: int


def now(copied: Sequence[Copied], offset: int) -> int | None:
    """Return where a character of the old text is in the new one, `None` if it is gone."""
    index = bisect_right(copied, offset, key=lambda piece: piece.start) - 1
    if index < 0 or offset >= copied[index].end:
        return None
    return copied[index].now + offset - copied[index].start


@dataclass
class _Result:
    """The new text, part by part."""

    parts: list[str]
    write: Write
    length: int = 0
    copied: list[Copied] = field(default_factory=list)
    followed: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)

    def copy(self, text: str, start: int, end: int) -> None:
        if start < end:
            self.copied.append(Copied(start, end, self.length))
            self.add(text[start:end])


def _apply(text: str, span: Span, edits: list[Edit], result: _Result, is_outermost: bool) -> None:
    """Add a span with the edits in it made; they are in order, outer ones first."""
    position, index = span.start, 0
    while index < len(edits):
        edit = edits[index]
        inner = index + 1
        while inner < len(edits) and edits[inner].start < max(edit.end, edit.start + 1):
            inner += 1
        within = [e for e in edits[index + 1 : inner] if e.end <= edit.end]
        result.copy(text, position, edit.start)
        for piece in edit.pieces:
            if isinstance(piece, Span):
                kept = [e for e in within if piece.start <= e.start and e.end <= piece.end]
                _apply(text, piece, kept, result, is_outermost=False)
            else:
                result.add(piece if isinstance(piece, str) else result.write(piece))
        position, index = edit.end, inner
        if is_outermost:
            result.followed.append((position, result.length))
    result.copy(text, position, span.end)
