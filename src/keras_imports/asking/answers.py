"""Answer what an error message means."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keras_imports.asking.explained import Explained
from keras_imports.asking.fragments import Moved, moved, read_fragment
from keras_imports.asking.kinds import KINDS, Question
from keras_imports.asking.pasted import Frame, Pasted, read_pasted
from keras_imports.knowledge.messages import Message, matching
from keras_imports.knowledge.target import Target, parse_target

WIDTH = 100
_SHOWN = 200  # characters of a message that are shown
_WINDOW = 3  # lines that a message without the name of an error may be broken into
_TENSORFLOW = re.compile(r"\b(?:tensorflow(?:_core)?\.(?:python\.)?|tf\.)keras\b")


@dataclass(frozen=True)
class Answer:
    """What is said of a pasted text."""

    lines: tuple[str, ...]
    is_known: bool


def explain(text: str, to: str | None = None) -> Answer:
    """Return what a pasted error message or traceback means, and what to do about it.

    `to` is the target that is written for, by default the newest release of the flavour that the
    text is about.
    """
    pasted = read_pasted(text)
    target = parse_target(to or _flavour_in(pasted.text))
    for said in _candidates(pasted):
        for message, values in matching(said):
            if message.warning and pasted.has_failed:
                continue
            question = Question(values, pasted, target)
            explained = _explained(message, question)
            if explained is not None:
                return Answer(tuple(_lines(said, message, explained, question)), True)
    return Answer(tuple(_unknown(pasted, target)), False)


def _flavour_in(text: str) -> str:
    """Return the flavour that a text is about."""
    if _TENSORFLOW.search(text):
        return "tensorflow.keras"
    return "keras"


def _candidates(pasted: Pasted) -> Iterator[str]:
    """Yield what may be a message, each in one line: the last error first, then any lines."""
    yield from pasted.messages
    lines = [" ".join(line.split()) for line in pasted.lines]
    seen: set[str] = set()
    for start in range(len(lines) - 1, -1, -1):
        said = " ".join(filter(None, lines[start : start + _WINDOW]))
        if said and said not in seen:
            seen.add(said)
            yield said


def _explained(message: Message, question: Question) -> Explained | None:
    """Return what a message means; `None` if its kind has nothing to say to it."""
    if not message.kind:
        return Explained((message.means,), (message.fix,) if message.fix else ())
    found = KINDS[message.kind](question)
    if found is None:
        return None
    means = (*found.means, message.means) if message.means else found.means
    return Explained(means, (*found.fix, message.fix) if message.fix else found.fix)


def _lines(said: str, message: Message, explained: Explained, question: Question) -> Iterator[str]:
    yield said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
    yield ""
    yield from _paragraph(" ".join(explained.means))
    if message.printed:
        yield from _paragraph(f"Printed by {message.printed}.")
    for number, fix in enumerate(explained.fix):
        yield from _paragraph(
            ("What to do: " if not number else "Or: ") + fix.removeprefix("or ") + "."
        )
    line = _own_line(question.pasted, question.target)
    if line is not None:
        yield ""
        yield from _own(line, explained.fix, question.target)


def _own(line: OwnLine, said: Sequence[str], target: Target) -> Iterator[str]:
    """Yield the user's own line, what it becomes, and what to do but for what was said."""
    file = re.split(r"[/\\]", line.frame.file)[-1]
    package = line.frame.package
    whose = f"The line is in the package {package}" if package else "Your line"
    yield f"{whose}, in {file}:" if file and not file.startswith("<") else f"{whose}:"
    yield from textwrap.indent(line.code, "    ").splitlines()
    its = line.moved
    if its is not None and its.changed:
        yield f"becomes, in {target}:"
        yield from textwrap.indent("\n".join([*its.imports, its.code]), "    ").splitlines()
    for each in its.left if its else ():
        if not any(fix in each for fix in said) and "keras-imports where" not in each:
            yield from _paragraph(f"{each}.")
    if package:
        yield from _paragraph(
            f"It is not yours to change: look for a newer release of {package}, or install the "
            "Keras that it was written for."
        )


@dataclass(frozen=True)
class OwnLine:
    """The line that failed, outside of Keras: where it is, and what it becomes."""

    frame: Frame
    code: str
    moved: Moved | None


def _own_line(pasted: Pasted, target: Target) -> OwnLine | None:
    """Return the user's own line that failed; `None` if none is shown that can be read."""
    for frame in pasted.frames:
        fragment = read_fragment(frame.code, target.root, is_first=True)
        if fragment is not None:
            its = moved(fragment, target)
            return OwnLine(frame, fragment.shown(fragment.code), its)
    return None


def _unknown(pasted: Pasted, target: Target) -> Iterator[str]:
    """Yield that a message is not known, and the line that failed if that has to change anyhow."""
    last = pasted.messages[0] if pasted.messages else ""
    file = pasted.files[0] if pasted.files else "FILE"
    if last:
        yield from (last[:_SHOWN], "")
    yield from _paragraph(
        f"This is no message that is known here; `keras-imports check {file}` looks through the "
        "code itself, and `keras-imports doctor` through what is installed."
    )
    line = _own_line(pasted, target)
    if line is not None and line.moved is not None and (line.moved.changed or line.moved.left):
        yield ""
        yield from _own(line, (), target)


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
