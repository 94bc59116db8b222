"""Report what is frozen or thawed between `compile` and the first training after it.

    model.compile("sgd", "mse")
    model.layers[0].trainable = False
    model.fit(x, y)                     trained that layer in Keras 1 and 2, and does not now

Keras 1 and 2 train what was trainable when a model was compiled, Keras 3 asks when it trains. A
model that is frozen as a part of another one is looked at by `frozen_models`.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, old_to_keras_3
from keras_imports.python.statements import target_names
from keras_imports.python.tree import FUNCTIONS

_SETS = re.compile(r"\.\s*trainable\s*=(?!=)")
_TRAINS = re.compile(r"\s*\.\s*(?:train_on_batch|fit|fit_generator)\s*\(")
_COMPILES = re.compile(r"\s*\.\s*compile\s*\(")
_PART = re.compile(r"\s*\(|\s*\.\s*outputs?\b")  # of another model
_OF_LAYERS = re.compile(r"(?<![\w.])(\w+(?:\.\w+)*?)\s*\.\s*(?:layers\b|get_layer\s*\()")


applies = old_to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such assignment, in code that may be old."""
    for node in module.tree.matching(_SETS):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Attribute):
            continue
        model = _model(module, node.targets[0].value, node)
        if model and _is_trained_next(module, model, node):
            message = (
                f"`{model}` was compiled before, so that this counted for nothing; "
                f"{module.target} asks when it trains"
            )
            advice = "remove it, or compile after it if it is to hold"
            yield module.differs(node, message, advice)


def _model(module: ModuleInMigration, owner: ast.expr, node: ast.Assign) -> str:
    """Return what model it is of which something is frozen: of a layer the one that it is taken of.

    `model` for `model`, `model.layers[0]`, and `layer` of `for layer in model.layers`.
    """
    written = module.text.of(owner)
    for above in module.tree.above(node):
        if isinstance(above, FUNCTIONS):
            break
        if isinstance(above, ast.For) and written in target_names(above.target):
            written = module.text.of(above.iter)
    match = _OF_LAYERS.search(written)
    if match:
        return match[1]
    is_name = re.fullmatch(r"[\w.]+", written)
    return written if is_name and not module.text.followed(written, _PART) else ""


def _is_trained_next(module: ModuleInMigration, model: str, node: ast.Assign) -> bool:
    """Return whether a model is compiled, then changed, then trained, in one run of statements."""
    place = module.text.span(node).start
    compiled = module.text.followed(model, _COMPILES)
    trained = module.text.followed(model, _TRAINS)
    before, after = bisect_left(compiled, place), bisect_left(trained, place)
    if not before or after == len(trained):
        return False
    last, first = compiled[before - 1], trained[after]
    function = module.tree.function_around(node)
    if function is not None:
        span = module.text.span(function)
        if not span.start <= last < first < span.end:
            return False
    is_between = after > 0 and trained[after - 1] > last
    return not is_between and (before == len(compiled) or compiled[before] > first)
