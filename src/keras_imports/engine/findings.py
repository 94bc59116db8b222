"""Define what `check` and `migrate` report: findings, and the codes that name their kinds."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

from keras_imports.knowledge.reasons import Reason
from keras_imports.python.edits import Edit, Text
from keras_imports.python.files import escaped

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Example:
    """A program in which something is found, and the same without it.

    `installed` are the releases that it is checked against, where these are not the newest.
    """

    before: str
    after: str
    installed: tuple[str, ...] = ()

    @classmethod
    def of(cls, before: str, after: str, installed: tuple[str, ...] = ()) -> Example:
        """Return the example of two programs that are written with indentation."""
        return cls(dedent(before).lstrip(), dedent(after).lstrip(), installed)


@dataclass(frozen=True)
class Code:
    """One kind of finding.

    Of severity "error" is what would fail or be wrong, of "warning" what works but should be
    written otherwise. `title` is a noun phrase, `explanation` some sentences, and `since` says in
    which releases of Keras there is such a thing.
    """

    name: str
    severity: Severity
    title: str
    explanation: str
    reason: Reason = "fails"
    since: str = ""
    example: Example | None = None

    @property
    def silence(self) -> str:
        """Return how one statement is kept from it."""
        return f"`# noqa: {self.name}` at the end of a statement keeps it as it is."


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is written between two places of a file, each a line and a column that count from 1."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one place: why it must change, what fails, and what to write.

    `line` and `column` count from 1, in the text as it is; in a notebook `line` counts within the
    cell, and `cell` among all cells. `line_now` is the line in the migrated text of a module.
    `source` is the first line of the code there. `code` is a name like KI001. `edits` mend it;
    a finding without any is left to a person. They are `complete` if no import has to be added for
    them. One that is not `certain` may be a false alarm, as where only the name of a method tells
    that Keras is meant.

    `stored` is the line and column in the file as it lies on the disk, where that is not the place
    above: in a notebook. `fix` is what complete edits write there.
    """

    line: int
    column: int
    source: str
    message: str
    advice: str = ""
    code: str = "KI206"
    reason: Reason = "fails"
    file: str = ""
    cell: int | None = None
    line_now: int | None = None
    severity: Severity = "error"
    certain: bool = True
    edits: tuple[Edit, ...] = ()
    complete: bool = False
    stored: tuple[int, int] | None = None
    fix: tuple[Replacement, ...] = ()

    @classmethod
    def at(
        cls,
        text: Text,
        node: ast.AST,
        message: str,
        advice: str,
        code: str = "KI206",
        reason: Reason = "fails",
    ) -> Finding:
        """Return the finding for a node of a module's syntax tree, which nothing mends."""
        line, column = text.place(text.span(node).start)
        source = text.of(node).partition("\n")[0]
        return cls(line, column, source, message, advice, code, reason)

    @property
    def place(self) -> str:
        """Return `file:line:column`, as editors understand it."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{escaped(self.file)}{cell}:{self.line}:{self.column}"

    @property
    def says(self) -> str:
        """Return the message, followed by what to write if that is known."""
        return f"{self.message}; {self.advice}" if self.advice else self.message

    def row(self) -> dict[str, object]:
        """Return what a JSON report says of it: what is known, by the names of the fields."""
        names = ("file", "cell", "line", "column", "line_now", "code", "reason", "severity")
        values = {name: getattr(self, name) for name in names}
        row = {name: value for name, value in values.items() if value not in ("", None)}
        if not self.certain:
            row["certain"] = False
        return row | {"source": self.source, "message": self.message, "advice": self.advice}
