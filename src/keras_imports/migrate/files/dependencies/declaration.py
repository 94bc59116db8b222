"""One declaration in a dependency file: what it says, and where the parts of it stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keras_imports import flavours
from keras_imports.flavours import DISTRIBUTIONS, canonical

# What Keras 3 runs on besides TensorFlow. NumPy is required for other reasons, too.
BACKENDS = tuple({*flavours.BACKENDS.values()} - {"tensorflow", "numpy"})
SPECIFIER = r"(?:(?:===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*[\w.*]+[ ]*,?[ ]*|\*)*"
_REQUIREMENT = re.compile(
    rf"(?P<name>[\w.-]+)(?P<extras>\[[^\]]*\])?(?P<gap>[ \t]*)\(?(?P<specifier>{SPECIFIER})\)?"
    r"(?P<rest>[ \t]*(?:;.*)?)"
)
Declarations = Iterator["Declaration | Unread"]


@dataclass(frozen=True)
class Declaration:
    """One declaration of something that provides a Keras, or that one runs on.

    `name` (with extras) and `specifier` are the spans of what may change, `removed` that of the
    whole. `group` is the list it stands in, `optional` whether that is an extra. `added` is what
    stands before, between and after the name and the specifier of another one, at `start`.
    """

    name: str
    extras: str
    specifier: str
    names: tuple[int, int]
    specifiers: tuple[int, int]
    removed: tuple[int, int]
    start: int
    added: tuple[str, str, str]
    group: str
    optional: bool = False
    takes_extras: bool = True
    quote: str = ""  # what a new requirement needs around it, as a shell takes `<` for its own

    @property
    def module(self) -> str:
        """The module that it provides."""
        return module_of(self.name)


@dataclass(frozen=True)
class Unread:
    """A declaration that is not of a form that can be edited, at an offset."""

    module: str
    start: int
    text: str


def module_of(name: str) -> str:
    """Return the module that a distribution provides, of those that are of interest."""
    return DISTRIBUTIONS.get(canonical(name), canonical(name))


def _parsed(text: str) -> re.Match[str] | None:
    """Return a requirement as it is written, if it is one of something that is of interest."""
    written = _REQUIREMENT.match(text)
    is_known = written and canonical(written["name"]) in (*DISTRIBUTIONS, *BACKENDS)
    return written if is_known else None


def parse_declaration(
    text: str,
    start: int,
    removed: tuple[int, int],
    at: int,
    added: tuple[str, str, str],
    group: str,
    **more: Any,
) -> Declaration | Unread | None:
    """Return what the requirement at an offset declares; `None` for other distributions."""
    written = _parsed(text)
    if written is None:
        return None
    if written.end() != len(text):
        return Unread(module_of(written["name"]), start, text)
    return Declaration(
        name=written["name"],
        extras=written["extras"] or "",
        specifier=written["specifier"].strip(),
        names=(start, start + written.end("extras" if written["extras"] else "name")),
        specifiers=(
            start + written.start("specifier"),
            start + written.start("specifier") + len(written["specifier"].rstrip()),
        ),
        removed=removed,
        start=at,
        added=added,
        group=group,
        **more,
    )


def newline_of(text: str) -> str:
    """Return the line end that a text has."""
    return "\r\n" if "\r\n" in text else "\n"
