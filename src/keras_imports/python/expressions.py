"""What single expressions hold, read off their syntax alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

DISPLAYS = (ast.List, ast.Tuple)

# Functions that hand on the elements of what they are given, one or several.
ITERATORS = frozenset({"enumerate", "iter", "list", "reversed", "sorted", "tuple", "zip"})
HANDING_ON = ITERATORS | {"partial"}

_OF_CLASS = re.compile(
    r"\bdef[ \t]+(\w+)|\bself\.(\w+)(?:[ \t]*,[^=\n]*)?[ \t]*(?::[^=\n]+)?=(?!=)"
    r"|^[ \t]+(\w+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


def is_own(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Return whether an expression is `self.x`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def names_of_class(body: str) -> frozenset[str]:
    """Return the names that the text of a class defines, or sets on `self`."""
    return frozenset(name for match in _OF_CLASS.findall(body) for name in match if name)


def last_name(node: ast.expr | None) -> str | None:
    """Return the last part of a dotted name, `b` of `a.b`; `None` for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def dotted(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """Return what a chain of attributes starts with, and their names, last one first."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return node, names


def elements(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the elements of a (nested) list or tuple display, or the expression itself."""
    if isinstance(node, DISPLAYS):
        for element in node.elts:
            yield from elements(element)
    else:
        yield node


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Yield all parameters of a function."""
    yield from arguments.posonlyargs
    yield from arguments.args
    yield from arguments.kwonlyargs
    if arguments.vararg is not None:
        yield arguments.vararg
    if arguments.kwarg is not None:
        yield arguments.kwarg


def quoted_expressions(annotation: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that an annotation has in quotes, with their places in the module.

    What stands in `Literal` or after the first element of `Annotated` is data, no annotation.
    """
    stack: list[ast.AST] = [annotation]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Subscript):
            name = last_name(node.value)
            if name == "Literal":
                continue
            if name == "Annotated" and isinstance(node.slice, ast.Tuple):
                stack.append(node.slice.elts[0])
                continue
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            quoted = _parsed(node, node.value)
            if quoted is not None:
                yield quoted
        stack.extend(ast.iter_child_nodes(node))


def _parsed(node: ast.Constant, text: str) -> ast.expr | None:
    """Return the expression in a string, `None` if it is none or its places cannot be told."""
    width = len(text.encode("utf-8", "surrogatepass")) + 2
    # As wide as its content and two quotes: so without escapes, a prefix or three quotes.
    if (node.end_lineno, (node.end_col_offset or 0) - node.col_offset) != (node.lineno, width):
        return None
    try:
        expression = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for inner in ast.walk(expression):
        if isinstance(inner, (ast.expr, ast.keyword, ast.arg)):
            inner.lineno = inner.end_lineno = node.lineno
            inner.col_offset += node.col_offset + 1
            inner.end_col_offset = (inner.end_col_offset or 0) + node.col_offset + 1
    return expression
