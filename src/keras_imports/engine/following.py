"""Follow places from the text as it was to the text with all edits made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from keras_imports.engine.findings import Finding
from keras_imports.python.edits import Text

Step = tuple[str, Sequence[tuple[int, int]]]


def with_new_lines(
    unfixed: Iterable[Finding], before: Text, steps: Sequence[Step]
) -> Iterator[Finding]:
    """Yield findings with the lines where they are now.

    A step is the text after some edits, and pairs of offsets before and after them, as
    `apply_and_follow` gives them.
    """
    last = Text(steps[-1][0])
    for each in unfixed:
        offset = before.start_of(each.line) + each.column - 1
        for after, offsets in steps:
            index = bisect_right(offsets, (offset, len(after)))
            old, now = offsets[index - 1]
            behind = offsets[index][1] if index < len(offsets) else len(after)
            # It may lie within an edit that has made the text shorter.
            offset = min(now + offset - old, behind)
        yield replace(each, line_now=last.place(offset)[0])


def line_in(after: str, before: str, line: int) -> int:
    """Return the line of a text that stands for one of another text that it was made of."""
    old, new = before.split("\n"), after.split("\n")
    for _, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if first <= line - 1 < last:
            return min(start + line - 1 - first, max(start, end - 1)) + 1
    return line
