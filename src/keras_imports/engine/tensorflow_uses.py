"""Plan what a use of TensorFlow becomes where TensorFlow's own function cannot stay.

    tf.concat([x, y], 1)        ops.concatenate([x, y], 1)
    tf.zeros(tf.shape(x))       ops.zeros(ops.shape(x))

That is where a function is given the tensors of a model of Keras 3, and everywhere in code that is
to run on other backends. Left to a person is what Keras has not, or not for what is given to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keras_imports import atlas
from keras_imports.engine.changes import Wrong
from keras_imports.engine.codes import BEHAVIOUR, NEEDS_TENSORFLOW, RUNS_WITH_TENSORFLOW
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.report import StayError
from keras_imports.engine.planning.tensorflow_functions import plan_function
from keras_imports.engine.symbolic import uses_of
from keras_imports.knowledge.backends import plain_name, tie
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.rules import Rule, tensorflow_functions
from keras_imports.python.arguments import bind
from keras_imports.python.edits import Edit, Piece, Span

_ORIGIN = Origin("tensorflow.keras", atlas.releases("tensorflow.keras")[-1])
_SHAPES = frozenset({"shape", "newshape"})


def plan_tensorflow(
    module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None
) -> Plan | None:
    """Plan what a use of TensorFlow becomes; `None` if it stays as it is."""
    if not is_moved(module, path, node, call):
        return None
    name = plain_name(path)
    rule = tensorflow_functions().get(name)
    if rule is not None and not _is_fitting(module, name, node):
        rule = None
    advice = ""
    if rule is not None:
        if name in ("stack", "concat") and call and _is_given_as_shape(module, call):
            plan = _plan_shape(module, call)
            if plan is not None:
                return plan
        if name != "shape" or (call and _is_used_as_tuple(module, call)):
            try:
                return plan_function(_call(module, path, node, call), rule, module.target)
            except StayError as reason:
                advice = reason.left.advice
        else:
            advice = "use `ops.shape(x)`, which is a tuple"
    return Plan(left=(_left(module, path, call or node, rule, advice),))


def is_moved(module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None) -> bool:
    """Return whether a use of TensorFlow cannot stay as it is."""
    if not path.startswith("tensorflow"):
        return False
    if module.target.backend:
        return True
    if call is not None:
        return call in module.calls_on_tensors
    return any(above in module.calls_on_tensors for above in module.tree.above(node))


def wrong_with_use(module: ModuleInMigration, path: str) -> Wrong:
    """Return what is wrong with a use of TensorFlow that is moved."""
    if module.target.backend:
        return Wrong.of(NEEDS_TENSORFLOW, f"`{_shown(path)}` needs TensorFlow")
    message = f"`{_shown(path)}` does not take the tensors of a model of {module.target}"
    return Wrong(BEHAVIOUR, message, "fails")


def _shown(path: str) -> str:
    return path.replace("tensorflow.", "tf.", 1) if "." in path else path


def _left(
    module: ModuleInMigration, path: str, node: ast.expr, rule: Rule | None, advice: str
) -> Finding:
    """Return the finding for a use that is left to a person."""
    wrong, backend = wrong_with_use(module, path), module.target.backend
    if not backend:
        advice = advice or "use a function of `keras.ops`, or a `Lambda` layer"
        return module.unfixed(node, wrong.message, advice)
    row = tie(plain_name(path))
    if not advice:
        advice = _other_arguments(rule) if rule else row.advice(backend)
    code = RUNS_WITH_TENSORFLOW if row.runs else NEEDS_TENSORFLOW
    found = module.unfixed(node, wrong.message, advice, code.name)
    return replace(found, severity=code.severity)


def _other_arguments(rule: Rule) -> str:
    name = f"`keras.{rule.to[0]}`" if rule.to else "functions of `keras.ops`"
    return f"use {name}, which does not take all that is passed here"


def _call(module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None) -> Call:
    return Call(
        text=module.text,
        function=node,
        node=call,
        path=path,
        symbol="",
        signature=None,
        origin=_ORIGIN,
        above=module.tree.parent,
    )


def _is_fitting(module: ModuleInMigration, name: str, node: ast.expr) -> bool:
    """Return whether a name stands where that of Keras can stand: not every class can be asked."""
    return name != "Tensor" or _is_annotation(module, node)


def _is_annotation(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is one that says the type of something."""
    inner: ast.AST = node
    for above in module.tree.above(node):
        if isinstance(above, ast.Call):
            return False
        if isinstance(above, (ast.arg, ast.AnnAssign)):
            return inner is above.annotation
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return inner is above.returns
        inner = above
    return False


