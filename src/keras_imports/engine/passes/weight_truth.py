"""Ask whether a weight is `None` where its truth was asked for.

    if self.bias:               if self.bias is not None:
    if not self.bias:           if self.bias is None:

That is done where the attribute is a weight or `None`. The variables of TensorFlow 1 were true,
those of now have no truth value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import set_by
from keras_imports.engine.weights import MAKE_WEIGHTS
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import is_own, last_name
from keras_imports.python.tree import walk


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to a Keras on TensorFlow 2, or on none."""
    has_weights = any(name in module.text.text for name in MAKE_WEIGHTS)
    return has_weights and module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the classes derived from one of Keras."""
    for layer in module.keras_classes:
        nodes = [*walk(layer)]
        weights = _weights_or_none(nodes)
        for node in nodes:
            for asked in _asked(node):
                if is_own(asked) and asked.attr in weights:
                    is_negated = isinstance(node, ast.UnaryOp)
                    span = module.text.span(node if is_negated else asked)
                    words = " is None" if is_negated else " is not None"
                    yield Edit(span.start, span.end, (module.text.span(asked), words))


def _weights_or_none(nodes: list[ast.AST]) -> set[str]:
    """Return the attributes of `self` that are set to weights, and maybe to None, alone."""
    weights: set[str] = set()
    others: set[str] = set()
    for node in nodes:
        for assigned in filter(is_own, set_by(node)):
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and last_name(value.func) in MAKE_WEIGHTS:
                weights.add(assigned.attr)
            elif not isinstance(value, ast.Constant) or value.value is not None:
                others.add(assigned.attr)
    return weights - others


def _asked(node: ast.AST) -> list[ast.expr]:
    """Return the expressions whose truth a node asks for."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return [node.test]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    return []
