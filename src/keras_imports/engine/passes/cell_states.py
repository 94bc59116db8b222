"""Report first states of cells that ask for more than the size of a batch: Keras 3 gives no more.

    class Cell(keras.layers.Layer):
        def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
            return tf.zeros((batch_size, self.units), dtype)        `dtype` is None

In a layer that is no cell it is for the program's own code, which may pass anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name
from keras_imports.python.tree import walk

_METHOD = "get_initial_state"
_RECURRENT = re.compile(r"RNN|LSTM|GRU|Cell")
_GIVEN = frozenset({"self", "batch_size"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the module has such states."""
    return module.target.generation == "keras3" and _METHOD in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for the first parameter that is used, and not given."""
    for kind in module.classes("Layer"):
        method = methods_by_name(kind).get(_METHOD)
        is_cell = "state_size" in module.text.of(kind)
        is_recurrent = is_cell or _RECURRENT.search(module.keras_classes[kind])
        if method is None or not is_recurrent:
            continue
        used = {node.id for node in walk(method) if isinstance(node, ast.Name)}
        for parameter in (*method.args.args, *method.args.kwonlyargs):
            if parameter.arg not in _GIVEN and parameter.arg in used:
                message = f"`{_METHOD}` is given `batch_size` alone in {module.target}"
                advice = "take `batch_size`, and the type from `self.compute_dtype`"
                yield module.unfixed(parameter, message, advice)
                break
