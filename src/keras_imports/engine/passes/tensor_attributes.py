"""Read the shapes of tensors as the target has them.

    x._keras_shape, x.shape[1].value        x.shape, x.shape[1]             since TensorFlow 2
    x.get_shape().as_list()                 list(x.shape)                   in Keras 3
    x.get_shape().as_list()[1]              x.shape[1]                      in Keras 3
    x.shape.ndims                           len(x.shape)                    in Keras 3
    model.layers[3].output_shape            model.layers[3].output.shape    in Keras 3

The names are those of TensorFlow and early Keras alone, so they count whatever object they are
read from, but for what TensorFlow makes of numbers. The tensors of a Keras 3 model are not
TensorFlow's. What goes through the `layers` of anything may be a layer of Keras: that is named, and
left to a person.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.engine.codes import MEMBER
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.expressions import is_own
from keras_imports.python.statements import target_names
from keras_imports.python.tree import FUNCTIONS, walk

_WORDS = re.compile(
    r"\.(?:_keras_shape|get_shape|as_list|ndims"
    r"|value\b(?!\()|(?:in|out)put_shape\b)"
)
_OF_TYPES = re.compile(
    r"\.dtype\.(?:as_numpy_dtype|base_dtype|is_bool|is_floating|is_integer|max|min|name|size)\b"
)
_OF_VALUES = re.compile(r"\.(?:consumers|device|eval|graph|numpy|op)\b")
_OF_LAYERS = {"input_shape": "input.shape", "output_shape": "output.shape"}
_NAMES = frozenset({"_keras_shape", "get_shape", "as_list", "ndims", "value", *_OF_LAYERS})
_LAYER = re.compile(r"\.layers\.Layer\(\)\.(?:in|out)put_shape$")
_MADE = re.compile(
    r"tensorflow\.(?:Variable|constant|convert_to_tensor|eye|fill|io\.\w+|linspace|ones|range"
    r"|random\.\w+|random_\w+|zeros|placeholder|compat\.v1\.\w+)$"
)
_ASKED = re.compile(r"""_keras_shape['"]""")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to a Keras on TensorFlow 2, or on none."""
    return module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what reads such attributes, and findings for what sets them."""
    for node in module.tree.matching(_ASKED):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("hasattr", "getattr"):
            for name in filter(_is_name_of_shape, node.args[1:2]):
                span = module.text.span(name)
                yield Edit(span.start + 1, span.end - 1, ("shape",))
    for node in module.tree.matching(_WORDS):
        if isinstance(node, ast.Attribute) and node.attr in _NAMES:
            yield from _attribute(module, node)
    for node in module.tree.matching(_OF_TYPES):
        match node:
            case ast.Attribute(value=ast.Attribute(attr="dtype") as inner, attr=part) if (
                _OF_TYPES.fullmatch(f".dtype.{part}") and _is_of_model(module, inner)
            ):
                message = f"the `dtype` of a tensor of a model is a string in {module.target}"
                yield module.unfixed(node, message, f"leave out `.{part}`", MEMBER.name)
    for node in module.tree.matching(_OF_VALUES):
        if not isinstance(node, ast.Attribute) or not _OF_VALUES.fullmatch(f".{node.attr}"):
            continue
        if _is_of_model(module, node) and not _is_shape(node.value):
            message = f"a tensor of a model has no `{node.attr}` in {module.target}"
            advice = "for values call the model on data; a tensor has a `shape`, `dtype` and `name`"
            yield module.unfixed(node, message, advice, MEMBER.name)


def _attribute(module: ModuleInMigration, node: ast.Attribute) -> Iterator[Fix]:
    text, is_read = module.text, isinstance(node.ctx, ast.Load)
    inner, span = text.span(node.value), text.span(node)
    if node.attr == "_keras_shape" and not is_read:
        message = f"setting `_keras_shape` has no effect in {module.target}"
        yield module.unfixed(node, message, "remove it: a tensor knows its `shape` by itself")
    elif node.attr == "_keras_shape":
        yield Edit(inner.end, span.end, (".shape",))
    elif module.is_surely_keras_3 and not _is_of_model(module, node):
        if is_read and node.attr in _OF_LAYERS and module.target.generation == "keras3":
            yield from _shape_of_doubt(module, node)
        return  # the others are those of TensorFlow's tensors, too, which there still are
    elif node.attr == "value" and is_read and _is_size(module, node.value):
        yield Edit(inner.end, span.end, ())
    elif module.target.generation == "keras3" and is_read:
        yield from _attribute_of_tensorflow(module, node)


def _is_of_model(module: ModuleInMigration, node: ast.Attribute) -> bool:
    """Return whether an attribute is read from a tensor of a functional model, or its shape."""
    inner = node.value
    if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        inner = inner.func
    if isinstance(inner, ast.Attribute) and inner.attr in ("shape", "get_shape"):
        inner = inner.value
    return module.target.generation == "keras3" and module.symbolic.is_symbolic_here(inner)


def _attribute_of_tensorflow(module: ModuleInMigration, node: ast.Attribute) -> Iterator[Fix]:
    text, parent = module.text, module.tree.parent(node)
    inner, span = text.span(node.value), text.span(node)
    if node.attr in _OF_LAYERS:
        yield from _shape_of_layer(module, node)
    elif _is_of_tensorflow(module, node.value):
        return
    elif node.attr == "ndims" and _is_shape(node.value):
        is_asked = isinstance(parent, ast.Compare) and isinstance(
            parent.ops[0], (ast.Is, ast.IsNot)
        )
        pieces = (inner,) if is_asked else ("len(", inner, ")")  # `is None`: there is a shape
        yield Edit(inner.start, span.end, pieces)
    elif isinstance(parent, ast.Call) and parent.func is node:
        if parent.args or parent.keywords:
            return
        end = text.span(parent).end
        if node.attr == "get_shape" and not is_own(node):
            above = module.tree.parent(parent)
            if not (isinstance(above, ast.Attribute) and above.attr == "as_list"):
                yield Edit(inner.end, end, (".shape",))
        elif node.attr == "as_list" and _is_shape(node.value):
            is_used_up = _takes_any_sequence(module.tree.parent(parent), parent)
            shape = _shape(module, node.value)
            yield Edit(inner.start, end, shape if is_used_up else ("list(", *shape, ")"))


def _shape(module: ModuleInMigration, node: ast.expr) -> tuple[Piece, ...]:
    """Return how a shape is written: `x.shape`, for `x.get_shape()`, too."""
    match node:
        case ast.Call(func=ast.Attribute(attr="get_shape", value=tensor) as method) if not is_own(
            method
        ):
            return module.text.span(tensor), ".shape"
    return (module.text.span(node),)


def _takes_any_sequence(node: ast.AST | None, shape: ast.expr) -> bool:
    """Return whether a tuple will do for a list: in `len(…)`, `tuple(…)` and `…[1]`."""
    if isinstance(node, ast.Subscript):
        return node.value is shape and not isinstance(node.slice, ast.Slice)
    if not isinstance(node, ast.Call) or node.args != [shape] or node.keywords:
        return False
    return ast.unparse(node.func) in ("len", "tuple", "list")


def _is_of_tensorflow(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a tensor, or its shape, is one that TensorFlow makes of what is no tensor."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        return False
    binders = module.tree.binders(node.id)
    values = [getattr(module.tree.parent(each), "value", None) for each in binders]
    return bool(values) and all(
        isinstance(value, ast.Call)
        and (known := module.reference_of.get(value.func)) is not None
        and all(map(_MADE.match, known.paths))
        for value in values
    )


def _shape_of_layer(module: ModuleInMigration, node: ast.Attribute) -> Iterator[Fix]:
    shape = _OF_LAYERS[node.attr]
    known = module.reference_of.get(node)
    if _is_layer_of_model(node.value) or (known and all(map(_LAYER.search, known.paths))):
        yield Edit(module.text.span(node.value).end, module.text.span(node).end, (f".{shape}",))
    else:
        yield from _shape_of_doubt(module, node)


def _shape_of_doubt(module: ModuleInMigration, node: ast.Attribute) -> Iterator[Fix]:
    """Yield a finding for the shape of what goes through the `layers` of something."""
    if module.reference_of.get(node) is None and _goes_through_layers(module, node.value):
        owner = module.text.of(node.value)
        message = f"`{owner}.{node.attr}` is not in {module.target} if `{owner}` is a Keras layer"
        found = module.unfixed(node, message, f"use `{owner}.{_OF_LAYERS[node.attr]}`")
        yield replace(found, certain=False, severity="warning")


def _goes_through_layers(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a name is that of `for layer in model.layers`, be it in a comprehension."""
    if not isinstance(node, ast.Name):
        return False
    for above in module.tree.above(node):
        if isinstance(above, FUNCTIONS):
            break
        loops = [above] if isinstance(above, (ast.For, ast.AsyncFor)) else []
        for loop in (*loops, *getattr(above, "generators", ())):
            if node.id in target_names(loop.target):
                return any(
                    isinstance(each, ast.Attribute) and each.attr == "layers"
                    for each in walk(loop.iter)
                )
    return False


def _is_dimension(node: ast.expr) -> bool:
    """Return whether an expression is `x.shape[1]` or `x.get_shape()[1]`."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return False
    return _is_shape(node.value)


def _is_size(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is one size of a shape, or a variable that was given one."""
    if not isinstance(node, ast.Name):
        return _is_dimension(node)
    blocks = module.tree.blocks
    around = [blocks[each][1] for each in module.tree.above(node) if each in blocks]
    before = (s for block in around for s in reversed(block) if s.lineno < node.lineno)
    for statement in before:
        if isinstance(statement, ast.Assign) and node.id in target_names(statement.targets[0]):
            is_unpacked = isinstance(statement.targets[0], (ast.Tuple, ast.List))
            return (_is_shape if is_unpacked else _is_dimension)(statement.value)
    return False


def _is_name_of_shape(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "_keras_shape"


def _is_layer_of_model(node: ast.expr) -> bool:
    """Return whether an expression is `model.layers[3]` or `model.get_layer(…)`."""
    if isinstance(node, ast.Subscript):
        owner = node.value
        is_one = not isinstance(node.slice, ast.Slice)
        return is_one and isinstance(owner, ast.Attribute) and owner.attr == "layers"
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "get_layer"


def _is_shape(node: ast.expr) -> bool:
    """Return whether it is `x.shape`, `x.get_shape()`, what is called a shape, or a part of one."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        node = node.value
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "get_shape"
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "_keras_shape")
    return isinstance(node, ast.Name) and node.id.endswith("shape")
