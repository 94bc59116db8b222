"""Tell values apart, and make others of them: what names and expressions stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from keras_imports.python.definitions import (
    LONGEST_PATH,
    Callee,
    Own,
    OwnClass,
    Parts,
    has_object,
    own_path,
)
from keras_imports.python.expressions import last_name
from keras_imports.python.references import Binding
from keras_imports.python.scopes import NOTHING, Value


def replaced(value: Value, path_of: Callable[[str], str | None]) -> Value:
    """Return a value with other paths, without those that there is no other for."""
    replaced: list[Binding | None] = []
    for binding in value:
        path = None if binding is None else path_of(binding.path)
        replaced.append(replace(binding, path=path, symbolic=False) if binding and path else None)
    return tuple(replaced) if has_object(tuple(replaced)) else NOTHING


def own_binding(own: Callee | OwnClass, node: ast.stmt) -> Binding:
    """Return what stands for a function or class of the program that is nothing tracked."""
    return Binding(own_path(own.name), node, made=True, own=own)


def has_own(own: Own | None, name: str) -> bool:
    """Return whether a class of the program has an attribute of its own."""
    return isinstance(own, OwnClass) and any(name in kind.names for kind in own.lineage())


def symbolic_parts(value: Value) -> tuple[Binding, ...]:
    """Return what the parts of a list or tuple are, if all are symbolic."""
    own = value[0].own if len(value) == 1 and value[0] is not None else None
    parts = own.any() if isinstance(own, Parts) else NOTHING
    found = tuple([b for b in parts if b is not None and b.is_tracked and b.symbolic])
    return found if len(found) == len(parts) else ()


def is_nothing_yet(node: ast.expr) -> bool:
    """Return whether a value only stands in for one that is yet to come: `None`, `[]`, `{}`."""
    match node:
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


def is_of_super(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Return whether an expression is `super().x`."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Call):
        return False
    return last_name(node.value.func) == "super"


def extend(value: Value, suffix: str, symbolic: bool) -> Value:
    """Return a value with something added to its paths, unless they get too long."""
    return tuple(
        [
            None
            if b is None or b.made or len(b.path) > LONGEST_PATH
            else Binding(b.path + suffix, b.node, symbolic, origin=b.origin)
            for b in value
        ]
    )
