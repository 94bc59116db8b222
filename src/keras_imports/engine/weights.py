"""Find out which expressions are weights of layers and models: variables of Keras."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache

from keras_imports.engine.around import class_around, value_of
from keras_imports.engine.nodes import set_by
from keras_imports.python.expressions import is_own
from keras_imports.python.references import Reference
from keras_imports.python.tree import Tree, walk

# The methods of a layer that make weights.
MAKE_WEIGHTS = frozenset({"add_weight", "add_variable"})
# The functions of `tf.keras.backend` that read attributes which a variable of Keras 3 has not.
NOT_OF_WEIGHTS = frozenset({"dtype", "mean", "stack", "std", "var"})

_SEVERAL = re.compile(r"\(\)\.(?:(?:non_)?trainable_)?(?:weights|variables)$")
_ONE = re.compile(
    r"\bVariable\(\)$"
    r"|\(\)\.(?:(?:recurrent_|depthwise_|pointwise_)?kernel|bias|embeddings|gamma|beta"
    r"|moving_(?:mean|variance))$"
)
_BACKEND = re.compile(r"tensorflow\.keras\.backend\.(\w+)")


class Weights:
    """Tells which expressions of a module are weights."""

    def __init__(self, tree: Tree, reference_of: Mapping[ast.AST, Reference]) -> None:
        self._tree = tree
        self._reference_of = reference_of

    def is_one(self, node: ast.expr) -> bool:
        """Return whether an expression is one weight of a layer or model."""
        if isinstance(node, ast.Subscript):
            return not isinstance(node.slice, ast.Slice) and self.are_several(node.value)
        return self._stands_for(node, _ONE) or (is_own(node) and self._is_set_to_weights(node))

    def are_several(self, node: ast.expr) -> bool:
        """Return whether an expression is a list of weights, or a slice of it."""
        return self._stands_for(node.value if isinstance(node, ast.Subscript) else node, _SEVERAL)

    def refused(self) -> frozenset[ast.Call]:
        """Return the calls of functions of `tf.keras.backend` that fail with a weight of Keras 3.

        It is their first argument, or in the list that is.
        """
        return frozenset(
            reference.call
            for reference in self._reference_of.values()
            if reference.call is not None
            and reference.call.args
            and (function := _BACKEND.fullmatch(reference.path))
            and function[1] in NOT_OF_WEIGHTS
            and any(map(self.is_one, _items(reference.call.args[0])))
        )

    def _is_set_to_weights(self, attribute: ast.Attribute) -> bool:
        """Return whether the class around sets its attribute to nothing but new weights."""
        kind = class_around(self._tree, attribute)
        return kind is not None and attribute.attr in _set_to_weights(kind)

    def _stands_for(self, node: ast.expr, paths: re.Pattern[str]) -> bool:
        """Return whether all paths of an expression, or of its name's one value, are such."""
        its = self._reference_of
        known = its.get(node) or its.get(value_of(self._tree, node))
        return known is not None and all(map(paths.search, known.paths))


@lru_cache(maxsize=256)
def _set_to_weights(kind: ast.ClassDef) -> frozenset[str]:
    """Return the attributes that a class sets to nothing but what `add_weight` returns."""
    is_made: dict[str, bool] = {}
    for node in walk(kind):
        for each in filter(is_own, set_by(node)):
            value = getattr(node, "value", None)
            is_made[each.attr] = is_made.get(each.attr, True) and _makes_weight(value)
    return frozenset(name for name, made in is_made.items() if made)


def _makes_weight(value: ast.expr | None) -> bool:
    """Return whether an expression is a call of `self.add_weight`."""
    return isinstance(value, ast.Call) and is_own(value.func) and value.func.attr in MAKE_WEIGHTS


def _items(node: ast.expr) -> list[ast.expr]:
    """Return what an argument is, or what the list that it is has."""
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return [node.elt]
    return getattr(node, "elts", [node])
