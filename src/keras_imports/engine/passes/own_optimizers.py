"""Report what an optimizer of a program's own has to be for Keras 3.

    class Mine(Optimizer):
        def __init__(self, lr, **kwargs):
            super().__init__(**kwargs)              has to pass `learning_rate`
        def get_updates(self, loss, params):        is never called: `update_step` is

Nothing is edited: what a step does to a variable is the program's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration

_OPTIMIZER = re.compile(r"\.optimizers\.(?:\w+\.)*Optimizer(?:V2)?$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3."""
    return module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such method and call."""
    for kind, path in module.keras_classes.items():
        if _OPTIMIZER.search(path):
            for method in kind.body:
                if isinstance(method, ast.FunctionDef):
                    yield from _method(module, method)


def _method(module: ModuleInMigration, method: ast.FunctionDef) -> Iterator[Fix]:
    if method.name in ("get_updates", "_resource_apply_dense"):
        message = f"an optimizer's `{method.name}` is never called by {module.target}"
        advice = (
            "move what it does to a variable to `update_step(gradient, variable, learning_rate)`"
        )
        yield module.unfixed(method, message, advice)
    if method.name == "__init__":
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and _is_of_base(node) and not _passes_rate(node):
                message = f"an optimizer of {module.target} takes a `learning_rate`"
                yield module.unfixed(node, message, "pass `learning_rate=` to it")


def _is_of_base(call: ast.Call) -> bool:
    """Return whether a call is `super().__init__(…)`."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return True
    return False


def _passes_rate(call: ast.Call) -> bool:
    return bool(call.args) or any(keyword.arg == "learning_rate" for keyword in call.keywords)
