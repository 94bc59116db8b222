"""Say where findings and what mends them stand in a file as it lies on the disk."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_imports.check.module import CheckedModule, Node
from keras_imports.engine.findings import Finding, Replacement
from keras_imports.python.edits import Edit, Text, outermost
from keras_imports.python.files import read_bytes
from keras_imports.python.notebooks import CellPlaces


def import_edits(module: CheckedModule, node: Node, write: str) -> tuple[Edit, ...]:
    """Return the edits that import one name as it is to be written, and others as they were.

    There are none where the new import binds another name, or where more than a line is imported.
    """
    statement = module.tree.parent(node) if isinstance(node, ast.alias) else None
    if not isinstance(node, ast.alias) or not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return ()
    (new,) = ast.parse(write).body
    if statement.lineno != statement.end_lineno or not isinstance(
        new, (ast.Import, ast.ImportFrom)
    ):
        return ()
    if _bound(new.names[0]) != _bound(node):
        return ()
    span, names = module.text.span(statement), statement.names
    if len(names) == 1:
        return (Edit(span.start, span.end, (write,)),)
    if module.text.line_before(span.start).strip():
        return ()  # on one line with something else
    place = names.index(node)
    if place:
        removed = Edit(module.text.span(names[place - 1]).end, module.text.span(node).end, ())
    else:
        removed = Edit(module.text.span(node).start, module.text.span(names[1]).start, ())
    line = f"\n{module.text.indent(span.start)}{write}"
    return (removed, Edit(span.end, span.end, (line,)))


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def located(module: CheckedModule, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with their places in the file as it is stored, and with their fixes."""
    if not findings or not module.source.cells:
        return [
            replace(each, fix=tuple(_fix(module.text, _edits(module, each)))) for each in findings
        ]
    cells = _cells(module.source.file)
    text = Text(cells.text)

    def stored(offset: int) -> int:
        line, column = module.text.place(offset)
        cell, inner = module.source.place(line)
        return cells.offset(cell or 0, inner, column)

    placed = []
    for each in findings:
        place = text.place(cells.offset(each.cell or 0, each.line, each.column))
        edits = [
            Edit(
                stored(edit.start),
                stored(edit.end),
                tuple(map(cells.quoted, map(str, edit.pieces))),
            )
            for edit in _edits(module, each)
        ]
        is_whole = all(cells.is_in_one_string(edit.start, edit.end) for edit in edits)
        placed.append(replace(each, stored=place, fix=tuple(_fix(text, edits if is_whole else ()))))
    return placed


def with_stored_place(finding: Finding) -> Finding:
    """Return a finding that knows where it stands in a notebook's file, if it is in one."""
    if finding.cell is None:
        return finding
    cells = _cells(finding.file)
    place = Text(cells.text).place(cells.offset(finding.cell, finding.line, finding.column))
    return replace(finding, stored=place)


def _cells(file: str) -> CellPlaces:
    data = read_bytes(file)
    return CellPlaces(data.decode(json.detect_encoding(data)))


def _edits(module: CheckedModule, finding: Finding) -> list[Edit]:
    """Return what mends a finding, as far as no import is needed for it."""
    return [*outermost(module.text.text, finding.edits)] if finding.complete else []


def _fix(text: Text, edits: Sequence[Edit]) -> Iterator[Replacement]:
    for edit in edits:
        written = "".join(map(str, edit.pieces))
        yield Replacement(text.place(edit.start), text.place(edit.end), written)
