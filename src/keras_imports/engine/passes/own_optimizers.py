"""Report what an optimizer of a program's own has to be for Keras 3.

    class Mine(Optimizer):
        def __init__(self, lr, name="Mine", **kwargs):
            super().__init__(name, **kwargs)        has to pass `learning_rate`
        def get_updates(self, loss, params):        is never called: `update_step` is
        def update_step(self, gradient, variable):  is given the learning rate, too

Nothing is edited: what a step does to a variable is the program's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import is_super_init, methods
from keras_imports.python.definitions import Definition
from keras_imports.python.tree import walk

_OPTIMIZER = re.compile(r"\.(?:optimizers|optimizer_v2)\.(?!schedules\b)(?:\w+\.)*[A-Z]\w*$")
_BASE = re.compile(r"\.Optimizer(?:V2)?$")
_STEP = "update_step(gradient, variable, learning_rate)"

# What Keras 2 called of an optimizer, and where Keras 3 wants what it does.
_NEVER_CALLED = {
    "get_updates": f"`{_STEP}`, variable by variable",
    "_resource_apply_dense": f"`{_STEP}`",
    "_resource_apply_sparse": f"`{_STEP}`",
    "_apply_dense": f"`{_STEP}`",
    "_create_slots": "`build(variables)`, with `self.add_variable_from_reference(variable, name)`",
    "_prepare_local": f"`{_STEP}`",
}


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such method and call."""
    for kind, path in module.keras_classes.items():
        if _OPTIMIZER.search(path):
            for method in methods(kind):
                yield from _method(module, method)
                if method.name == "__init__" and _BASE.search(path):
                    yield from _constructor(module, method)


def _method(module: ModuleInMigration, method: Definition) -> Iterator[Fix]:
    if method.name in _NEVER_CALLED:
        message = f"an optimizer's `{method.name}` is never called by {module.target}"
        yield module.unfixed(method, message, f"move what it does to {_NEVER_CALLED[method.name]}")
    arguments = method.args
    takes = len(arguments.posonlyargs) + len(arguments.args)
    if method.name == "update_step" and takes == 3 and arguments.vararg is None:  # with `self`
        message = f"{module.target} gives `update_step` the learning rate, too"
        yield module.unfixed(method, message, f"write `{_STEP}`")


def _constructor(module: ModuleInMigration, method: Definition) -> Iterator[Fix]:
    for node in walk(method):
        if isinstance(node, ast.Call) and is_super_init(node) and not _passes_rate(node):
            message = f"an optimizer of {module.target} takes a `learning_rate` first"
            yield module.unfixed(node, message, "pass `learning_rate=` to it, and `name=` by name")


def _passes_rate(call: ast.Call) -> bool:
    match call.args:
        case [ast.Name(id="name") | ast.Constant(value=str()), *_]:
            return False
        case [_, *_]:
            return True
    return any(keyword.arg == "learning_rate" for keyword in call.keywords)
