"""Match files by patterns, as they are written in a project: `*.ipynb`, `vendor`, `src/**/old`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath


@dataclass(frozen=True)
class Pattern:
    """A pattern of paths below a directory.

    One without a slash matches a file or directory of that name wherever it is, one with a slash
    a path from the directory on, in which `**` stands for any directories. What matches a directory
    matches all that is in it. One that begins with a slash may be a whole path, too.
    """

    text: str
    directory: str

    def matches(self, file: str) -> bool:
        """Return whether a file is meant."""
        path = PurePath(os.path.abspath(file))
        if self.text.startswith("/") and _match(path.parts[1:], self._parts):
            return True
        if not path.is_relative_to(self.directory):
            return False
        return _match(path.relative_to(self.directory).parts, self._parts)

    @property
    def _parts(self) -> tuple[str, ...]:
        parts = tuple(self.text.removeprefix("./").strip("/").split("/"))
        return parts if "/" in self.text.rstrip("/") else ("**", *parts)


def parse_pattern(text: str, directory: str) -> Pattern:
    """Return a pattern as it is written; raise `ValueError` for one that can match nothing."""
    if text.startswith("!"):
        raise ValueError(f"{text!r}: no pattern takes files back, as `!` would")
    if {"", ".", ".."} & set(text.removeprefix("./").strip("/").split("/")):
        raise ValueError(f"{text!r} names no file below the folder that it counts from")
    return Pattern(text, directory)


def _match(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Return whether a path, or a directory that it is in, has the parts of a pattern."""
    if not pattern:
        return True
    if not path:
        return False
    if pattern[0] == "**":
        return _match(path, pattern[1:]) or _match(path[1:], pattern)
    return fnmatchcase(path[0], pattern[0]) and _match(path[1:], pattern[1:])
