"""Let a layer's `call` name its first argument, by whose shape Keras 3 builds the layer.

    def call(self, *args):              def call(self, inputs, *args):
        return self.cell(*args)             return self.cell(inputs, *args)

Left to a person is what such a `call` does with `training`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, old_to_keras_3
from keras_imports.engine.nodes import methods, methods_by_name
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit
from keras_imports.python.tree import walk

_NAME = "inputs"


applies = old_to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits, and a finding where such a `call` may need `training`."""
    for layer in module.keras_classes:
        if "__call__" in methods_by_name(layer):
            continue  # it is not Keras that calls its `call`
        for method in methods(layer):
            if method.name == "call":
                yield from _named_first(module, method)


def _named_first(module: ModuleInMigration, method: Definition) -> Iterator[Fix]:
    taken, rest, text = method.args, method.args.vararg, module.text
    if rest is None or len(taken.args) != 1 or taken.posonlyargs:
        return
    inside = [*walk(method)]
    names = [node.id for node in inside if isinstance(node, ast.Name)]
    handed_on = [
        node.args[0]
        for node in inside
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Starred)
        and getattr(node.args[0].value, "id", "") == rest.arg
    ]
    known = {*names, *(each.arg for each in taken.kwonlyargs)}
    if names.count(rest.arg) != len(handed_on) or _NAME in known:
        return
    start = text.text.rindex("*", 0, text.span(rest).start)
    for place in (start, *(text.span(node).start for node in handed_on)):
        yield Edit(place, place, (f"{_NAME}, ",))
    if all(each.arg != "training" for each in taken.kwonlyargs):
        message = f"{module.target} passes `training` only to a `call` that names it"
        advice = "add `training=None` to its parameters, and pass it on, if it matters"
        yield module.unfixed(method, message, advice)
