"""Migrate the result of a migration again, until it stays.

What one round has written may let the next one see more: whose method `predict_generator` is, once
a private path of TensorFlow has become one of Keras. A second run would find it, so it is found in
the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from keras_imports.engine.codes import NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.outcome import Outcome

_ROUNDS = 5  # of which the last has nothing to do, or what two rounds undo of each other stays


def settled(text: str, first: Outcome, migrate: Callable[[str], Outcome]) -> Outcome:
    """Return what becomes of a text whose first round is done.

    What the last round finds to fail at a line that the first did not name is said, too.
    """
    now = first
    for _ in range(_ROUNDS):
        later = migrate(now.text)
        if later.problem:
            return now
        now = replace(first, text=later.text, left=(*_left(text, now, later),))
        if not later.changed:
            break
    return now


def _left(text: str, now: Outcome, later: Outcome) -> Iterator[Finding]:
    """Yield what is left after a round, each at its line in the text before all of them."""
    if not (later.changed or later.left):
        yield from now.left
        return
    said = {each.line for each in later.left}
    lines = _lines(now.text, later.text) if later.changed else {}
    known = set()
    for each in now.left:
        line = each.line_now
        assert line is not None  # noqa: S101, the rounds before have set it
        known.add(line)
        if not later.changed:
            yield each
        elif line in lines or line in said:  # else it was mended
            yield replace(each, line_now=lines.get(line, line))
    new = [each for each in later.left if each.line not in known and _is_news(each)]
    before = _lines(now.text, text) if new else {}
    named = {each.line for each in now.left}
    for each in new:
        line = _nearest(before, each.line)
        if line not in named:
            yield replace(each, line=line)


def _is_news(finding: Finding) -> bool:
    """Return whether a later round may be the first to know what it says.

    What is gone was named where it is used, and the age of what was moved is not known any more.
    """
    return finding.reason == "fails" and finding.code != NOT_THERE.name


def _lines(old: str, new: str) -> dict[int, int]:
    """Return where the lines of one text are in another one, as far as both have them."""
    matcher = SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    return {
        match.a + offset + 1: match.b + offset + 1
        for match in matcher.get_matching_blocks()
        for offset in range(match.size)
    }


def _nearest(lines: dict[int, int], line: int) -> int:
    """Return where a line is, which may be new or changed: behind the last one that is known."""
    for distance in range(line):
        if line - distance in lines:
            return lines[line - distance] + distance
    return 1
