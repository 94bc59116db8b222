"""Write what arrays of JAX and tensors of torch do not take, where Keras calls a function.

    x - [0.5, 0.5]                  x - ops.convert_to_tensor([0.5, 0.5], x.dtype)
    x[..., ::-1]                    ops.flip(x, axis=-1)            torch has no negative steps
    x[x > 0]                        named: its shape depends on values, which JAX does not have
    tf.nn.top_k(x, 2).indices       ops.top_k(x, 2)[1]

TensorFlow takes the first three, and gives a tuple with names for the last one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.given_tensors import tensors
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.placeholders import TargetName
from keras_imports.knowledge.backends import plain_name, tie
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.expressions import DISPLAYS, last_name
from keras_imports.python.tree import walk

_PARTS = {"values": "0", "indices": "1"}
_TOP_K = re.compile(r"\.\s*(?:values|indices)\b")
_MASKS = frozenset(
    {"equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "isfinite", "isnan"}
    | {"is_finite", "is_nan", "logical_and", "logical_or", "logical_not", "logical_xor"}
)
_LIST = Wrong.of(NEEDS_TENSORFLOW, "arrays of JAX and tensors of torch take no lists beside them")
_STEP = Wrong.of(NEEDS_TENSORFLOW, "tensors of torch have no steps backwards")
_NAMES = Wrong.of(NEEDS_TENSORFLOW, "what `top_k` gives has no names on JAX")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code uses Keras and is to run on other backends."""
    return bool(module.target.backend) and bool(module.bound_names.all())


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of operands and slices, and findings for masks as indices."""
    known = tensors(module)
    is_tensor = frozenset(known)
    for node in walk(module.tree.module) if known else ():
        if isinstance(node, ast.BinOp):
            yield from _beside(module, node, is_tensor)
    for node in known:
        if isinstance(node, ast.Subscript) and node.value in is_tensor:
            yield from _taken(module, node, is_tensor)
    for part in module.tree.matching(_TOP_K):
        if isinstance(part, ast.Attribute) and part.attr in _PARTS:
            call = module.value_of(part.value)
            reference = module.reference_of.get(call.func) if isinstance(call, ast.Call) else None
            if reference is not None and reference.path.endswith(".top_k"):
                start, end = module.text.span(part.value).end, module.text.span(part).end
                edit = Edit(start, end, (f"[{_PARTS[part.attr]}]",))
                yield _change(module, part, edit, _NAMES)


def _beside(
    module: ModuleInMigration, node: ast.BinOp, tensors: frozenset[ast.expr]
) -> Iterator[Fix]:
    """Yield the edit that makes a tensor of a list of numbers beside one."""
    for tensor, other in ((node.left, node.right), (node.right, node.left)):
        numbers = module.value_of(other)
        is_list = isinstance(numbers, DISPLAYS) and other not in tensors
        if is_list and (tensor in tensors or _is_made_of(module, node, tensor, tensors)):
            span = module.text.span(other)
            dtype = f", {tensor.id}.dtype" if isinstance(tensor, ast.Name) else ""
            pieces: tuple[Piece, ...] = (TargetName("ops.convert_to_tensor"), "(", span)
            edit = Edit(span.start, span.end, (*pieces, f"{dtype})"))
            yield _change(module, node, edit, _LIST)


def _is_made_of(
    module: ModuleInMigration, node: ast.BinOp, operand: ast.expr, tensors: frozenset[ast.expr]
) -> bool:
    """Return whether an operand is what some function gives for tensors.

    It is no list and no number, as these take no lists beside them.
    """
    call = module.value_of(operand)
    is_given = isinstance(call, ast.Call) and any(each in tensors for each in call.args)
    return is_given and not isinstance(node.op, (ast.Add, ast.Mult))


def _taken(
    module: ModuleInMigration, node: ast.Subscript, tensors: frozenset[ast.expr]
) -> Iterator[Fix]:
    """Yield what becomes of an index that goes backwards, or is a mask."""
    backend = module.target.backend
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    places = [place for place, part in enumerate(parts) if _is_backwards(part)]
    if len(places) == 1 and backend != "jax":
        others = [part for part in parts if part is not parts[places[0]]]
        if all(map(_is_all, others)):
            dots = any(isinstance(part, ast.Constant) for part in parts[: places[0]])
            axis = places[0] - len(parts) if dots else places[0]
            span, inner = module.text.span(node), module.text.span(node.value)
            pieces: tuple[Piece, ...] = (TargetName("ops.flip"), "(", inner, f", axis={axis})")
            yield _change(module, node, Edit(span.start, span.end, pieces), _STEP)
    elif backend != "torch" and _is_mask(module, node.slice, tensors):
        message = "JAX has no shapes that depend on values, as that of what a mask takes"
        advice = tie("boolean_mask").advice(backend)
        yield module.unfixed(node, message, advice, NEEDS_TENSORFLOW.name)


def _is_backwards(node: ast.expr) -> bool:
    """Return whether an index is `::-1`."""
    match node:
        case ast.Slice(
            lower=None, upper=None, step=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))
        ):
            return True
    return False


def _is_all(node: ast.expr) -> bool:
    """Return whether an index takes all: `:` or `...`."""
    if isinstance(node, ast.Slice):
        return node.lower is None and node.upper is None and node.step is None
    return isinstance(node, ast.Constant) and node.value is ...


def _is_mask(module: ModuleInMigration, node: ast.expr, tensors: frozenset[ast.expr]) -> bool:
    """Return whether a tensor is one of truth values: compared, or what such a function gives."""
    if node not in tensors:
        return False
    value = module.value_of(node)
    if isinstance(value, ast.Call):
        reference = module.reference_of.get(value.func)
        name = plain_name(reference.path) if reference is not None else ""
        return (last_name(value.func) or name) in _MASKS or name in _MASKS
    return isinstance(value, ast.Compare)


def _change(module: ModuleInMigration, node: ast.expr, edit: Edit, wrong: Wrong) -> Change:
    return Change(module.text.span(node), edit.start, (edit,), lambda: wrong, is_path=False)
