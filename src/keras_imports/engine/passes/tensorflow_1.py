"""Call the functions of TensorFlow 1 by their names in TensorFlow 2, where they are the same.

    tf.matrix_inverse(x)    tf.linalg.inv(x)
    tf.to_float(x)          tf.compat.v1.to_float(x)

They are listed in `knowledge/data/tensorflow_1.txt`. Left to a person is what `tf.contrib` had.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.codes import NOT_THERE
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.tensorflow_1 import in_tensorflow_2
from keras_imports.python.edits import Edit

_CONTRIB = "tensorflow.contrib."
_ADVICE = (
    "write it with TensorFlow 2 or Keras: nothing of `tf.contrib` is in TensorFlow 2; tf_slim, "
    "tensorflow_probability and tensorflow_addons have parts of it"
)


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target runs on TensorFlow 2, if on any."""
    return module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits after the name that `tensorflow` has in the module, and what is gone."""
    for reference in module.references:
        is_imported = reference.kind not in ("name", "attribute")
        is_named = is_imported or reference.bindings[0].path == "tensorflow"
        if reference.path.startswith(_CONTRIB) and is_named and not is_keras_path(reference.path):
            message = f"`{reference.path}` is not in TensorFlow 2"
            yield module.unfixed(reference.node, message, _ADVICE, NOT_THERE.name)
            continue
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
