"""Functions that compute with tensors of a model that are not given to them.

On TensorFlow 1 the tensors of a model were those of its graph, and code that Keras calls could use
any of them. Since TensorFlow 2 a loss cannot, and with Keras 3 a layer cannot either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_imports.knowledge.target import Target
from keras_imports.migrate.passes.members import methods
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.references import Module
from keras_imports.python.tree import Tree

_LAYER = "give it to the layer as one of its inputs"
_LOSS = "compute the loss in a layer that is given it, by `add_loss`"
_BASES = (".Layer", ".Model")
_OF_SHAPES = ("int_shape", "ndim", "get_shape")


def outside_tensors(
    tree: Tree, module: Module, classes: Mapping[ast.ClassDef, str], target: Target
) -> Iterator[Unfixed]:
    """What such functions use, each name once; `classes` are those derived from one of Keras."""
    uses = [r for r in module.references if r.kind == "name" and r.context.function]
    uses = [r for r in uses if r.bindings and all(binding.symbolic for binding in r.bindings)]
    if not uses:
        return
    advice: dict[ast.AST, str] = {}
    if target.generation in ("keras2", "keras3"):
        losses = set(_losses(module))
        for node in tree.blocks:
            if isinstance(node, ast.FunctionDef) and node.name in losses:
                advice[node] = _LOSS
    if target.generation == "keras3":
        for node, path in classes.items():
            if ".layers." in path or path.endswith(_BASES):
                advice.update((method, _LAYER) for method in methods(node))
    told: set[tuple[ast.AST, str]] = set()
    for use in uses:
        called = tree.parent(use.node)
        if isinstance(called, ast.Call) and ast.unparse(called.func).endswith(_OF_SHAPES):
            continue
        function = next((node for node in tree.above(use.node) if node in advice), None)
        name = tree.text.of(use.node)
        if function is None or any(function in tree.above(b.node) for b in use.bindings):
            continue
        if (function, name) in told:
            continue
        told.add((function, name))
        place = tree.text.place(tree.text.span(use.node).start)
        message = f"`{name}` is a tensor of a model, which `{function.name}` is not given"
        yield Unfixed(*place, name, message, advice[function])


def _losses(module: Module) -> Iterator[str]:
    """The names of what is given to `compile` as losses."""
    for reference in module.references:
        call = reference.call
        if call is None or not reference.path.endswith("().compile"):
            continue
        given = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "loss")]
        for value in given:
            yield from (node.id for node in ast.walk(value) if isinstance(node, ast.Name))
