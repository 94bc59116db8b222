"""Read off what models are compiled with, and which functions of the program are among it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from keras_imports.engine.module import ModuleInMigration

_COMPILE = re.compile(r"\.\s*compile\s*\(")
_POSITIONS = ("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics")
_TELLING = frozenset({"loss", "metrics", "optimizer", "loss_weights", "weighted_metrics"})


@dataclass(frozen=True, eq=False)
class Compiled:
    """One call of a model's `compile`, and its arguments by name."""

    call: ast.Call
    model: ast.expr
    given: dict[str, ast.expr] = field(default_factory=dict)


def compiled(module: ModuleInMigration) -> Iterator[Compiled]:
    """Yield the calls of `compile` that are a model's, by its arguments if nothing else tells."""
    for node in module.tree.matching(_COMPILE):
        match node:
            case ast.Call(func=ast.Attribute(value=model, attr="compile") as function):
                given = dict(zip(_POSITIONS, node.args, strict=False))
                given.update({k.arg: k.value for k in node.keywords if k.arg})
                known = module.reference_of.get(function)
                is_model = known is not None and known.path.endswith("().compile")
                if is_model or _TELLING & {keyword.arg for keyword in node.keywords}:
                    yield Compiled(node, model, given)


def functions_in(module: ModuleInMigration, given: ast.expr | None) -> Iterator[ast.FunctionDef]:
    """Yield the functions of the program in a loss or list of metrics, or those made for it.

    A call of a function of the program is taken for one that makes what it defines inside.
    """
    for node in ast.walk(given) if given is not None else ():
        if not isinstance(node, ast.Name):
            continue
        parent = module.tree.parent(node)
        is_called = isinstance(parent, ast.Call) and parent.func is node
        for function in _defined(module, node.id):
            if is_called:
                yield from _inside(function)
            else:
                yield function


def _defined(module: ModuleInMigration, name: str) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a name, and those that are assigned to it."""
    for node in module.tree.binders(name):
        if isinstance(node, ast.FunctionDef):
            yield node


def _inside(function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef) and node is not function:
            yield node
