"""Names in edits whose text depends on the imports of the module that they are written into."""

from __future__ import annotations

from dataclasses import dataclass

from keras_imports.python.edits import Placeholder


@dataclass(frozen=True, slots=True)
class TargetName(Placeholder):
    """A public name of the target, relative to its root: `layers.Dense`; "" for the root itself.

    It is written the way the module imports it, and imported if it is not yet.
    """

    path: str


@dataclass(frozen=True, slots=True)
class QualifiedName(Placeholder):
    """A dotted path with its root, as in `tensorflow.nn.relu`; written as a name of the target."""

    path: str


@dataclass(frozen=True, slots=True)
class InsertedFunction(Placeholder):
    """A function of `functions.yml` whose code is inserted into the module, by its name there."""

    name: str
