"""Write shapes as the tuples that `ops.shape` gives, where TensorFlow has tensors.

    tf.reshape(x, tf.stack([tf.shape(x)[0], 2]))    ops.reshape(x, [ops.shape(x)[0], 2])
    size = tf.shape(x)[1:3] * 2                     size = tuple(n * 2 for n in ops.shape(x)[1:3])

That holds as far as nothing is done with such a shape that a tuple does not do as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.planning.call import Plan
from keras_imports.engine.symbolic import uses_of
from keras_imports.knowledge.backends import plain_name
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.rules import tensorflow_functions
from keras_imports.python.arguments import bind
from keras_imports.python.edits import Edit, Piece, Span
from keras_imports.python.tree import walk

_SHAPES = frozenset({"shape", "newshape", "size", "repeats", "pad_width"})
_OF_TUPLES = frozenset({"cast", "convert_to_tensor", "unstack"})  # functions that take a tuple, too
_MAKING = ("stack", "constant", "convert_to_tensor")  # tensors of lists
_WRAPPERS = frozenset({"constant", "convert_to_tensor", "cast"})
_OPERATORS = {ast.Mult: "*", ast.FloorDiv: "//", ast.Add: "+", ast.Sub: "-"}
_SLICES = (ast.Constant, ast.UnaryOp, ast.Name)


def gives_shape(module: ModuleInMigration, function: ast.expr) -> bool:
    """Return whether a function gives a shape as a tensor: `tf.shape`, or that of the backend."""
    reference = module.reference_of.get(function)
    is_tensorflow = reference is not None and reference.path == "tensorflow.shape"
    return is_tensorflow or module.symbol(function) == "backend.shape"


def is_used_as_tuple(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a shape can be a tuple: single numbers are taken of it, or it is given on."""
    steps = (_numbers(module, each.value) for each in _changes(module, node))
    is_computed = all(each is not None for each in steps)
    return is_computed and all(_is_tuple_at(module, use) for use in uses_of(module.tree, node))


def plan_shape(module: ModuleInMigration, name: str, call: ast.Call) -> Plan | None:
    """Plan that what makes a shape becomes a tuple, or its parts alone; `None` for all else."""
    items, span = (call.args[0] if call.args else None), module.text.span(call)
    if items is None:
        return None
    if name == "unstack" and _name_of(module, module.value_of(items)) == "shape":
        return Plan((Edit(span.start, span.end, (module.text.span(items),)),))
    if name not in (*_MAKING, "concat") or not _is_given_as_shape(module, call):
        return None
    if name in _MAKING:
        edit = Edit(span.start, span.end, (module.text.span(items),))
        return Plan((_without_itself(module, call, items) or edit,))
    if not isinstance(items, (ast.List, ast.Tuple)) or not items.elts:
        return None
    pieces: list[Piece] = []
    for item in items.elts:
        pieces += [*_parts(module, item), ", "]
    last = 1 if len(pieces) > 2 else 0  # the comma that makes a tuple of a single part stays
    return Plan((Edit(span.start, span.end, ("(", *pieces[: len(pieces) - last], ")")),))


def _without_itself(module: ModuleInMigration, call: ast.Call, items: ast.expr) -> Edit | None:
    """Return the edit that removes `shape = tf.stack(shape)`; `None` for anything else."""
    match module.tree.parent(call):
        case ast.Assign(targets=[ast.Name(id=name)]) as statement:
            span, text = module.text.span(statement), module.text.text
            start, end = module.text.line_around(span)
            is_alone = text[start:end].strip() == text[span.start : span.end]
            is_needed = len(module.tree.blocks[statement][1]) < 2
            if isinstance(items, ast.Name) and items.id == name and is_alone and not is_needed:
                return Edit(start, end, ())
    return None


def computed_with(module: ModuleInMigration, node: ast.expr) -> Iterator[Edit]:
    """Yield the edits of what is computed with a shape that is a tuple, number by number."""
    for change in _changes(module, node):
        name, span = module.text.span(change.target), module.text.span(change)
        pieces = _each(module, (name,), change.op, change.value)
        yield Edit(span.start, span.end, (name, " = ", *pieces))
    for use in uses_of(module.tree, node):
        parent = module.tree.parent(use)
        if isinstance(parent, ast.Subscript) and not isinstance(parent.slice, _SLICES):
            yield from computed_with(module, parent)
        elif isinstance(parent, ast.BinOp) and _is_counted(module, parent, use):
            span = module.text.span(parent)
            pieces = _each(module, (module.text.span(use),), parent.op, parent.right)
            yield Edit(span.start, span.end, pieces)
            yield from computed_with(module, parent)


def _is_counted(module: ModuleInMigration, node: ast.BinOp, shape: ast.expr) -> bool:
    """Return whether each number of a shape is computed, and what comes out used as a tuple."""
    is_known = type(node.op) in _OPERATORS and _numbers(module, node.right) is not None
    is_used = node.left is shape and any(True for _ in uses_of(module.tree, node))
    return is_known and is_used and is_used_as_tuple(module, node)


