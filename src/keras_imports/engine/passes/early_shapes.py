"""Report shapes that a layer tells by what its `call` sets: Keras 3 asks for them before that.

    def call(self, x):
        self.result = K.exp(-x)
        return self.result

    def compute_output_shape(self, input_shape):
        return K.int_shape(self.result)

Keras 2 asks for them after `call`, or not at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name
from keras_imports.python.expressions import is_own


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to Keras 3, and has layers that tell their shapes."""
    tells = "compute_output_shape" in module.text.text
    return tells and module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such attribute that is read."""
    for layer in module.keras_classes:
        named = methods_by_name(layer)
        call, shape = named.get("call"), named.get("compute_output_shape")
        if call is None or shape is None:
            continue
        others = [named[name] for name in ("__init__", "build") if name in named]
        early = {name for method in others for name in _set_in(method)}
        for node in ast.walk(shape):
            if is_own(node) and node.attr in _set_in(call) - early:
                message = f"`compute_output_shape` is called before `call` sets `self.{node.attr}`"
                advice = "remove the method: the shape is found out, or tell it by the input's"
                yield module.unfixed(node, f"{message} in {module.target}", advice, BEHAVIOUR.name)


def _set_in(method: ast.AST) -> set[str]:
    """Return the attributes of `self` that a method sets to more than `None`."""
    found: set[str] = set()
    for node in ast.walk(method):
        if isinstance(node, ast.Assign) and getattr(node.value, "value", node) is not None:
            found.update(target.attr for target in node.targets if is_own(target))
    return found
