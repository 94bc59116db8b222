"""Where TensorFlow 2 has what `tensorflow` had in TensorFlow 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from keras_imports.knowledge.tables import DIRECTORY

NAMES = DIRECTORY / "tensorflow_1.txt"


def in_tensorflow_2(name: str, keywords: Iterable[str | None] = ()) -> str:
    """Return the path in TensorFlow 2 of a name of TensorFlow 1 that is called with keywords.

    That is the name itself where it stayed, the new one of what is the very same object, and else
    one below `compat.v1`. Names have no root, as in `losses.softmax_cross_entropy`.
    """
    if any(f"{name}({keyword})" in _gone() for keyword in keywords):
        return f"compat.v1.{name}"
    for start in _starts(name):
        if start in _gone():
            new = _gone()[start]
            return new + name[len(start) :] if new else f"compat.v1.{name}"
    return name


def _starts(name: str) -> Iterator[str]:
    """Yield a path, and the paths of the modules and classes that it is in, outer ones first."""
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))


@cache
def _gone() -> dict[str, str]:
    """Return the names that are gone, and the new one of each, "" without one."""
    rows = (line.partition(" ") for line in NAMES.read_text("utf-8").splitlines())
    return {name: new for name, _, new in rows}
