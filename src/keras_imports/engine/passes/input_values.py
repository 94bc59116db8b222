"""Report an `Input` that is made of a tensor with values: Keras 3 takes only one of a model.

    x = Input(tensor=tf.constant(images))           x = Input(shape); model.fit(images)

A tensor that a function is given is not known, and not reported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3

_TENSOR = re.compile(r"\btensor\s*=")
_HAS_VALUES = re.compile(
    r"(?:tensorflow|numpy|\bnp)\.(?!keras\b)|\.backend\.(?:constant|eye|ones|placeholder|variable|zeros)\b"
)


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and a tensor is passed by that name."""
    return to_keras_3(module) and _TENSOR.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such call."""
    for reference in module.references:
        if reference.call is None or not reference.path.endswith(".Input"):
            continue
        for keyword in reference.call.keywords:
            if keyword.arg == "tensor" and _has_values(module, keyword.value):
                message = f"`Input` of {module.target} takes only a tensor of a model"
                advice = "pass the shape, and the values where the model is called or trained"
                yield module.unfixed(keyword.value, message, advice)


def _has_values(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is what TensorFlow, NumPy or the backend make of values."""
    value = module.value_of(node)
    if not isinstance(value, ast.Call) or module.symbolic.is_symbolic(value):
        return False
    known = module.reference_of.get(value.func)
    called = known.paths if known is not None else (ast.unparse(value.func),)
    return all(map(_HAS_VALUES.search, called))
