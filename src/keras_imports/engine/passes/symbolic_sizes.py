"""Do without the size of the batch where a functional model is built: Keras 3 has `None` there.

    K.reshape(x, (K.shape(x)[0], 12))           ops.reshape(x, (-1, 12))
    K.reshape(x, (K.shape(x)[0], 3, -1))        layers.Reshape((3, -1))(x)

Other sizes are numbers, as far as the model knows them. In the `call` of a layer all are known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import call_of
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.symbolic import SymbolicTensors, uses_of
from keras_imports.engine.tensor_values import has_values
from keras_imports.python.edits import Edit, Piece

_SHAPE = re.compile(r"(?:tensorflow|(?:tensorflow\.|tf_)?keras\.backend)\.shape$")
_RESHAPE = re.compile(r"(?:tensorflow|(?:tensorflow\.|tf_)?keras\.backend)\.reshape$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to Keras 3, and asks for shapes."""
    return module.target.generation == "keras3" and ".shape(" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what is given the size of a batch, and findings for what needs it."""
    tensors = SymbolicTensors(module.tree, module.references)
    for node, reference in tensors.named.items():
        call = call_of(module.tree, node)
        if call is None or not call.args:
            continue
        is_shape = any(map(_SHAPE.match, reference.paths)) and not has_values(module, call)
        if is_shape and tensors.is_symbolic(call.args[0]):
            yield from _shape(module, call)


def _shape(module: ModuleInMigration, call: ast.Call) -> Iterator[Fix]:
    """Yield what becomes of the uses of a shape that take the size of the batch."""
    for use in uses_of(module.tree, call):
        if _has_batch(module, use):
            message = f"the size of the batch is `None` outside of a layer in {module.target}"
            advice = "ask for it in the `call` of a layer, or in a `Lambda`"
            yield _reshaped(module, use) or module.unfixed(use, message, advice)


def _has_batch(module: ModuleInMigration, shape: ast.expr) -> bool:
    """Return whether the first size of a shape is used, or all of it."""
    part = module.tree.parent(shape)
    if not isinstance(part, ast.Subscript) or part.value is not shape:
        return not (isinstance(part, ast.Call) and ast.unparse(part.func) == "len")
    first = part.slice.lower if isinstance(part.slice, ast.Slice) else part.slice
    return first is None or (isinstance(first, ast.Constant) and first.value in (0, None))


def _reshaped(module: ModuleInMigration, shape: ast.expr) -> Edit | None:
    """Return the edit of `reshape(x, (shape(x)[0], …))`; `None` for anything else."""
    size = module.tree.parent(shape)
    sizes = module.tree.parent(size) if isinstance(size, ast.Subscript) else None
    call = module.tree.parent(sizes) if isinstance(sizes, (ast.Tuple, ast.List)) else None
    if not isinstance(call, ast.Call) or not isinstance(sizes, (ast.Tuple, ast.List)):
        return None
    reference = module.reference_of.get(call.func)
    if reference is None or not all(map(_RESHAPE.match, reference.paths)):
        return None
    if sizes.elts[0] is not size or sizes not in call.args[1:2] or len(call.args) != 2:
        return None
    text, rest = module.text, sizes.elts[1:]
    if not any(ast.unparse(other) == "-1" for other in rest):
        span = text.span(size)
        return Edit(span.start, span.end, ("-1",))
    whole = text.span(call)
    pieces: list[Piece] = [TargetName("layers.Reshape"), "(("]
    for other in rest:
        pieces += [text.span(other), ", "]
    pieces[-1] = ")" if len(rest) > 1 else ",)"
    return Edit(whole.start, whole.end, (*pieces, ")(", text.span(call.args[0]), ")"))
