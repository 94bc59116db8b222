"""Merge two changed versions of a text by its lines, closer than git does.

git calls it a conflict when two changes touch, with no line between them. In Python that is a good
rule. In a list of requirements, a table or a README it is not: a line that was added beside one
that the template changed is nobody's conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A line that means the same wherever it stands in its list: a requirement, or a key and its value.
ITEM = re.compile(
    r"""\s+(["'])(?P<requirement>[A-Za-z0-9][\w.-]*)(?:(?!\1).)*\1,?\s*(?:\#.*)?$
    |(?P<key>[\w."'-]+)\s*=\s*[^\s\[{].*$""",
    re.VERBOSE,
)
# What may stand in a file once: the key of a line, or the header of a table.
KEY = re.compile(r"""\s*(?P<key>[\w."'-]+\s*[=:]|\[.+\]\s*$)""")

Lines = Sequence[str]


@dataclass(frozen=True)
class Change:
    """Lines `start` to `stop` of the base become `lines`."""

    start: int
    stop: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """Changes of the two sides that share lines of the base, or a place in it."""

    start: int
    stop: int
    ours: list[Change]
    theirs: list[Change]


def merge_lines(base: Lines, ours: Lines, theirs: Lines) -> list[str] | None:
    """Make the changes of both sides; return None where they contradict each other.

    What we insert where the other side inserts or changes something comes first: it goes on with
    what is before it.
    """
    changes = _changes(base, ours), _changes(base, theirs)
    moved = _moved(base, changes[0]) ^ _moved(base, changes[1])
    merged: list[str] = []
    done = 0
    for region in _regions(*changes):
        both = _merge_region(base, region, moved)
        if both is None:
            return None
        merged += [*base[done : region.start], *both]
        done = region.stop
    return [*merged, *base[done:]]


def _changes(base: Lines, changed: Lines) -> list[Change]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        Change(start, stop, tuple(changed[first:last]))
        for tag, start, stop, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _moved(base: Lines, changes: list[Change]) -> set[str]:
    """Return the lines that are removed at one place and inserted at another."""
    removed = {line for change in changes for line in base[change.start : change.stop]}
    inserted = {line for change in changes for line in change.lines}
    return {line for line in removed & inserted if any(map(str.isalnum, line))}


def _regions(ours: list[Change], theirs: list[Change]) -> Iterator[Region]:
    """Yield the changes of both sides in order, those together that touch."""
    waiting = (list(ours), list(theirs))
    while any(waiting):
        start = stop = min(side[0].start for side in waiting if side)
        taken: tuple[list[Change], list[Change]] = ([], [])
        before = None
        while stop != before:
            before = stop
            for side, part in zip(waiting, taken, strict=True):
                while side and (side[0].start < stop or side[0].start == start):
                    part.append(side.pop(0))
                    stop = max(stop, part[-1].stop)
        yield Region(start, stop, *taken)


def _merge_region(base: Lines, region: Region, moved: set[str]) -> list[str] | None:
    if not (region.ours and region.theirs):
        return _apply(base, region, region.ours or region.theirs)
    ours, theirs = (_apply(base, region, side) for side in (region.ours, region.theirs))
    # What happened to a line here should happen to it where the other side moved it.
    contested = moved & set(base[region.start : region.stop])
    if ours == theirs and not contested:
        return ours
    for side, other in ((region.ours, theirs), (region.theirs, ours)):
        # One side only inserts, in front of what the other one did.
        if len(side) == 1 and side[0].stop == region.start:
            inserted = side[0].lines
            return None if _keys(inserted) & _keys(other) else [*inserted, *other]
    return None if contested else _merge_items(base[region.start : region.stop], ours, theirs)


def _apply(base: Lines, region: Region, changes: list[Change]) -> list[str]:
    """Return the region with the changes of one side."""
    result: list[str] = []
    done = region.start
    for change in changes:
        result += [*base[done : change.start], *change.lines]
        done = change.stop
    return [*result, *base[done : region.stop]]


def _keys(lines: Lines) -> set[str]:
    return {match["key"] for line in lines if (match := KEY.match(line))}


def _merge_items(base: Lines, ours: Lines, theirs: Lines) -> list[str] | None:
    """Merge lists whose order means nothing, by what each line is about."""
    before, mine, other = _items(base), _items(ours), _items(theirs)
    if before is None or mine is None or other is None:
        return None
    merged = []
    for name in {**mine, **other}:
        old, own, new = before.get(name), mine.get(name), other.get(name)
        if own != new and old not in (own, new):
            return None
        line = new if own == old else own
        if line is not None:
            merged.append(line)
    return merged


def _items(lines: Lines) -> dict[str, str] | None:
    """Return the lines by what they are about; None where something else is among them."""
    items = [ITEM.match(line) for line in lines]
    named = {i["requirement"] or i["key"]: line for i, line in zip(items, lines, strict=True) if i}
    return named if len(named) == len(lines) else None
