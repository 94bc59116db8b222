"""What tensors of TensorFlow 1 and early Keras had as attributes, which is gone.

The names are those of these libraries alone, so they count whatever object they are read from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.knowledge.target import Target
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text
from keras_imports.python.tree import Tree
from keras_imports.versions import version_key

_WORDS = re.compile(
    r"\.(?:_keras_shape|get_shape|as_list|ndims"
    r"|value(?<=\]\.value)|output_shape(?<=[\])]\.output_shape))"
)
_NAMES = frozenset({"_keras_shape", "get_shape", "as_list", "ndims", "value", "output_shape"})
_ASKED = re.compile(r"""_keras_shape['"]""")


def tensor_edits(tree: Tree, target: Target) -> Iterator[Edit | Unfixed]:
    """Shapes of tensors, read as the target has them.

    `x._keras_shape` and `x.shape[1].value` fail since TensorFlow 2. `x.get_shape()`, `as_list()`
    and `ndims` are TensorFlow's, and fail for the tensors of a Keras 3 model.
    """
    if not has_tensorflow_2(target):
        return
    for node in tree.matching(_ASKED):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("hasattr", "getattr"):
            for name in filter(_is_name_of_shape, node.args[1:2]):
                span = tree.text.span(name)
                yield Edit(span.start + 1, span.end - 1, ("shape",))
    for node in tree.matching(_WORDS):
        if isinstance(node, ast.Attribute) and node.attr in _NAMES:
            parent = tree.parent(node)
            is_called = isinstance(parent, ast.Call) and parent.func is node
            yield from _shape_edits(tree.text, node, parent if is_called else None, target)


def _shape_edits(
    text: Text, node: ast.Attribute, call: ast.Call | None, target: Target
) -> Iterator[Edit | Unfixed]:
    is_read = isinstance(node.ctx, ast.Load)
    inner = text.span(node.value).end
    if node.attr == "_keras_shape" and not is_read:
        line, column = text.place(text.span(node).start)
        message = f"`_keras_shape` means nothing to {target}"
        yield Unfixed(line, column, text.of(node), message, "a tensor knows its `shape` by itself")
    elif node.attr == "_keras_shape":
        yield Edit(inner, text.span(node).end, (".shape",))
    elif target.generation == "keras3" and node.attr == "output_shape":
        if is_read and _is_layer_of_model(node.value):
            yield Edit(inner, text.span(node).end, (".output.shape",))
    elif node.attr == "value" and is_read and _is_dimension(node.value):
        yield Edit(inner, text.span(node).end, ())
    elif (
        target.generation == "keras3" and node.attr == "ndims" and is_read and _is_shape(node.value)
    ):
        value = text.span(node.value)
        yield Edit(value.start, text.span(node).end, ("len(", value, ")"))
    elif target.generation == "keras3" and call and not call.args and not call.keywords:
        if node.attr == "get_shape" and not is_own(node):
            yield Edit(inner, text.span(call).end, (".shape",))
        elif node.attr == "as_list" and _is_shape(node.value):
            value = text.span(node.value)
            yield Edit(value.start, text.span(call).end, ("list(", value, ")"))


def has_tensorflow_2(target: Target) -> bool:
    """Whether the target runs on TensorFlow 2, if on any."""
    if target.flavour == "tensorflow.keras":
        return version_key(target.release) >= (2,)
    return target.generation in ("keras2", "keras3")


def _is_dimension(node: ast.expr) -> bool:
    """`x.shape[1]` or `x.get_shape()[1]`."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return False
    return _is_shape(node.value)


def _is_name_of_shape(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "_keras_shape"


def _is_layer_of_model(node: ast.expr) -> bool:
    """`model.layers[3]` or `model.get_layer(…)`."""
    if isinstance(node, ast.Subscript):
        owner = node.value
        is_one = not isinstance(node.slice, ast.Slice)
        return is_one and isinstance(owner, ast.Attribute) and owner.attr == "layers"
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "get_layer"


def _is_shape(node: ast.expr) -> bool:
    """`x.shape`, `x.get_shape()`, what is called a shape, or a part of it."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        node = node.value
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "get_shape"
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "_keras_shape")
    return isinstance(node, ast.Name) and node.id.endswith("shape")


def is_own(node: ast.AST) -> bool:
    """Whether an expression is `self.x`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )
