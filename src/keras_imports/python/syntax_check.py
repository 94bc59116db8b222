"""Tell whether an edited module is still Python, without parsing again what did not change."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby

from keras_imports.python.edits import Edit, Text, apply
from keras_imports.python.statements import blocks, first_line

# Statements, but a syntax error within brackets and within a string that does not end.
_STATEMENTS = "pass; '''0'''; \"\"\"0\"\"\""


def abridged(text: Text, module: ast.Module, edits: Iterable[Edit]) -> str:
    """Return the edited text with short statements for all those whose lines no edit touches.

    Where these may stand, so may what was Python before. So the whole text with the edits is
    Python if this much shorter one is.
    """
    edits = list(edits)
    return apply(text.text, [*edits, *_untouched(text, module, edits)])


def _untouched(text: Text, module: ast.Module, edits: Iterable[Edit]) -> Iterator[Edit]:
    flags = bytearray(text.text.count("\n") + 2)
    for edit in edits:
        # What is written at the beginning of a line may belong to the block that ends above it.
        for line in range(text.place(max(edit.start - 1, 0))[0], text.place(edit.end)[0] + 1):
            flags[line] = 1
    touched = list(accumulate(flags))

    def touched_before(statement: ast.stmt) -> int | None:
        """Return how many lines are touched before a statement, `None` if it is touched itself."""
        line = first_line(statement)
        before = touched[line - 1]
        is_clause = type(statement) is ast.If and text.text.startswith(
            "elif", text.offset(line, statement.col_offset)
        )
        return before if touched[statement.end_lineno or line] == before and not is_clause else None

    bodies = [module.body]
    while bodies:
        for before, run in groupby(bodies.pop(), touched_before):
            statements = list(run)
            if before is None:
                bodies += [body for statement in statements for body in blocks(statement)]
            else:
                start = text.offset(first_line(statements[0]), statements[0].col_offset)
                yield Edit(start, text.span(statements[-1]).end, (_STATEMENTS,))
