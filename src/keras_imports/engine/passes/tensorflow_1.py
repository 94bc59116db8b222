"""Call the functions of TensorFlow 1 by their names in TensorFlow 2, where they are the same.

    tf.to_float(x)      tf.compat.v1.to_float(x)

What `tensorflow.compat.v1` alone has is listed in `knowledge/data/tensorflow_1.txt`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.tensorflow_1 import is_gone
from keras_imports.python.edits import Edit
from keras_imports.python.references import Reference


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
        if isinstance(root, ast.Name) and _is_gone(reference):
            end = module.text.span(root).end
            yield Edit(end, end, (".compat.v1",))


def _is_gone(reference: Reference) -> bool:
    """Return whether TensorFlow 2 has no such name, or no such keyword of it, any more."""
    path = reference.path.removeprefix("tensorflow.")
    keywords = reference.call.keywords if reference.call else ()
    return is_gone(path) or any(is_gone(path, keyword.arg) for keyword in keywords)
