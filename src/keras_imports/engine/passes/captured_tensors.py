"""Report functions that compute with tensors of a model that are not given to them.

    def loss(y_true, y_pred):
        return mse(y_true, y_pred) + kl(mean)       where `mean` is a tensor of the model

    Lambda(lambda x: x * weights)(y)            where `weights` is one

On TensorFlow 1 the tensors of a model were those of its graph, and code that Keras calls could use
any of them. Since TensorFlow 2 a loss cannot, and since 2.4 a layer cannot either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keras_imports.engine.given_tensors import functions_of_lambdas
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods, passed
from keras_imports.knowledge.target import Target
from keras_imports.python.references import Reference
from keras_imports.python.tree import FUNCTIONS, walk
from keras_imports.versions import version_key

_LAYER = "pass it to the layer as one of its inputs"
_LOSS = "compute the loss in a layer that takes it as an input, by `add_loss`"
_BASES = (".Layer", ".Model")
_OF_SHAPES = ("int_shape", "ndim", "get_shape")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target may run on TensorFlow 2."""
    return module.target.generation in ("keras2", "keras3")


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such tensor, once a function."""
    uses = [r for r in module.references if r.kind == "name" and r.context.function]
    uses = [r for r in uses if r.bindings and all(binding.symbolic for binding in r.bindings)]
    advice = _advice(module) if uses else {}
    told: set[tuple[ast.AST, str]] = set()
    for use in uses:
        called = module.tree.parent(use.node)
        if isinstance(called, ast.Call) and ast.unparse(called.func).endswith(_OF_SHAPES):
            continue
        above = [*module.tree.above(use.node)]
        function = next((n for n in above if isinstance(n, FUNCTIONS) and n in advice), None)
        name = module.text.of(use.node)
        if function is None or any(
            function is b.node or function in module.tree.above(b.node) for b in use.bindings
        ):
            continue
        if (function, name) in told:
            continue
        told.add((function, name))
        its_name = getattr(function, "name", "lambda")
        message = f"`{its_name}` uses `{name}`, a tensor of a model that it is not given"
        yield module.unfixed(use.node, message, advice[function])


def _advice(module: ModuleInMigration) -> dict[ast.AST, str]:
    """Return the functions that cannot use any tensor, and what to do about one."""
    losses = set(_losses(module.references))
    advice: dict[ast.AST, str] = {
        node: _LOSS
        for node in module.tree.blocks
        if isinstance(node, ast.FunctionDef) and node.name in losses
    }
    if not refuses_captured(module.target):
        return advice
    for node, path in module.keras_classes.items():
        if ".layers." in path or path.endswith(_BASES):
            computing = (method for method in methods(node) if method.name != "__init__")
            advice.update((method, _LAYER) for method in computing)
    return advice | dict.fromkeys(functions_of_lambdas(module), _LAYER)


def refuses_captured(target: Target) -> bool:
    """Return whether a layer cannot use tensors that it is not given: since TensorFlow 2.4."""
    return version_key(target.release) >= (2, 4)


def _losses(references: Iterable[Reference]) -> Iterator[str]:
    """Yield the names of what is given to `compile` as losses."""
    for reference in references:
        call = reference.call
        if call is None or not reference.path.endswith("().compile"):
            continue
        loss = passed(call, 1, "loss")
        if loss is not None:
            yield from (node.id for node in walk(loss) if isinstance(node, ast.Name))
