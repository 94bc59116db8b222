"""Lay statements out again after they changed, in the way in which they were laid out before.

What Black or Ruff would have left as it was is as they would have it afterwards, too; any other
statement is broken only where a line has become too long.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from keras_imports.python.edits import Copied, Edit, Text, now
from keras_imports.python.layout import laid_out
from keras_imports.python.statements import first_line
from keras_imports.python.wrapping import wrapped

_PEP_8 = 79  # columns
_USUAL = (88, 80, 100, 120, 79)  # the widths that formatters are told most often
_SAMPLE = 20  # statements that tell the width of a file


@dataclass(frozen=True)
class _Changed:
    """A statement, or the header of one, as it was and as it is, and where it is now."""

    column: int
    old: str
    new: str
    start: int


def reformatted(
    old: Text, statements: Iterable[ast.stmt], new: str, copied: Sequence[Copied], width: int | None
) -> Iterator[Edit]:
    """Yield edits of the new text, which has copied pieces of the old one.

    `width` is how long a line may be where the project says so.
    """
    known = list(statements)
    changed = list(_changed(old, known, new, copied))
    limit: int = width or max(_PEP_8, *map(len, old.text.splitlines()))
    imports = list(_long_imports(old.text, new, limit))
    are_short = all(each.column + len(each.new) <= _PEP_8 for each in changed)
    if not imports and are_short and not any("\n" in each.old for each in changed):
        return
    formatted = _width(old, known, changed, width)
    for start, line in imports:
        yield Edit(start, start + len(line), (_broken_import(line, limit, formatted is not None),))
    for each in changed:
        text: str | None = None
        if formatted and each.old == laid_out(each.old, each.column, formatted):
            text = laid_out(each.new, each.column, formatted)
        if text is None:
            longest = max(each.column + len(line) for line in each.old.split("\n"))
            text = wrapped(each.new, each.column, max(limit, longest))
        if text != each.new:
            yield Edit(each.start, each.start + len(each.new), (text,))


def _long_imports(old: str, new: str, limit: int) -> Iterator[tuple[int, str]]:
    """Yield new lines that import names and are too long, and where they are."""
    start = 0
    for line in new.split("\n"):
        is_import = len(line) > limit and line.lstrip().startswith("from ") and " import " in line
        if is_import and not set("(#;\\\"'") & set(line) and line not in old:
            yield start, line
        start += len(line) + 1


def _broken_import(line: str, limit: int, is_formatted: bool) -> str:
    """Return an import over several lines: one a name where a formatter is used."""
    module, _, names = line.partition(" import ")
    indent = " " * (len(module) - len(module.lstrip()))
    if not is_formatted:
        return indent + wrapped(f"{module.lstrip()} import ({names})", len(indent), limit)
    lines = [f"{indent}    {name}," for name in names.split(", ")]
    return "\n".join([f"{module} import (", *lines, f"{indent})"])


def _changed(
    old: Text, statements: Iterable[ast.stmt], new: str, copied: Sequence[Copied]
) -> Iterator[_Changed]:
    """Yield the statements that are not what they were."""
    ends = [piece.end for piece in copied]
    lines = sorted({old.place(end)[0] for end in [0, *ends]})
    for node in statements:
        index = bisect_left(lines, node.lineno)
        if index == len(lines) or lines[index] > (node.end_lineno or node.lineno):
            continue
        span = _header(old, node)
        if span is None:
            continue
        start, end = span
        before, behind = now(copied, start - 1) if start else 0, now(copied, end)
        if before is None or behind is None:
            continue
        first = before + bool(start)
        was, code = old.text[start:end], new[first:behind]
        column = len(old.line_before(start))
        if was != code and first - new.rfind("\n", 0, first) - 1 == column:
            yield _Changed(column, was, code, first)


def _header(old: Text, node: ast.stmt) -> tuple[int, int] | None:
    """Return the offsets of a statement with its comment, or of a header without one.

    Return `None` for what is no statement on lines of its own.
    """
    start = old.offset(node.lineno, node.col_offset)
    if old.line_before(start).strip(" ") or isinstance(node, (ast.Import, ast.ImportFrom)):
        return None
    body = getattr(node, "body", None)
    if body:
        end = start + len(old.text[start : old.start_of(first_line(body[0]))].rstrip())
        is_header = body[0].lineno > node.lineno and old.text[start:end].endswith(":")
        return (start, end) if is_header else None
    end = old.text.find("\n", old.span(node).end)
    end = end if end >= 0 else len(old.text)
    return start, start + len(old.text[start:end].rstrip())


def _width(
    old: Text, statements: list[ast.stmt], changed: list[_Changed], width: int | None
) -> int | None:
    """Return the width by which a file is formatted; `None` if it is by none.

    Where the project says nothing, it has to be seen in statements of several lines.
    """
    sample = [(each.old, each.column) for each in changed if "\n" in each.old]
    for node in statements:
        if len(sample) >= _SAMPLE:
            break
        if node.end_lineno != node.lineno and not getattr(node, "body", None):
            span = _header(old, node)
            if span:
                sample.append((old.text[slice(*span)], node.col_offset))
    for each in (width,) if width else _USUAL:
        laid = [(code, laid_out(code, column, each)) for code, column in sample]
        told = [code == new for code, new in laid if new is not None]
        if told and all(told):
            return each
    return width if width and not sample else None
