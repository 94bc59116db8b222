"""Report reshapes that take the batch apart, whose shape JAX and torch cannot find out.

    Lambda(lambda x: ops.reshape(x, (2, -1, 6, 3)))(merged)         fails when the model is built

They try it with batches of sizes of their own, which need not be a multiple of the number; nothing
is tried where the shape is told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, passed, set_by
from keras_imports.python.expressions import DISPLAYS, is_own, last_name
from keras_imports.python.tree import walk

_RESHAPE = re.compile(r"\breshape\b")
_TOLD = frozenset({"compute_output_shape", "compute_output_spec"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is to run on other backends, and reshapes something."""
    return bool(module.target.backend) and _RESHAPE.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each in a function of a `Lambda`, or a layer, that tells no shape."""
    for function, advice in _untold(module):
        for call in (node for node in walk(function) if isinstance(node, ast.Call)):
            shape = passed(call, 1, "shape", "newshape") if _is_reshape(call) else None
            if isinstance(shape, DISPLAYS) and _takes_apart(module, function, shape):
                message = "the shape of a batch that is taken apart is known on TensorFlow alone"
                yield module.unfixed(call, message, advice, NEEDS_TENSORFLOW.name)


def _untold(module: ModuleInMigration) -> Iterator[tuple[ast.AST, str]]:
    """Yield the functions whose output shape nothing tells, and what to write."""
    for layer in module.classes("Layer"):
        own = methods_by_name(layer)
        if "call" in own and not _TOLD & own.keys():
            yield own["call"], "tell it by a method `compute_output_shape` of the layer"
    for reference in module.references:
        call = reference.call
        if call is None or not reference.path.endswith(".layers.Lambda"):
            continue
        function = passed(call, 0, "function")
        if function is not None and passed(call, 1, "output_shape") is None:
            named = module.tree.binders(function.id) if isinstance(function, ast.Name) else []
            for each in named or [function]:
                if isinstance(each, (ast.FunctionDef, ast.Lambda)):
                    yield each, "pass `output_shape` to the `Lambda`"


def _is_reshape(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and last_name(call.func) == "reshape"


def _takes_apart(module: ModuleInMigration, function: ast.AST, shape: ast.List | ast.Tuple) -> bool:
    """Return whether a number comes first in a shape, and a size to be found out after it.

    So is what a function has from around it, as it is called with tensors.
    """
    if not shape.elts or "-1" not in [ast.unparse(each) for each in shape.elts[1:]]:
        return False
    first = module.value_of(shape.elts[0])
    if isinstance(first, ast.Name):
        own = {each.arg for each in walk(function) if isinstance(each, ast.arg)}
        own |= {t.id for n in walk(function) for t in set_by(n) if isinstance(t, ast.Name)}
        return first.id not in own
    return is_own(first) or (isinstance(first, ast.Constant) and isinstance(first.value, int))
