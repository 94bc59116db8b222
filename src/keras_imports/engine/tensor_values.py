"""Tell where the functions of TensorFlow and of the old backend are given tensors with values.

There they still work in `tensorflow.keras` of Keras 3; the tensors of a functional model, an
`Input` and what layers make of it, they do not take.

    def call(self, x):                  def block(x):                   called with a model's tensor
        return K.sum(x, axis=1)             return K.sum(x, axis=1)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from keras_imports.engine.around import call_of, reads_of
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.weights import NOT_OF_WEIGHTS
from keras_imports.python.tree import walk

_LOSS = re.compile(r"(?i)loss|metric|accuracy|dice|iou|jaccard|error|precision|recall|f1|rmse|psnr")
_OF_LOSSES = re.compile(r"(?:y_)?(?:true|pred)|y|labels?|targets?|predictions?")
_LITERAL = (ast.Constant, ast.Tuple, ast.List, ast.UnaryOp)
_BUILDERS = ("__init__", "__new__")  # whose tensors may be those of a model
_NOT_OF_WEIGHTS = frozenset(f"backend.{name}" for name in NOT_OF_WEIGHTS)
# These take a tensor of a model, too, or are given weights where none is seen to be given.
_OF_ANY_TENSOR = frozenset(
    f"backend.{name}"
    for name in ("batch_get_value", "count_params", "eval", "get_value", "int_shape")
)


def works_on_its_tensors(module: ModuleInMigration, symbol: str, call: ast.Call | None) -> bool:
    """Return whether a function of the old backend takes what it is given at a place.

    One that is not called at the place is given on to who calls it with tensors that have values.
    """
    if not symbol.startswith("backend.") or call is None:
        return True
    if call in module.calls_on_tensors or call in module.calls_on_weights:
        return False
    if symbol in _OF_ANY_TENSOR:
        return True
    if symbol in _NOT_OF_WEIGHTS and any(map(_may_be_variable, _given(call))):
        return False
    return has_values(module, call)


def has_values(module: ModuleInMigration, node: ast.AST) -> bool:
    """Return whether a place is known to be reached with values alone, or uses no tensors."""
    if isinstance(node, ast.Call) and all(map(_is_literal, _given(node))):
        return True
    return _has_values(module, node, frozenset())


def _has_values(module: ModuleInMigration, node: ast.AST, seen: frozenset[ast.AST]) -> bool:
    function = module.tree.function_around(node)
    if function is None or function in seen:
        return False
    return isinstance(function, ast.Lambda) or _is_given_values(module, function, seen)


@lru_cache(maxsize=256)
def _is_given_values(
    module: ModuleInMigration,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    seen: frozenset[ast.AST],
) -> bool:
    """Return whether a function is called by Keras, or only where tensors have values."""
    above = module.tree.parent(function)
    if isinstance(above, ast.ClassDef):
        return above in module.keras_classes and function.name not in _BUILDERS
    uses = [*reads_of(module.tree, function.name)]
    if not uses:
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if _LOSS.search(function.name):
            return True
        return any(_OF_LOSSES.fullmatch(name) for name in names)
    calls = [call for use in uses if (call := call_of(module.tree, use)) is not None]
    return all(_has_values(module, each, seen | {function}) for each in calls)


def _is_literal(node: ast.expr) -> bool:
    return all(isinstance(each, _LITERAL) for each in walk(node))


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the values of all arguments."""
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _may_be_variable(node: ast.AST) -> bool:
    """Return whether an expression may be, or have in a list, a weight of a layer."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return any(map(_may_be_variable, node.elts))
    if isinstance(node, ast.Subscript):
        return _may_be_variable(node.value)
    return isinstance(node, ast.Attribute)
