"""Know the error messages of Keras and TensorFlow, as `messages.yml` lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from keras_imports.knowledge import tables

# What may stand in a message for each placeholder of a pattern.
_VALUES = {
    "name": r"[A-Za-z_]\w{0,99}",
    "argument": r"[A-Za-z_]\w{0,99}",
    "class": r"[A-Za-z_]\w{0,99}",
    "module": r"[A-Za-z_][\w.]{0,199}",
    "path": r"[A-Za-z_]\w{0,99}\.[\w.]{1,199}",
    "call": r"[A-Za-z_][\w.<>]{0,199}",
    "any": r".{0,300}?",
}


_Pattern = tuple[str, re.Pattern[str]]


@dataclass(frozen=True)
class Message:
    """A message that people paste: what it means, who prints it, and what to do.

    `says` is its text, with placeholders such as `<name>`, or several such texts. `kind` names the
    way to explain messages of its kind by what stands for the placeholders. Where that does not
    say it all, `means` and `fix` do; `printed` are the releases that print it, where known, and
    `source` is where it was seen. A `warning` is not what a program failed of.
    """

    says: tuple[str, ...]
    kind: str = ""
    means: str = ""
    fix: str = ""
    printed: str = ""
    warning: bool = False
    source: str = ""

    @cached_property
    def _quoted(self) -> tuple[_Pattern, ...]:
        """The patterns of the texts."""
        return tuple(map(_pattern, self.says))

    @cached_property
    def _unquoted(self) -> tuple[_Pattern, ...]:
        """Those of the texts without quotes, which a shell takes from what is typed."""
        return tuple(_pattern(text.replace("'", ""), r"(?!\w)") for text in self.says)

    def match(self, text: str) -> Mapping[str, str] | None:
        """Return what stands for the placeholders, `None` if a text does not say this."""
        for literal, pattern in self._quoted if "'" in text else self._unquoted:
            if literal in text and (match := pattern.search(text)):
                return match.groupdict()
        return None


def _pattern(text: str, end: str = "") -> _Pattern:
    """Return the longest piece of a text without a placeholder, and the text as a pattern."""
    pieces = re.split(r"<([a-z]+)>", text)
    pattern = re.escape(pieces[0])
    for name, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        pattern += f"(?P<{name}>{_VALUES[name]}){re.escape(literal)}"
    return max(pieces[::2], key=len), re.compile(pattern + end)


@cache
def known_messages() -> tuple[Message, ...]:
    """Return all messages; where several match, the first of them counts."""
    return tuple(
        Message(**{**entry, "says": _texts(entry["says"])}) for entry in tables.read("messages.yml")
    )


def matching(text: str) -> Iterator[tuple[Message, Mapping[str, str]]]:
    """Yield the messages that a text says, and what stands for their placeholders."""
    for message in known_messages():
        values = message.match(text)
        if values is not None:
            yield message, values


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
