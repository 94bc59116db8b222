"""Define what `check` reports: findings, and the codes that name their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Code:
    """One kind of finding.

    Of severity "error" is what would fail or be wrong, of "warning" what works but should be
    written otherwise. `title` is a noun phrase, `explanation` one or two sentences.
    """

    name: str
    severity: Severity
    title: str
    explanation: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong at one place; `line` and `column` count from 1.

    In a notebook `line` counts within the cell, and `cell` among all cells.
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    replacement: str | None = None
    cell: int | None = None

    @property
    def place(self) -> str:
        """Return `file:line:column`, as editors understand it."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{self.file}{cell}:{self.line}:{self.column}"

    @property
    def advice(self) -> str:
        """Return the message, followed by what to write if that is known."""
        return self.message + (f"; write `{self.replacement}`" if self.replacement else "")
