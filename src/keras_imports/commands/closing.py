"""Say at the end of `check` and `migrate` what nobody looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from keras_imports.engine.unseen import Unseen
from keras_imports.knowledge.declarations import Declarations
from keras_imports.python.files import Problem

_SHOWN = 3  # of many places


@dataclass
class LookedAt:
    """How many files were read, which of them use Keras, and what of that was not seen.

    `excluded` is how many were not read by wish.
    """

    files: int = 0
    using_keras: list[str] = field(default_factory=list)
    unseen: list[tuple[str, Unseen]] = field(default_factory=list)
    excluded: int = 0

    def add(self, file: str, uses_keras: bool, unseen: Sequence[Unseen]) -> None:
        """Count one file."""
        self.files += 1
        self.using_keras += [file] * uses_keras
        self.unseen += ((file, each) for each in unseen)

    def verdict(self, found: Sequence[str], well: str) -> str:
        """Return what was found, or else what to say if `well` may be said of it all."""
        if found:
            return ", ".join(found)
        if not self.files and self.excluded:
            return f"nothing was looked at: {counted(self.excluded, 'file')} excluded"
        if not self.files:
            return "nothing was looked at, as no Python file or notebook is there"
        if not self.using_keras:
            return "no file imports Keras"
        return well + (" in what was looked at" if self.unseen else "")

    def left_out(self) -> Iterator[str]:
        """Yield how many files were not read by wish, if others were."""
        if self.files and self.excluded:
            yield f"{counted(self.excluded, 'file')} excluded"

    def lines(self, ignored: int) -> Iterator[str]:
        """Yield what was not looked at, and what looks at it; `ignored` files are git's."""
        if ignored:
            yield f"not looked at: {counted(ignored, 'file')} that git ignores"
        made = [(file, each) for file, each in self.unseen if each.module]
        stars = [(file, each) for file, each in self.unseen if not each.module]
        if made:
            _, first = made[0]
            yield (
                f"not looked at: {counted(len(made), 'name')} made when the program runs, at "
                f"{_places(made)}; `keras-imports where {first.module}.NAME` says of each whether "
                "it is there"
            )
        if stars:
            _, first = stars[0]
            yield (
                f"not looked at: what {counted(len(stars), 'star')} may bind, as `{first.name}`, "
                f"at {_places(stars)}; import what is Keras's by its name"
            )


def _places(unseen: Sequence[tuple[str, Unseen]]) -> str:
    """Return where the first things are that nobody looked at, and how many more there are."""
    places = [f"{file}:{each.line} `{each.source}`" for file, each in unseen]
    more = len(places) - _SHOWN
    return ", ".join(places[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def unread_declarations(files: Iterable[str]) -> Iterator[Problem]:
    """Yield what cannot be read, and may say which Keras some files were written for."""
    declarations = Declarations()
    for folder in dict.fromkeys(os.path.dirname(os.path.abspath(file)) for file in files):
        declarations.of(folder)
    for file, why in declarations.unread.items():
        yield Problem(
            os.path.relpath(file), f"{why}; it is not read, and what it requires is not known"
        )


def counted(count: int, what: str) -> str:
    """Return a number of things: `1 file`, `2 files`."""
    return f"{count} {what}{'s' * (count != 1)}"
