"""What classes define, functions hold, calls pass and statements set, by their syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.python.definitions import Definition
from keras_imports.python.tree import FUNCTIONS, children


def methods(node: ast.ClassDef) -> Iterator[Definition]:
    """Yield the methods that a class defines."""
    for statement in node.body:
        if isinstance(statement, Definition):
            yield statement


def methods_by_name(node: ast.ClassDef) -> dict[str, Definition]:
    """Return the methods that a class defines, the last one of each name."""
    return {method.name: method for method in methods(node)}


def passed(call: ast.Call, place: int, *names: str) -> ast.expr | None:
    """Return what a call passes at a place, or by one of some names; `None` if nothing."""
    named = (keyword.value for keyword in call.keywords if keyword.arg in names)
    return call.args[place] if len(call.args) > place else next(named, None)


def is_super_init(call: ast.Call) -> bool:
    """Return whether a call is `super().__init__(…)`."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return True
    return False


def own_nodes(function: Definition) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body, without those of functions and classes in it."""
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            stack.extend(children(node))


def set_by(node: ast.AST) -> list[ast.expr]:
    """Return what a statement or `:=` sets, the elements of a tuple one by one."""
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        return [node.target]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [each for target in targets for each in getattr(target, "elts", [target])]
