"""Define what a rule of `check` is, and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keras_imports.check.module import CheckedModule, Node
from keras_imports.engine.findings import Code, Severity


@dataclass(frozen=True)
class Violation:
    """What a rule finds at a node; `severity` says where it differs from that of the code.

    `advice` says what to do where no `replacement` is known.
    """

    code: Code
    node: Node
    message: str
    replacement: str | None = None
    severity: Severity | None = None
    advice: str = ""

    @property
    def is_error(self) -> bool:
        """Return whether the code would fail, or be wrong."""
        return (self.severity or self.code.severity) == "error"


Violations = Iterator[Violation]


@dataclass(frozen=True)
class Rule:
    """A function that yields the violations in one module, and the codes that it gives them."""

    check: Callable[[CheckedModule], Violations]
    codes: tuple[Code, ...]
    applies_to_stubs: bool = False  # most say nothing that matters to a type checker
