"""What TensorFlow 2 has below `tensorflow.compat.v1` alone."""

from __future__ import annotations

from functools import cache

from keras_imports.knowledge.tables import DIRECTORY

NAMES = DIRECTORY / "tensorflow_1.txt"


def is_gone(name: str, keyword: str | None = None) -> bool:
    """Return whether TensorFlow 2 has no such name or keyword of it, or module that it is in.

    `name` is a path without its root, as in `losses.softmax_cross_entropy`.
    """
    if keyword is not None:
        return f"{name}({keyword})" in _gone()
    parts = name.split(".")
    return any(".".join(parts[:end]) in _gone() for end in range(1, len(parts) + 1))


@cache
def _gone() -> frozenset[str]:
    return frozenset(NAMES.read_text("utf-8").split())
