"""Make tensors of shapes that are computed with: those that Keras 3 gives are tuples.

    K.shape(x)[1:3] * 32        ops.convert_to_tensor(ops.shape(x)[1:3]) * 32

A tuple is repeated by `*`, and longer by `+`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.reference_plans import plan_use
from keras_imports.engine.symbolic import uses_of
from keras_imports.python.edits import Edit

applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the operands of operators."""
    for reference in module.references:
        node, call = reference.node, reference.call
        if (
            call is None
            or isinstance(node, ast.alias)
            or not reference.path.endswith((".backend.shape", "tensorflow.shape"))
        ):
            continue
        uses = uses_of(module.tree, _sliced(module, call))
        shapes = [_sliced(module, use) for use in uses]
        operands = [s for s in shapes if isinstance(module.tree.parent(s), ast.BinOp)]
        plan = plan_use(module, reference.path, node, call) if operands else None
        for operand in operands if plan and plan.edits else ():
            span = module.text.span(operand)
            pieces = (TargetName("ops.convert_to_tensor"), "(", span, ")")
            yield Edit(span.start, span.end, pieces)


def _sliced(module: ModuleInMigration, shape: ast.expr) -> ast.expr:
    """Return an expression with the slices that are taken of it."""
    above = module.tree.parent(shape)
    if isinstance(above, ast.Subscript) and above.value is shape:
        return _sliced(module, above) if isinstance(above.slice, ast.Slice) else shape
    return shape
