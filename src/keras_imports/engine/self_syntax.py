"""What methods do with `self`, and what statements set, read off the syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Method = ast.FunctionDef | ast.AsyncFunctionDef


def methods(node: ast.ClassDef) -> Iterator[Method]:
    """Yield the methods that a class defines."""
    for statement in node.body:
        if isinstance(statement, Method):
            yield statement


def set_by(node: ast.AST) -> list[ast.expr]:
    """Return what a statement or `:=` sets, the elements of a tuple one by one."""
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        return [node.target]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [each for target in targets for each in getattr(target, "elts", [target])]
