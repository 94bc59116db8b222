"""Sort import statements again that were sorted before they changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from keras_imports.python.edits import Edit, Piece, Span, Text
from keras_imports.python.import_statements import (
    Line,
    Statement,
    grouped,
    has_own_lines,
    is_one_a_line,
    names_apart,
    order_of,
)

Import = ast.Import | ast.ImportFrom
Key = tuple[bool, str]  # whether it is a `from`, and the module

# `import` before `from`, as sorters do by default, or both by their modules.
_ORDERS: tuple[Callable[[Key], tuple[bool | str, ...]], ...] = (
    lambda key: (key[0], key[1].lower()),
    lambda key: (key[1].lower(), key[0]),
)


def in_order(
    text: Text, body: list[ast.stmt], statements: Mapping[ast.stmt, Statement]
) -> Iterator[tuple[list[ast.stmt], Edit]]:
    """Yield the edits that write runs of statements anew where the old ones were sorted.

    With each edit come the statements whose own edits it takes the place of.
    What several changed statements import from one module is imported by one, unless the module
    imports one name a line. A statement that does not change, has a comment or several lines stays
    as it is, but may have another place.
    """
    is_single, is_apart = is_one_a_line(body), names_apart(body)
    names_order = order_of(node for node in body if isinstance(node, ast.ImportFrom))
    for run in _runs(text, body):
        old = [_key(node) for node in run]
        orders = [order for order in _ORDERS if _is_sorted([order(key) for key in old])]
        if not orders or not any(n in statements and statements[n].is_changed for n in run):
            continue
        pieces: list[tuple[Key, Span | list[Line]]] = []
        merged: dict[tuple[Key, ast.stmt | None], list[Line]] = {}  # those that others may join
        sources: dict[tuple[Key, Key], ast.stmt] = {}  # the first statement of each module
        anew: list[ast.stmt] = []
        for node in run:
            statement = statements.get(node)
            if statement is None or not statement.is_changed:
                pieces.append((_key(node), _whole(text, node)))
                continue
            is_plain = node.lineno == node.end_lineno and _whole(text, node) == text.span(node)
            own = [statement.old(alias) for alias in node.names]
            stays = not is_plain and statement.own_lines() == own
            if is_plain or stays:
                anew.append(node)
                if stays:
                    pieces.append((_key(node), _whole(text, node)))
                for line in statement.more if stays else statement.all_lines():
                    key = _key_of(line)
                    first = sources.setdefault((key, _key(node)), node)
                    # Statements that imported from one module were parted by their author.
                    group = key, None if first is node else node
                    is_alone = is_single or (is_apart and line.name != line.local)
                    if group in merged and line.module and not is_alone:
                        merged[group].append(line)
                        continue
                    its = [line]
                    pieces.append((key, its))
                    if not is_alone:
                        merged[group] = its
            elif statement.all_lines():
                pieces.append((_key_of(statement.all_lines()[0]), _whole(text, node)))
        pieces.sort(key=lambda piece: orders[0](piece[0]))
        written: list[Piece] = []
        for _, piece in pieces:
            if isinstance(piece, Span):
                written += ["\n", piece]
            else:
                lines = dict.fromkeys(piece)
                if names_order and len(lines) > 1:
                    lines = dict.fromkeys(sorted(lines, key=lambda line: names_order(line.item)))
                written += ["\n", "\n".join(grouped(lines))]
        if written:
            yield anew, Edit(text.span(run[0]).start, _whole(text, run[-1]).end, tuple(written[1:]))


def _runs(text: Text, body: list[ast.stmt]) -> Iterator[list[Import]]:
    """Yield the import statements that follow one another, two or more, each on its own lines."""
    run: list[Import] = []
    for node in body:
        statement = _sortable(text, node)
        if run and not (statement and node.lineno == (run[-1].end_lineno or 0) + 1):
            if len(run) > 1:
                yield run
            run = []
        if statement:
            run.append(statement)
    if len(run) > 1:
        yield run


def _sortable(text: Text, node: ast.stmt) -> Import | None:
    """Return a statement if it is an import that may have another place."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return None
    is_star = node.names[0].name == "*"  # which may bind anything
    return node if not is_star and has_own_lines(text, text.span(node)) else None


def _key_of(line: Line) -> Key:
    return bool(line.module), line.module or line.name


def _key(node: Import) -> Key:
    if isinstance(node, ast.ImportFrom):
        return True, "." * node.level + (node.module or "")
    return False, node.names[0].name


def _is_sorted(keys: list[tuple[bool | str, ...]]) -> bool:
    return all(one <= other for one, other in pairwise(keys))


def _whole(text: Text, node: ast.stmt) -> Span:
    """Return where a statement stands, with the comment behind it."""
    span = text.span(node)
    end = text.text.find("\n", span.end)
    rest = text.text[span.end : end if end >= 0 else len(text.text)]
    return Span(span.start, span.end + len(rest.rstrip()))
