"""Report sizes of a cell's states that are shapes of TensorFlow: Keras 3 takes whole numbers.

    self.state_size = tf.TensorShape([units])       self.state_size = units

A tuple of them, or a list, has one for each state.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import walk

_SIZE = "state_size"
_SHAPE = "tensorflow.TensorShape"


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the module has such a size."""
    return module.target.generation == "keras3" and _SIZE in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each assignment in a class derived from Keras's layers."""
    for kind in module.classes("Layer"):
        for node in walk(kind):
            if isinstance(node, ast.Assign) and any(map(_is_size, node.targets)):
                parts = [module.reference_of.get(each) for each in walk(node.value)]
                if any(part is not None and part.path == _SHAPE for part in parts):
                    message = f"`{_SIZE}` of a cell has to be a whole number in {module.target}"
                    advice = "write the number of units, in a list with one for each of its states"
                    yield module.unfixed(node, message, advice)


def _is_size(target: ast.expr) -> bool:
    return is_own(target) and target.attr == _SIZE
