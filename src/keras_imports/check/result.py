"""Define what is found in one file."""

from __future__ import annotations

from typing import NamedTuple

from keras_imports.engine.findings import Finding
from keras_imports.engine.unseen import Unseen
from keras_imports.python.files import Problem


class Result(NamedTuple):
    """The findings in one file, and why it or a part of it could not be checked.

    `unseen` is what it uses of Keras that nobody could look at. `is_lasting` is false where
    the file could not be looked at this time, as when it took too long: that is not cached.
    """

    file: str
    findings: list[Finding]
    problems: list[Problem]
    uses_keras: bool = False
    unseen: tuple[Unseen, ...] = ()
    is_lasting: bool = True
