"""Find sizes of layers that are no `int`, which Keras 3 refuses: quotients, texts, NumPy's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

_NUMPY = frozenset({"np", "numpy"})
_ASSIGNED = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*([^=\s].*)$", re.MULTILINE)
_REDUCTIONS = frozenset({"max", "min", "sum", "prod"})


def is_no_int(text: str, node: ast.expr) -> bool:
    """Return whether an expression of a module visibly gives something else than an `int`."""
    if isinstance(node, ast.Name):
        return _is_never_int(text, node.id)
    return any(map(_is_other, _parts(text, node, set())))


@lru_cache(maxsize=1 << 10)
def _is_never_int(text: str, name: str) -> bool:
    return any(map(_is_other, _parts(text, ast.Name(name, ast.Load()), set())))


def numbers(node: ast.expr) -> list[ast.expr]:
    """Return the numbers that a size consists of: itself, or those of a tuple."""
    return node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]


def _parts(text: str, node: ast.AST, seen: set[str]) -> Iterator[ast.AST]:
    """Yield the nodes that decide about a number's type, those of the names in it included."""
    yield node
    if isinstance(node, ast.Name) and node.id not in seen:
        seen.add(node.id)
        for value in assigned_in(text, node.id):
            yield from _parts(text, value, seen)
    elif isinstance(node, (ast.BinOp, ast.UnaryOp)):
        for child in ast.iter_child_nodes(node):
            yield from _parts(text, child, seen)


def _is_other(node: ast.AST) -> bool:
    """Return whether a node is a quotient, a fraction, digits, a call of NumPy, or a reduction."""
    if isinstance(node, ast.Constant):
        is_text = isinstance(node.value, str) and node.value.isdigit()
        return is_text or isinstance(node.value, float)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    return (isinstance(owner, ast.Name) and owner.id in _NUMPY) or (
        node.func.attr in _REDUCTIONS and not node.args and not node.keywords
    )


@lru_cache(maxsize=1 << 10)
def assigned_in(text: str, name: str) -> tuple[ast.expr, ...]:
    """Return what is assigned to a name anywhere in a module, where that is one line."""
    values = []
    for line in _lines_assigned(text).get(name, ()):
        try:
            values.append(ast.parse(line, mode="eval").body)
        except SyntaxError:
            continue
    return tuple(values)


@lru_cache(maxsize=16)
def _lines_assigned(text: str) -> dict[str, list[str]]:
    """Return what is assigned to each name, where that is one line."""
    lines: dict[str, list[str]] = {}
    for name, line in _ASSIGNED.findall(text):
        lines.setdefault(name, []).append(line)
    return lines
