"""Know the arguments of Keras that its signatures do not show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from keras_imports.knowledge import tables


@dataclass(frozen=True)
class Table:
    """`arguments.yml`: what constructors take by `**`, and what arguments are called now."""

    accepted: dict[str, dict[str, list[str]]]
    renamed: dict[str, list[str]]


@cache
def table() -> Table:
    """The arguments that signatures do not show."""
    return Table(**tables.read("arguments.yml"))
