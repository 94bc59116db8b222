"""Find what stands around a node of a module: its function, its class, the call of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.python.tree import Tree


def class_around(tree: Tree, node: ast.AST) -> ast.ClassDef | None:
    """Return the innermost class that a node stands in, `None` if in none."""
    return next((above for above in tree.above(node) if isinstance(above, ast.ClassDef)), None)


def call_of(tree: Tree, node: ast.AST) -> ast.Call | None:
    """Return the call of what a node stands for, `None` where it is not called."""
    parent = tree.parent(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def lines_of_decorator(tree: Tree, node: ast.AST) -> tuple[int, int] | None:
    """Return the offsets of the lines that a decorator has to itself, `None` for another node."""
    if node not in getattr(tree.parent(node), "decorator_list", ()):
        return None
    text, span = tree.text.text, tree.text.span(node)
    start, end = tree.text.line_around(span)
    is_alone = text[start : span.start].strip() == "@" and not text[span.end : end].strip()
    return (start, end) if is_alone else None


def reads_of(tree: Tree, name: str) -> Iterator[ast.Name]:
    """Yield where a name is read in any scope of the module."""
    for node in tree.naming(name):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield node


def value_of(tree: Tree, node: ast.expr) -> ast.expr:
    """Return what a name is assigned if nothing else binds it; else the node as it is.

    A name that its function binds is of that function alone.
    """
    if not isinstance(node, ast.Name):
        return node
    binders = tree.binders(node.id)
    if len(binders) > 1:
        binders = tree.binders_in(node.id, tree.function_around(node)) or binders
    assigned = tree.parent(binders[0]) if len(binders) == 1 else None
    return assigned.value if isinstance(assigned, ast.Assign) else node