def _each(
    module: ModuleInMigration, shape: tuple[Piece, ...], op: ast.operator, value: ast.expr
) -> tuple[Piece, ...]:
    """Return how each number of a shape is computed with a number, or with those of a list."""
    numbers, sign = _numbers(module, value), _OPERATORS[type(op)]
    given = module.text.span(numbers if numbers is not None else value)
    if isinstance(numbers, (ast.List, ast.Tuple)):
        return (f"tuple(n {sign} m for n, m in zip(", *shape, ", ", given, "))")
    return (f"tuple(n {sign} ", given, " for n in ", *shape, ")")


def _changes(module: ModuleInMigration, node: ast.expr) -> list[ast.AugAssign]:
    """Return the statements such as `shape *= 2` that change the variable with a shape."""
    statement = module.tree.parent(node)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return []
    scope = module.tree.function_around(statement) or module.tree.module
    changes = [each for each in walk(scope) if isinstance(each, ast.AugAssign)]
    name = statement.targets[0].id
    return [
        each for each in changes if isinstance(each.target, ast.Name) and each.target.id == name
    ]


def _numbers(module: ModuleInMigration, node: ast.expr) -> ast.expr | None:
    """Return the number or list of numbers that a constant is made of; `None` for all else."""
    while isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "astype":
            node = function.value
        elif node.args and (
            _name_of(module, node) in _WRAPPERS
            or ast.unparse(function) in ("np.array", "numpy.array")
        ):
            node = node.args[0]
        else:
            return None
    is_number = isinstance(node, ast.Constant) and type(node.value) is int
    return node if is_number or isinstance(node, (ast.List, ast.Tuple)) else None


def _is_tuple_at(module: ModuleInMigration, node: ast.expr) -> bool:
    parent = module.tree.parent(node)
    match parent:
        case ast.Subscript(value=value, slice=ast.Constant() | ast.UnaryOp() | ast.Name()):
            return value is node
        case ast.Subscript(value=value) if value is node:
            return is_used_as_tuple(module, parent)
        case ast.BinOp():  # a tensor is made of the shape where it has to be one
            uses = uses_of(module.tree, parent)
            is_shape = any(_is_shape_argument(module, use) for use in uses)
            return not is_shape or _is_counted(module, parent, node)
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) if value is node:
            return True
        case ast.Call(func=ast.Name(id="len" | "tuple" | "list"), args=[_]):
            return True
        case ast.Call(args=[first, *_]) if first is node and _name_of(module, parent) in _OF_TUPLES:
            return True
    return _is_shape_argument(module, node) or _is_part_of_shape(module, node)


def _is_given_as_shape(module: ModuleInMigration, node: ast.Call) -> bool:
    """Return whether the value of an expression is a shape that functions of TensorFlow get."""
    inside = set(walk(node)) - {node}
    uses = [use for use in uses_of(module.tree, node) if use not in inside]
    return bool(uses) and all(_is_shape_argument(module, use) for use in uses)


def _is_shape_argument(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a function of TensorFlow or Keras is given an expression as a shape."""
    call = module.tree.parent(node)
    if isinstance(call, ast.keyword):
        call = module.tree.parent(call)
    if not isinstance(call, ast.Call):
        return False
    shapes = _shape_parameters(module, call)
    arguments = bind(module.text, call, [*shapes]) if shapes else ()
    return any(each.node is node and shapes.get(each.name) for each in arguments)


def _shape_parameters(module: ModuleInMigration, call: ast.Call) -> dict[str, bool]:
    """Return the parameters of a function, in their order, with whether each takes a shape."""
    rule = tensorflow_functions().get(_name_of(module, call))
    if rule is not None:
        changes = {name: rule.arguments.get(name) for name in (*rule.positional, *rule.arguments)}
        return {name: bool(each and _SHAPES & {*each.to}) for name, each in changes.items()}
    reference = module.reference_of.get(call.func)
    is_of_keras = reference is not None and is_keras_path(reference.path)
    resolved = module.resolve(reference.path) if reference is not None and is_of_keras else None
    signature = (resolved.entry.signature if resolved is not None else None) or ()
    return {parameter.name: parameter.name in _SHAPES for parameter in signature}


def _is_part_of_shape(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is a part of `tf.concat([…], 0)` that is given as a shape."""
    items = module.tree.parent(node)
    call = module.tree.parent(items) if isinstance(items, (ast.List, ast.Tuple)) else None
    if not isinstance(call, ast.Call) or call.args[:1] != [items]:
        return False
    return _name_of(module, call) == "concat" and _is_given_as_shape(module, call)


def _name_of(module: ModuleInMigration, call: ast.AST | None) -> str:
    """Return the name of TensorFlow's function that is called, "" if it is none."""
    reference = module.reference_of.get(call.func) if isinstance(call, ast.Call) else None
    return plain_name(reference.path) if reference else ""


def _parts(module: ModuleInMigration, item: ast.expr) -> Iterator[Piece]:
    """Yield how one of the joined parts of a shape is written in a tuple."""
    if isinstance(item, (ast.List, ast.Tuple)) and item.elts:
        yield Span(module.text.span(item.elts[0]).start, module.text.span(item.elts[-1]).end)
    else:
        yield from ("*", module.text.span(item))
