r"""Line ends: `\n` for all while a text is changed, and afterwards those that were there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

_DOS = "\r\n"
_Parts: TypeAlias = Sequence[tuple[str, int, int, int, int]]  # opcodes of `SequenceMatcher`
_WINDOW = 200  # lines that are compared at once: the time for them grows faster than their number


def with_ends_of(old: str, new: str) -> str:
    r"""Return a text that has `\n` alone with the line ends of the text that it comes from.

    A line that stays keeps its own, and one that takes the place of another gets that one's.
    """
    if _DOS not in old:
        return new
    before = old.split("\n")
    if all(line.endswith("\r") for line in before[:-1]):
        return new.replace("\n", _DOS)
    texts, lines = [line.removesuffix("\r") for line in before], new.split("\n")
    for start, stop, first, last in _parts(texts, lines):
        for index in range(first, last):
            at = min(start + index - first, max(stop, start + 1, 1) - 1, len(before) - 2)
            lines[index] += "\r" * before[at].endswith("\r")
    lines[-1] = lines[-1].removesuffix("\r")  # nothing ends there
    return "\n".join(lines)


def _parts(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which lines of a text come from which of another: `old[start:stop]`, `new[first:last]`.

    They are compared window by window, the next one from where parts of the last one are sure.
    """
    at = to = 0
    while to < len(new):
        window, its = old[at : at + _WINDOW], new[to : to + _WINDOW]
        matcher = SequenceMatcher(_is_blank, window, its, autojunk=False)
        parts: _Parts = matcher.get_opcodes()
        if at + len(window) < len(old) or to + len(its) < len(new):
            parts = _sure(parts)
        for _, start, stop, first, last in parts:
            yield at + start, at + stop, to + first, to + last
        at, to = at + parts[-1][2], to + parts[-1][4]


def _sure(parts: _Parts) -> _Parts:
    """Return the parts of a window that lines after it do not change: those of its first half.

    What differs up to its end may go on there.
    """
    if len(parts) > 1 and parts[-1][0] != "equal":
        parts = parts[:-1]
    return [part for part in parts if max(part[1], part[3]) < _WINDOW // 2]


def _is_blank(line: str) -> bool:
    return not line.strip()
