"""What became of a file or text, and what it needs then."""

from __future__ import annotations

from dataclasses import dataclass, field

from keras_imports.engine.findings import Finding
from keras_imports.engine.unseen import Unseen
from keras_imports.knowledge.detection import Evidence


@dataclass(frozen=True)
class Outcome:
    """What became of a file or text.

    `left` is what is left to a person, `problem` why nothing of it could be migrated, and `notes`
    what of it could not be read (cells of a notebook). `evidence` is what it tells of its own age,
    and `unseen` are the uses of Keras in it that nobody could look at.
    """

    text: str
    changed: bool = False
    left: tuple[Finding, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()
    evidence: Evidence = field(default_factory=Evidence, compare=False)
    uses_keras: bool = field(default=False, compare=False)
    unseen: tuple[Unseen, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Needs:
    """What code needs after its migration: TensorFlow itself, some Keras."""

    tensorflow: bool = True
    keras: bool = True
