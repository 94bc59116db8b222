"""Say where a range of TensorFlow's Keras starts whose end is the size of a tensor.

    K.arange(K.shape(x)[1])     K.arange(0, K.shape(x)[1])

With one argument `arange` asks whether that is negative, which a tensor of a graph cannot tell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit

_SIZE = re.compile(r"\bshape\(.*\)\[")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target has that function, and the code asks for ranges."""
    has_function = module.target.has_tensorflow_2 and (
        module.target.flavour == "tensorflow.keras" or module.target.generation == "keras2"
    )
    return has_function and "arange(" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such ranges."""
    for reference in module.references:
        match reference.call:
            case ast.Call(args=[end], keywords=[]) if module.symbol(
                reference.node
            ) == "backend.arange" and _SIZE.search(ast.unparse(module.value_of(end))):
                span = module.text.span(end)
                yield Edit(span.start, span.end, ("0, ", span))
