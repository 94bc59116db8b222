"""Report data that Keras 3 does not take: lists of numbers, and arrays of strings.

    model.fit([1.0, 2.0], [2.0, 4.0])           model.fit(np.array([1.0, 2.0]), …)
    model.predict(np.array([["a"], ["b"]]))     model.predict(tf.constant([["a"], ["b"]]))

Names count that are assigned such a list once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.python.arguments import constant
from keras_imports.python.expressions import DISPLAYS, elements, last_name

_METHODS = ("().fit", "().evaluate", "().predict")
_DATA = ("x", "y", "sample_weight")
_ARRAYS = ("array", "asarray")


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such argument."""
    for reference in module.references:
        call = reference.call
        if call is None or not all(path.endswith(_METHODS) for path in reference.paths):
            continue
        data = call.args[:1] if reference.path.endswith("predict") else call.args[:2]
        data += [keyword.value for keyword in call.keywords if keyword.arg in _DATA]
        for given in data:
            value = module.value_of(given)
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
                value = value.left  # `[1] * 8`
            if _are(value, (int, float)) and isinstance(value, DISPLAYS):
                message = f"lists of numbers are no data for {module.target}"
                yield module.unfixed(given, message, "pass an array: `numpy.array(…)`")
            elif _is_array_of_strings(value):
                message = f"arrays of strings are no data for {module.target}"
                yield module.unfixed(given, message, "pass a tensor: `tf.constant(…)`")


def _is_array_of_strings(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=function, args=[first, *_]):
            return last_name(function) in _ARRAYS and _are(first, (str,))
    return False


def _are(node: ast.expr, kinds: tuple[type, ...]) -> bool:
    """Return whether a (nested) list holds constants of some kinds alone, and some of them."""
    if not isinstance(node, DISPLAYS):
        return False
    values = [constant(each) for each in elements(node)]
    return bool(values) and all(type(value) in kinds for value in values)
