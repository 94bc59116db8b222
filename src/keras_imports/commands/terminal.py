"""What commands know of the terminal that they print to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any, TextIO, cast

from keras_imports.python.files import CONTROLS, escaped

_COLOUR = r"\033\[(?:0|3[1-6])m"  # what commands print themselves
_OBEYED = re.compile(rf"{_COLOUR}|(?![\t\n]){CONTROLS}")


def use_colour(stream: TextIO) -> bool:
    """Return whether to print colours: only on a terminal, and not against the user's NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def guarded(stream: TextIO) -> TextIO:
    """Return a stream, and for a terminal one that obeys nothing but the colours of commands.

    What is printed there quotes files: their names and texts may hold any control character.
    """
    return cast(TextIO, _Guarded(stream)) if stream.isatty() else stream


class _Guarded:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_OBEYED.sub(_shown, text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _shown(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) > 1 else escaped(found[0])
