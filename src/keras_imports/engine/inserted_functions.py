"""Functions that are written into a module, since no Keras of now has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keras_imports.engine.placeholders import QualifiedName, TargetName
from keras_imports.knowledge.rules import functions
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit, Piece, Span
from keras_imports.python.joined_cells import is_mark
from keras_imports.python.statements import first_line
from keras_imports.python.tree import Tree

_TENSORS = re.compile(r"\{tensors\}\.(\w+)")


def code_of(function: str, local: str, target: Target) -> Iterator[Piece]:
    """Yield the code of a function of functions.yml under its name in the module."""
    code = functions()[function].replace(f"def {function}(", f"def {local}(", 1)
    position = 0
    for operation in _TENSORS.finditer(code):
        yield code[position : operation.start()]
        if target.generation == "keras3":
            yield TargetName(f"ops.{operation[1]}")
        else:
            yield from (QualifiedName("tensorflow"), f".{operation[1]}")
        position = operation.end()
    yield code[position:]


def inserted(tree: Tree, code: Iterable[Piece], line: int, edits: Iterable[Edit]) -> Edit:
    """Return the edit that puts functions before the statement at the top that a line belongs to.

    Of the others, `edits`, one may begin at the same place; it is made as well.
    """
    text, start = tree.text, 0
    for node in tree.module.body:
        begin = first_line(node)
        if begin > line:
            break
        offset = text.start_of(begin)
        if not text.text[offset : text.span(node).start].strip() or begin != node.lineno:
            start = offset
    lines = text.text[:start].split("\n")[:-1]
    while lines and lines[-1].startswith("#") and not is_mark(lines[-1]):
        start -= len(lines.pop()) + 1
    blank = next((n for n, each in enumerate(reversed(lines)) if each.strip()), len(lines))
    before = "\n" * max(0, 2 - blank) if lines[: len(lines) - blank] else ""
    end = max((edit.end for edit in edits if edit.start == start), default=start)
    return Edit(start, end, (before, *code, "\n\n", Span(start, end)))
