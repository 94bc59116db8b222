"""Align the lines of a bracket again, after what stands before the bracket has changed its length.

    from keras.layers.core import (Dense,       from keras.layers import (Dense,
                                   Flatten)                               Flatten)

Only lines that were aligned before: those of which the first begins behind the bracket that they
are in. What is indented within such a line moves with it.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_imports.python.edits import Copied, Edit, Text, now


@dataclass(frozen=True)
class _Line:
    """A line that starts within a bracket: where it begins, and where the innermost bracket is."""

    start: int
    bracket: int


def realigned(old: str, new: str, copied: Sequence[Copied]) -> Iterator[Edit]:
    """Yield the edits of the new text that align its continuation lines as those of the old one."""
    before, after = Text(old), Text(new)
    lines, ends = _continuation_lines(before)
    shifts: dict[int, int] = {}  # of lines of the new text
    added: dict[tuple[int, int], tuple[int, int]] = {}
    for line in lines:
        bracket = now(copied, line.bracket)
        here = now(copied, line.start - 1)  # what stands there may be another now
        if bracket is None or here is None:
            continue
        here_line, indent = after.place(here + 1)
        its_line, column = after.place(bracket)
        if here_line == its_line or after.line_before(here + 1).strip():
            continue
        shift = shifts.get(its_line, 0)
        was = before.place(line.bracket)[1]
        is_end = line.start == ends.get(line.bracket)
        if before.place(line.start)[1] in (was + 1, was if is_end else was + 1):
            shift += column - was
            end = now(copied, ends.get(line.bracket, 0))
            if end is not None and old[: line.bracket].rstrip().endswith("import"):
                # Its names change, and there are no strings among them.
                added[its_line, after.place(end)[0]] = (indent, shift)
        if indent - 1 + shift >= 0:
            shifts[here_line] = shift
    for (first, last), (indent, shift) in added.items():
        for number in range(first + 1, last + 1):
            start = after.start_of(number)
            rest = new[start:].partition("\n")[0] if number not in shifts else ""
            if rest.strip() and len(rest) - len(rest.lstrip()) == indent - 1:
                shifts[number] = shift
    for number, shift in shifts.items():
        start = after.start_of(number)
        if shift > 0:
            yield Edit(start, start, (" " * shift,))
        elif shift and not new[start : start - shift].strip(" "):
            yield Edit(start, start - shift, ())


def _continuation_lines(text: Text) -> tuple[list[_Line], dict[int, int]]:
    """Return the lines of a text that start within a bracket, and where each bracket ends."""
    lines: list[_Line] = []
    ends: dict[int, int] = {}
    brackets: list[int] = []
    last = 0  # the line on which the token before ends
    if "\r" in text.text.replace("\r\n", ""):
        return lines, ends  # the tokenizer counts such lines in another way
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.text).readline):
            line, column = token.start
            if token.type == tokenize.NL or not (brackets or token.type == tokenize.OP):
                continue
            offset = text.start_of(line) + column
            if brackets and line > last and column and "\t" not in text.line_before(offset):
                lines.append(_Line(offset, brackets[-1]))
            last = token.end[0]
            if token.type == tokenize.OP and token.string in "([{":
                brackets.append(offset)
            elif token.type == tokenize.OP and token.string in ")]}" and brackets:
                ends[brackets.pop()] = offset
    except (tokenize.TokenError, SyntaxError):
        pass
    return lines, ends
