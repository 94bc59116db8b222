r"""Line ends: `\n` for all while a text is changed, and afterwards those that were there."""

from __future__ import annotations

from difflib import SequenceMatcher

_DOS = "\r\n"


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
    matcher = SequenceMatcher(lambda line: not line.strip(), texts, lines, autojunk=False)
    for _, start, stop, first, last in matcher.get_opcodes():
        for index in range(first, last):
            at = min(start + index - first, max(stop, start + 1, 1) - 1, len(before) - 2)
            lines[index] += "\r" * before[at].endswith("\r")
    lines[-1] = lines[-1].removesuffix("\r")  # nothing ends there
    return "\n".join(lines)
