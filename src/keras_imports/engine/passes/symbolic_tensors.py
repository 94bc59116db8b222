"""Call functions of Keras where TensorFlow's are given the tensors of a model.

    x = tf.concat([x, y], 1)        x = keras.ops.concatenate([x, y], 1)
    tf.shape(x)[0]                  keras.ops.shape(x)[0]

Such a tensor is an `Input`, what layers give, and what is computed of these. Keras 3 does not give
them to other functions. Left to a person is a function that Keras does not have.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.symbolic import SymbolicTensors, uses_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.rules import Rule, tensor_functions
from keras_imports.python.arguments import bind, rewrite
from keras_imports.python.edits import Edit
from keras_imports.python.tree import FUNCTIONS

_CALLS = frozenset({"call", "train_step", "test_step", "predict_step"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to Keras 3."""
    mentions = "tensorflow" in module.text.text
    return mentions and module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such calls, and findings for those that Keras has no function for."""
    tensors = SymbolicTensors(module.tree, module.references)
    calls: dict[ast.AST, ast.Call] = {
        call.func: call for call in _calls_of_tensorflow(module, tensors)
    }
    if not calls:
        return
    # In their order, so that what is assigned is known where it is used.
    for node in sorted(tensors.named, key=lambda node: _end(calls.get(node) or node)):
        if node not in calls:
            tensors.is_symbolic(node)
            continue
        call, name = calls[node], tensors.named[node].path.removeprefix("tensorflow.")
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if any(map(tensors.is_symbolic, given)):
            if name != "shape":
                tensors.add(call)
            yield from _moved(module, call, name)


def _calls_of_tensorflow(module: ModuleInMigration, tensors: SymbolicTensors) -> Iterator[ast.Call]:
    """Yield the calls of functions of TensorFlow, where tensors of a model may be given."""
    for node, reference in tensors.named.items():
        is_one = len(reference.paths) == 1 and reference.path.startswith("tensorflow.")
        call = module.tree.parent(node) if is_one and not is_keras_path(reference.path) else None
        if isinstance(call, ast.Call) and call.func is node and not _has_values(module, node):
            yield call


def _has_values(module: ModuleInMigration, node: ast.AST) -> bool:
    """Return whether a node stands in a function that is given tensors with values."""
    inside = (above for above in module.tree.above(node) if isinstance(above, FUNCTIONS))
    function = next(inside, None)
    return isinstance(function, ast.Lambda) or getattr(function, "name", "") in _CALLS


def _moved(module: ModuleInMigration, call: ast.Call, name: str) -> Iterator[Fix]:
    """Yield the edits that call the same function of Keras, or a finding if there is none."""
    text, rule = module.text, tensor_functions().get(name.removeprefix("math."), Rule())
    before = bind(text, call, list(rule.arguments))
    is_known = all(argument.name in rule.arguments for argument in before)
    if not rule.to or not is_known or (name == "shape" and not _is_taken_apart(module, call)):
        message = f"`tf.{name}` does not take the tensors of a model of {module.target}"
        yield module.unfixed(call, message, "use a function of `keras.ops`, or a `Lambda` layer")
        return
    after = [replace(each, name=rule.arguments[each.name].to[0]) for each in before]
    function = text.span(call.func)
    yield Edit(function.start, function.end, (TargetName(f"ops.{rule.to[0]}"),))
    yield from rewrite(text, call, before, after, None)


def _is_taken_apart(module: ModuleInMigration, call: ast.Call) -> bool:
    """Return whether only single numbers of a shape are used, which is a tuple now, or none."""
    return all(_is_index(module.tree.parent(use)) for use in uses_of(module.tree, call))


def _is_index(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Constant, ast.UnaryOp))


def _end(node: ast.expr) -> tuple[int, int]:
    """Return the line and column where an expression ends."""
    return node.end_lineno or 0, node.end_col_offset or 0
