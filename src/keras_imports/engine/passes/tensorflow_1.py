"""Call the functions of TensorFlow 1 by their names in TensorFlow 2, where they are the same.

    tf.matrix_inverse(x)    tf.linalg.inv(x)
    tf.to_float(x)          tf.compat.v1.to_float(x)

They are listed in `knowledge/data/tensorflow_1.txt`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.tensorflow_1 import in_tensorflow_2
from keras_imports.python.edits import Edit


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target runs on TensorFlow 2, if on any."""
    return module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits after the name that `tensorflow` has in the module."""
    for reference in module.references:
        if reference.bindings[0].path != "tensorflow" or is_keras_path(reference.path):
            continue
        root = reference.node
        while isinstance(root, ast.Attribute):
            root = root.value
        old = reference.path.removeprefix("tensorflow.")
        keywords = reference.call.keywords if reference.call else ()
        new = in_tensorflow_2(old, (keyword.arg for keyword in keywords))
        if isinstance(root, ast.Name) and new != old:
            end = module.text.span(root).end
            if new == f"compat.v1.{old}":
                yield Edit(end, end, (".compat.v1",))
            else:
                yield Edit(end, module.text.span(reference.node).end, (f".{new}",))
