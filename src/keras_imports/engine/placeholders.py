"""Names in edits whose text depends on the imports of the module that they are written into."""

from __future__ import annotations

from dataclasses import dataclass

from keras_imports.engine.bound_names import BoundName
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


Name = TargetName | QualifiedName | InsertedFunction
NAMES = (TargetName, QualifiedName, InsertedFunction)


@dataclass(frozen=True, slots=True)
class NameOfUse(Placeholder):
    """A name in the place of a use, and the bound names that this use began with.

    In `layers.Dense(3)` that is `layers`: the new name is imported where and as that one is. There
    are several where the name may be any of several imports.
    """

    name: Name
    bound: tuple[BoundName, ...]
