"""Findings without a fix: what a migration leaves to a person."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from keras_imports.python.edits import Text


@dataclass(frozen=True, slots=True)
class Unfixed:
    """A place that the codemod does not change, why, and what a person would do there.

    The fields are the keys of the JSON report. `line` and `column` count from 1, in the text as it
    was; in a notebook `line` counts within the cell, and `cell` among all cells. `code` is the
    first line of the source text there. `line_now` is the line in the migrated text of a module.
    """

    line: int
    column: int
    code: str
    message: str
    advice: str
    cell: int | None = None
    line_now: int | None = None

    @classmethod
    def at(cls, text: Text, node: ast.AST, message: str, advice: str) -> Unfixed:
        """Return the finding for a node of a module's syntax tree."""
        line, column = text.place(text.span(node).start)
        return cls(line, column, text.of(node).partition("\n")[0], message, advice)
