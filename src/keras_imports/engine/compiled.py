"""Read off what models are compiled with, and which functions of the program are among it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.engine.around import call_of
from keras_imports.engine.metric_names import COMPILES
from keras_imports.engine.module import ModuleInMigration
from keras_imports.python.tree import walk

_POSITIONS = ("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics")
METRICS = ("metrics", "weighted_metrics")


@dataclass(frozen=True, eq=False)
class Compiled:
    """One call of a model's `compile`, and its arguments by name."""

    call: ast.Call
    model: ast.expr
    given: dict[str, ast.expr]


def compiled(module: ModuleInMigration) -> Iterator[Compiled]:
    """Yield the calls of `compile` that are a model's, by its arguments if nothing else tells."""
    for node in module.tree.matching(COMPILES):
        match node:
            case ast.Call(func=ast.Attribute(value=model, attr="compile") as function):
                given = dict(zip(_POSITIONS, node.args, strict=False))
                given.update({k.arg: k.value for k in node.keywords if k.arg})
                known = module.reference_of.get(function)
                is_model = known is not None and known.path.endswith("().compile")
                if is_model or any(keyword.arg in _POSITIONS for keyword in node.keywords):
                    yield Compiled(node, model, given)


def functions_in(module: ModuleInMigration, given: ast.expr | None) -> Iterator[ast.FunctionDef]:
    """Yield the functions of the program in a loss or list of metrics, or those made for it.

    A call of a function of the program is taken for one that makes what it defines inside.
    """
    for node in walk(given) if given is not None else ():
        if not isinstance(node, ast.Name):
            continue
        is_called = call_of(module.tree, node) is not None
        for function in module.tree.binders(node.id):
            if isinstance(function, ast.FunctionDef):
                yield from _inside(function) if is_called else (function,)


def _inside(function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    for node in walk(function):
        if isinstance(node, ast.FunctionDef) and node is not function:
            yield node
