"""Give a tape of TensorFlow the variables that the weights of Keras 3 hold.

    tape.watch(model.trainable_variables)   tape.watch([v.value for v in model.trainable_variables])
    tape.watch(layer.kernel)                tape.watch(layer.kernel.value)

A tape knows only tensors and variables of TensorFlow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.python.edits import Edit

_WATCH = re.compile(r"\.\s*watch\s*\(")
_SEVERAL = re.compile(r"\(\)\.(?:(?:non_)?trainable_)?(?:weights|variables)$")
_ONE = re.compile(r"\bVariable\(\)$|\(\)\.(?:kernel|bias)$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the code has something watched."""
    return to_keras_3(module) and _WATCH.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what tapes are given."""
    for node in module.tree.matching(_WATCH):
        match node:
            case ast.Call(func=ast.Attribute(attr="watch"), args=[given], keywords=[]):
                span = module.text.span(given)
                if _is_weight(module, given):
                    yield Edit(span.end, span.end, (".value",))
                elif _are_weights(module, given):
                    name = "each" if re.search(r"\bv\b", module.text.of(given)) else "v"
                    words = f"[{name}.value for {name} in "
                    yield Edit(span.start, span.end, (words, span, "]"))


def _is_weight(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is one weight of a layer or model."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and _are_weights(module, node.value)
    return _stands_for(module, node, _ONE)


def _are_weights(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is a list of weights, or a slice of it."""
    return _stands_for(module, node.value if isinstance(node, ast.Subscript) else node, _SEVERAL)


def _stands_for(module: ModuleInMigration, node: ast.expr, paths: re.Pattern[str]) -> bool:
    """Return whether an expression is such a thing, be it by the one value that a name is given."""
    known = module.reference_of.get(node) or module.reference_of.get(module.value_of(node))
    return known is not None and all(map(paths.search, known.paths))
