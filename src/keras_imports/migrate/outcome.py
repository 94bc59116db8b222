"""What became of a file or text, and what it needs then."""

from __future__ import annotations

from dataclasses import dataclass

from keras_imports.migrate.unfixed import Unfixed


@dataclass(frozen=True)
class Outcome:
    """What became of a file or text.

    `left` is what could not be moved in it, `problem` why it was left alone altogether, and
    `notes` what of it could not be read (cells of a notebook).
    """

    text: str
    changed: bool = False
    left: tuple[Unfixed, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """What code needs after its move: TensorFlow itself, some Keras."""

    tensorflow: bool = True
    keras: bool = True
