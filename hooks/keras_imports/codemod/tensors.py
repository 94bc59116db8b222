"""What tensors and layers of TensorFlow 1 and early Keras had as attributes, which is gone.

The names are those of these libraries alone, so they count whatever object they are read from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from keras_imports import atlas
from keras_imports.codemod.aim import Aim
from keras_imports.codemod.edits import Edit, Left, Text

_WORDS = re.compile(r"\._keras_shape|\.get_shape|\.as_list|\.ndims|\]\.value")
_NAMES = frozenset({"_keras_shape", "get_shape", "as_list", "ndims", "value"})
_VARIABLES = frozenset({"add_weight", "add_variable", "variable", "Variable"})
_LISTS = frozenset({"trainable_weights", "_trainable_weights"})


def tensor_edits(text: Text, tree: ast.Module, aim: Aim) -> Iterator[Edit | Left]:
    """Shapes of tensors, read as the target has them.

    `x._keras_shape` and `x.shape[1].value` fail since TensorFlow 2. `x.get_shape()`, `as_list()`
    and `ndims` are TensorFlow's, and fail for the tensors of a Keras 3 model.
    """
    if not has_tensorflow_2(aim) or not _WORDS.search(text.text):
        return
    calls = {}  # by what is called
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            calls[node.func] = node
        elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
            yield from _shape_edits(text, node, calls.get(node), aim)


def _shape_edits(
    text: Text, node: ast.Attribute, call: ast.Call | None, aim: Aim
) -> Iterator[Edit | Left]:
    is_read = isinstance(node.ctx, ast.Load)
    inner = text.span(node.value).end
    if node.attr == "_keras_shape" and not is_read:
        line, column = text.place(text.span(node).start)
        message = f"`_keras_shape` means nothing to {aim}"
        yield Left(line, column, text.of(node), message, "a tensor knows its `shape` by itself")
    elif node.attr == "_keras_shape":
        yield Edit(inner, text.span(node).end, (".shape",))
    elif node.attr == "value" and is_read and _is_dimension(node.value):
        yield Edit(inner, text.span(node).end, ())
    elif aim.generation == "keras3" and node.attr == "ndims" and is_read and _is_shape(node.value):
        value = text.span(node.value)
        yield Edit(value.start, text.span(node).end, ("len(", value, ")"))
    elif aim.generation == "keras3" and call and not call.args and not call.keywords:
        if node.attr == "get_shape" and not _own(node):
            yield Edit(inner, text.span(call).end, (".shape",))
        elif node.attr == "as_list" and _is_shape(node.value):
            value = text.span(node.value)
            yield Edit(value.start, text.span(call).end, ("list(", value, ")"))


def weight_edits(text: Text, layers: Iterable[ast.ClassDef], aim: Aim) -> Iterator[Edit]:
    """`self.trainable_weights = [self.w]` goes: a layer finds its variables by itself now."""
    if not has_tensorflow_2(aim) or "trainable_weights" not in text.text:
        return
    for layer in layers:
        variables = {name for node in ast.walk(layer) for name in _variables(node)}
        for block in _blocks(layer):
            for node in block:
                listed = _listed(node)
                if listed is None or not variables.issuperset(listed):
                    continue
                span = text.span(node)
                if len(block) == 1:
                    yield Edit(span.start, span.end, ("pass",))
                    continue
                start = text.text.rfind("\n", 0, span.start) + 1
                end = text.text.find("\n", span.end) + 1 or len(text.text)
                if (
                    text.text[start : span.start].isspace()
                    and not text.text[span.end : end].strip()
                ):
                    yield Edit(start, end, ())


def has_tensorflow_2(aim: Aim) -> bool:
    """Whether the aim runs on TensorFlow 2, if on any."""
    if aim.flavour == "tensorflow.keras":
        return atlas.version_key(aim.release) >= (2,)
    return aim.generation in ("keras2", "keras3")


def _is_dimension(node: ast.expr) -> bool:
    """`x.shape[1]` or `x.get_shape()[1]`."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return False
    return _is_shape(node.value)


def _is_shape(node: ast.expr) -> bool:
    """`x.shape`, `x.get_shape()`, or what is called a shape."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "get_shape"
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "_keras_shape")
    return isinstance(node, ast.Name) and node.id.endswith("shape")


def _variables(node: ast.AST) -> Iterator[str]:
    """The attributes of `self` that a statement makes variables."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        function = node.value.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if name in _VARIABLES or (isinstance(function, ast.Name) and function.id in _VARIABLES):
            for target in node.targets:
                if _own(target):
                    yield target.attr  # type: ignore[attr-defined]


def _listed(node: ast.stmt) -> list[str] | None:
    """The attributes of `self` that a statement lists as trainable weights, and no more."""
    values: list[ast.expr]
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, values = node.targets[0], [node.value]
    elif isinstance(node, ast.AugAssign):
        target, values = node.target, [node.value]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("append", "extend"):
            return None
        target, values = call.func.value, call.args
    else:
        return None
    if not _own(target) or target.attr not in _LISTS:  # type: ignore[attr-defined]
        return None
    items = [item for value in values for item in getattr(value, "elts", [value])]
    return [item.attr for item in items] if items and all(map(_own, items)) else None  # type: ignore


def _own(node: ast.AST) -> bool:
    """`self.x`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def _blocks(layer: ast.ClassDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(layer):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                yield block
