"""Define what a tree is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from keras_imports.atlas import Environment
from keras_imports.check.installed import installed
from keras_imports.flavours import FLAVOURS


@dataclass(frozen=True)
class Setting:
    """What a tree is checked against, and how it is laid out.

    `flavour` is the one that the project wants to be, `roots` are directories that its modules are
    imported from, and `named` are files that have to be Python whether they mention Keras or not.
    With a `backend` it is to run without TensorFlow.
    """

    env: Environment
    flavour: str | None = None
    roots: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    backend: str = ""

    @cached_property
    def has_several(self) -> bool:
        """Return whether different Keras are installed side by side, which must not be mixed."""
        roots = (*FLAVOURS, "tensorflow.python.keras", "tensorflow.compat.v1.keras")
        return len(installed(self.env).engines(roots)) > 1
