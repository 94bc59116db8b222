"""Align the lines of a bracket again, after what stands before the bracket has changed its length.

    from keras.layers.core import (Dense,       from keras.layers import (Dense,
                                   Flatten)                               Flatten)

Only lines that were aligned before: those of which the first begins behind the bracket that they
are in. What is indented within such a line moves with it.
"""

from __future__ import annotations

import io
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_imports.python.edits import Copied, Edit, Text, apply


@dataclass(frozen=True)
class _Line:
    """A line that starts within a bracket: where it begins, and where the innermost bracket is."""

    start: int
    bracket: int


def realigned(old: str, new: str, copied: Sequence[Copied]) -> str:
    """Return the new text with its continuation lines as they stood in the old one."""
    before, after = Text(old), Text(new)
    shifts: dict[int, int] = {}  # of lines of the new text
    edits: list[Edit] = []
    for line in _continuation_lines(before):
        bracket, start = _now(copied, line.bracket), _now(copied, line.start)
        if bracket is None or start is None:
            continue
        its_line, column = after.place(bracket)
        here, indent = after.place(start)
        if here == its_line or after.line_before(start).strip():
            continue
        shift = shifts.get(its_line, 0)
        was = before.place(line.bracket)[1]
        is_end = old[line.start] in ")]}"
        if before.place(line.start)[1] in (was + 1, was if is_end else was + 1):
            shift += column - was
        if shift and indent - 1 + shift >= 0:
            shifts[here] = shift
            edits.append(Edit(start - indent + 1, start, (" " * (indent - 1 + shift),)))
    return apply(new, edits) if edits else new


def _now(copied: Sequence[Copied], offset: int) -> int | None:
    """Return where a character of the old text is in the new one, `None` if it is gone."""
    index = bisect_right(copied, offset, key=lambda piece: piece.start) - 1
    if index < 0 or offset >= copied[index].end:
        return None
    return copied[index].now + offset - copied[index].start


def _continuation_lines(text: Text) -> Iterator[_Line]:
    """Yield the lines of a text that start within a bracket, in their order."""
    brackets: list[int] = []
    last = 0  # the line on which the token before ends
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.text).readline):
            line, column = token.start
            if token.type == tokenize.NL:
                continue
            offset = text.start_of(line) + column
            if brackets and line > last and "\t" not in text.line_before(offset):
                yield _Line(offset, brackets[-1])
            last = token.end[0]
            if token.type == tokenize.OP and token.string in "([{":
                brackets.append(offset)
            elif token.type == tokenize.OP and token.string in ")]}" and brackets:
                brackets.pop()
    except (tokenize.TokenError, SyntaxError):
        return