# Shapes, which are tuples now


def _is_used_as_tuple(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a shape can be a tuple: numbers are taken of it, or it is given on.

    Where it is computed with, a tensor is made of it.
    """
    return all(_is_tuple_at(module, use) for use in uses_of(module.tree, node))


def _is_tuple_at(module: ModuleInMigration, node: ast.expr) -> bool:
    parent = module.tree.parent(node)
    match parent:
        case ast.Subscript(value=value, slice=ast.Constant() | ast.UnaryOp()) if value is node:
            return True
        case ast.Subscript(value=value) if value is node:
            return _is_used_as_tuple(module, parent)
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) if value is node:
            return True
        case ast.BinOp():
            return True
    return _is_shape_argument(module, node) or _is_part_of_shape(module, node)


def _is_given_as_shape(module: ModuleInMigration, node: ast.Call) -> bool:
    """Return whether the value of an expression is a shape that functions of TensorFlow get."""
    uses = [*uses_of(module.tree, node)]
    return bool(uses) and all(_is_shape_argument(module, use) for use in uses)


def _is_shape_argument(module: ModuleInMigration, node: ast.expr) -> bool:
    call = module.tree.parent(node)
    if isinstance(call, ast.keyword):
        call = module.tree.parent(call)
    rule = _rule_of(module, call)
    if not isinstance(call, ast.Call) or rule is None:
        return False
    return any(
        argument.node is node and _SHAPES.intersection(change.to)
        for argument in bind(module.text, call, rule.positional)
        if (change := rule.arguments.get(argument.name))
    )


def _is_part_of_shape(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is a part of `tf.concat([…], 0)` that is given as a shape."""
    items = module.tree.parent(node)
    call = module.tree.parent(items) if isinstance(items, (ast.List, ast.Tuple)) else None
    if not isinstance(call, ast.Call) or call.args[:1] != [items]:
        return False
    reference = module.reference_of.get(call.func)
    is_joined = reference is not None and plain_name(reference.path) == "concat"
    return is_joined and _is_given_as_shape(module, call)


def _rule_of(module: ModuleInMigration, call: ast.AST | None) -> Rule | None:
    reference = module.reference_of.get(call.func) if isinstance(call, ast.Call) else None
    return tensorflow_functions().get(plain_name(reference.path)) if reference else None


def _plan_shape(module: ModuleInMigration, call: ast.Call) -> Plan | None:
    """Plan that `tf.stack([n, 2])` and `tf.concat([shape, [2]], 0)` become tuples as shapes."""
    reference = module.reference_of[call.func]
    items = call.args[0] if call.args else None
    if not isinstance(items, (ast.List, ast.Tuple)) or not items.elts:
        return None
    span = module.text.span(call)
    if plain_name(reference.path) == "stack":
        return Plan((Edit(span.start, span.end, (module.text.span(items),)),))
    pieces: list[Piece] = []
    for item in items.elts:
        pieces += [*_parts(module, item), ", "]
    last = 1 if len(pieces) > 2 else 0  # the comma that makes a tuple of a single part stays
    return Plan((Edit(span.start, span.end, ("(", *pieces[: len(pieces) - last], ")")),))


def _parts(module: ModuleInMigration, item: ast.expr) -> Iterator[Piece]:
    """Yield how one of the joined parts of a shape is written in a tuple."""
    if isinstance(item, (ast.List, ast.Tuple)) and item.elts:
        yield Span(module.text.span(item.elts[0]).start, module.text.span(item.elts[-1]).end)
    else:
        yield from ("*", module.text.span(item))
