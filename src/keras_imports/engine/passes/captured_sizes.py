"""Take the sizes that a `Lambda` uses, but is not given, as numbers: TensorFlow's are tensors.

    scale = tf.cast(tf.shape(k)[-1], "float32")     scale = tf.cast(k.shape[-1], "float32")
    Lambda(lambda x: x / scale)(y)

Since TensorFlow 2.4 a layer cannot use tensors of the model that it is not given. In Keras 3 the
sizes are numbers, anyhow.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.given_tensors import functions_of_lambdas
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.passes.captured_tensors import refuses_captured
from keras_imports.engine.symbolic import SymbolicTensors
from keras_imports.engine.tensorflow_shapes import gives_shape
from keras_imports.python.definitions import Function
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import parameters
from keras_imports.python.tree import walk


def applies(module: ModuleInMigration) -> bool:
    """Return whether code that asks for sizes is moved to Keras 2 on TensorFlow 2.4 or later."""
    is_asked = "shape(" in module.text.text
    return is_asked and module.target.generation == "keras2" and refuses_captured(module.target)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such sizes, and findings for the size of a batch."""
    tensors = SymbolicTensors(module.tree, module.references)
    done: set[ast.AST] = set()
    for function in functions_of_lambdas(module):
        for value in _captured(module, function):
            for node in walk(value):
                match node:
                    case ast.Subscript(value=ast.Call(args=[tensor]) as call, slice=index) if (
                        node not in done
                        and gives_shape(module, call.func)
                        and tensors.is_symbolic(tensor)
                    ):
                        done.add(node)
                        yield _size(module, call, tensor, index)


def _captured(module: ModuleInMigration, function: Function) -> Iterator[ast.expr]:
    """Yield what the variables are assigned that a function takes from the one around it."""
    own = {each.arg for each in parameters(function.args)}
    names = {n.id for n in walk(function) if isinstance(n, ast.Name)} - own
    around = module.tree.function_around(function)
    for name in sorted(names):
        for binder in module.tree.binders(name):
            assigned = module.tree.parent(binder)
            if isinstance(assigned, ast.Assign) and module.tree.function_around(binder) is around:
                yield assigned.value


def _size(module: ModuleInMigration, call: ast.Call, tensor: ast.expr, index: ast.expr) -> Fix:
    """Return the edit of one size, or the finding for one that is not known before."""
    try:
        is_known = ast.literal_eval(index) != 0
    except ValueError:
        is_known = False
    if not is_known:
        message = f"a `Lambda` of {module.target} uses this size, a tensor that it is not given"
        return module.unfixed(call, message, "compute it in the function of the `Lambda`")
    span = module.text.span(call)
    return Edit(span.start, span.end, (module.text.span(tensor), ".shape"))
