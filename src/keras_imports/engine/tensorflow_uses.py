"""Plan what a use of TensorFlow becomes where TensorFlow's own function cannot stay.

    tf.concat([x, y], 1)        ops.concatenate([x, y], 1)
    tf.zeros(tf.shape(x))       ops.zeros(ops.shape(x))

That is where a function is given the tensors of a model of Keras 3, and everywhere in code that is
to run on other backends. Left to a person is what Keras has not, or not for what is given to it.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_imports import atlas
from keras_imports.engine.around import lines_of_decorator
from keras_imports.engine.changes import Wrong
from keras_imports.engine.codes import BEHAVIOUR, NEEDS_TENSORFLOW, RUNS_WITH_TENSORFLOW
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.report import StayError
from keras_imports.engine.planning.tensorflow_functions import plan_function
from keras_imports.engine.tensorflow_shapes import computed_with, is_used_as_tuple, plan_shape
from keras_imports.knowledge.backends import plain_name, tie
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.rules import Rule, tensorflow_functions
from keras_imports.python.edits import Edit

_ORIGIN = Origin("tensorflow.keras", atlas.releases("tensorflow.keras")[-1])


def plan_tensorflow(
    module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None
) -> Plan | None:
    """Plan what a use of TensorFlow becomes; `None` if it stays as it is."""
    if not is_moved(module, path, node, call):
        return None
    name, whole = plain_name(path), call or node
    plan = _plan_decorator(module, whole) if name == "function" else None
    if plan is not None:
        return plan
    rule = tensorflow_functions().get(name)
    if rule is None or not _is_fitting(module, name, node):
        return _left(module, path, whole)
    plan = plan_shape(module, name, call) if call else None
    if plan is not None:
        return plan
    shape = call if name == "shape" else None
    if name == "shape" and not (shape and is_used_as_tuple(module, shape)):
        return _left(module, path, whole, rule, "use `ops.shape(x)`, which is a tuple")
    try:
        plan = plan_function(_call(module, path, node, call), rule, module.target)
    except StayError as reason:
        return _left(module, path, whole, rule, reason.left.advice)
    return _with_numbers(module, plan, shape) if shape else plan


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
    module: ModuleInMigration, path: str, node: ast.expr, rule: Rule | None = None, advice: str = ""
) -> Plan:
    """Return the plan that leaves a use to a person."""
    wrong, backend = wrong_with_use(module, path), module.target.backend
    if not backend:
        advice = advice or "use a function of `keras.ops`, or a `Lambda` layer"
        return Plan(left=(module.unfixed(node, wrong.message, advice),))
    row = tie(plain_name(path))
    if not advice:
        advice = _other_arguments(rule) if rule else row.advice(backend)
    code = RUNS_WITH_TENSORFLOW if row.runs else NEEDS_TENSORFLOW
    found = module.unfixed(node, wrong.message, advice, code.name)
    return Plan(left=(replace(found, severity=code.severity),))


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
    """Return whether a name stands where that of Keras can stand.

    Not every class can be asked; a setting of datasets goes only where there are none.
    """
    if name.endswith("AUTOTUNE"):
        return module.tree.function_around(node) is None
    return name != "Tensor" or _is_annotation(module, node)


def _is_annotation(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is one that says the type of something, be it in a string."""
    if module.tree.parent(node) is None:
        return True
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


def _with_numbers(module: ModuleInMigration, plan: Plan, shape: ast.Call) -> Plan:
    """Return the plan of a shape with what is computed of its numbers."""
    return replace(plan, edits=(*plan.edits, *computed_with(module, shape)))


def _plan_decorator(module: ModuleInMigration, node: ast.expr) -> Plan | None:
    """Plan that `@tf.function` goes; `None` if it stands elsewhere.

    Keras compiles what it calls itself, the methods of its classes; of others that is said.
    """
    lines, function = lines_of_decorator(module.tree, node), module.tree.parent(node)
    if lines is None or function is None:
        return None
    edits = (Edit(*lines, ()),)
    if module.tree.parent(function) in module.keras_classes:
        return Plan(edits)
    advice = tie("function").advice(module.target.backend)
    message = "without `tf.function` each call runs step by step"
    found = module.unfixed(node, message, advice, NEEDS_TENSORFLOW.name)
    return Plan(edits, (replace(found, severity="warning"),))
