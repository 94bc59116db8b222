"""Define what a tree is checked against."""

from __future__ import annotations

from dataclasses import dataclass

from keras_imports.atlas import Environment
from keras_imports.knowledge.packages import MorePackages


@dataclass(frozen=True)
class Setting:
    """What a tree is checked against, and how it is laid out.

    `flavour` is the one that the project wants to be, `roots` are directories that its modules are
    imported from, and `named` are files that have to be Python whether they mention Keras or not.
    With a `backend` it is to run without TensorFlow. What has an `ignored` code is not reported.
    `packages` are some that belong to a Keras and that nobody else knows.
    """

    env: Environment
    flavour: str | None = None
    roots: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    backend: str = ""
    ignored: frozenset[str] = frozenset()
    packages: MorePackages = ()
