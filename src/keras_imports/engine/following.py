"""Follow places from the text as it was to the text with all edits made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from keras_imports.engine.findings import Finding
from keras_imports.python.edits import Text


def with_new_lines(
    unfixed: Iterable[Finding], before: Text, after: str, offsets: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """Yield findings with the lines where they are now.

    `offsets` are pairs of offsets before and after the edits, as `apply_and_follow` gives them.
    """
    new = Text(after)
    for each in unfixed:
        offset = before.start_of(each.line) + each.column - 1
        index = bisect_right(offsets, (offset, len(after)))
        old, now = offsets[index - 1]
        behind = offsets[index][1] if index < len(offsets) else len(after)
        # It may lie within an edit that has made the text shorter.
        line, _ = new.place(min(now + offset - old, behind))
        yield replace(each, line_now=line)
