"""Report attributes that are set, and that are properties in Keras 3.

    class Log(keras.callbacks.Callback):
        def __init__(self, model):
            self.model = model              raises an AttributeError

    model.outputs = [model.layers[-2].output]       so does this, of any model

Keras 2 has no such properties, or lets them be set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods, set_by
from keras_imports.knowledge.methods import kind_of
from keras_imports.knowledge.rules import read_only, unsettable
from keras_imports.python.expressions import is_own
from keras_imports.python.paths import after_call, callee
from keras_imports.python.tree import walk

applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each that is set, but of a property that the class defines itself."""
    yield from _by_classes(module)
    for reference in module.references:
        node, path = reference.node, reference.path
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            kind, name = kind_of(callee(path)), (after_call(path) or "").removeprefix(".")
            advice = unsettable().get(kind, {}).get(name)
            if advice:
                yield module.unfixed(node, _message(module, kind, name), advice)


def _by_classes(module: ModuleInMigration) -> Iterator[Fix]:
    for kind, names in read_only().items():
        for node in module.classes(kind):
            own = {method.name for method in methods(node)}
            for assigned in (each for inner in walk(node) for each in set_by(inner)):
                if is_own(assigned) and assigned.attr in names and assigned.attr not in own:
                    advice = "give the attribute another name"
                    if kind == "Callback":
                        advice += ", or leave it out: `fit` tells a callback its model"
                    yield module.unfixed(assigned, _message(module, kind, assigned.attr), advice)


def _message(module: ModuleInMigration, kind: str, name: str) -> str:
    return f"`{name}` of a `{kind}` cannot be set in {module.target}"
