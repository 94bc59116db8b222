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


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the code has something watched."""
    return to_keras_3(module) and _WATCH.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what tapes are given."""
    for node in module.tree.matching(_WATCH):
        match node:
            case ast.Call(func=ast.Attribute(attr="watch"), args=[given], keywords=[]):
                span = module.text.span(given)
                if module.weights.is_one(given):
                    yield Edit(span.end, span.end, (".value",))
                elif module.weights.are_several(given):
                    name = "each" if re.search(r"\bv\b", module.text.of(given)) else "v"
                    words = f"[{name}.value for {name} in "
                    yield Edit(span.start, span.end, (words, span, "]"))
