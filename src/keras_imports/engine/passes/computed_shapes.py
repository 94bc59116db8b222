"""Make tensors of shapes that are computed with: those that Keras 3 gives are tuples.

    K.shape(x)[1:3] * 32        ops.convert_to_tensor(ops.shape(x)[1:3]) * 32

A tuple is repeated by `*`, and longer by `+`. What is a shape itself is computed number by number.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.reference_plans import plan_use
from keras_imports.engine.symbolic import uses_of
from keras_imports.engine.tensorflow_shapes import computed_with, gives_shape
from keras_imports.python.edits import Edit

applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the operands of operators."""
    for reference in module.references:
        node, call = reference.node, reference.call
        if call is None or isinstance(node, ast.alias) or not gives_shape(module, node):
            continue
        spans = [module.text.span(each) for each in _operands(module, call)]
        plan = plan_use(module, reference.path, node, call) if spans else None
        if plan is None or not plan.edits:
            continue
        by_number = [*computed_with(module, call)]
        for span in spans:
            if not any(each.start <= span.start and span.end <= each.end for each in by_number):
                pieces = (TargetName("ops.convert_to_tensor"), "(", span, ")")
                yield Edit(span.start, span.end, pieces)


def _operands(module: ModuleInMigration, call: ast.Call) -> Iterator[ast.expr]:
    """Yield where an operator computes with the shape that a call gives, or with a slice of it."""
    for use in uses_of(module.tree, _sliced(module, call)):
        shape = _sliced(module, use)
        if isinstance(module.tree.parent(shape), ast.BinOp):
            yield shape


def _sliced(module: ModuleInMigration, shape: ast.expr) -> ast.expr:
    """Return an expression with the slices that are taken of it."""
    above = module.tree.parent(shape)
    if isinstance(above, ast.Subscript) and above.value is shape:
        return _sliced(module, above) if isinstance(above.slice, ast.Slice) else shape
    return shape
