"""Report what `fit` does not tell a callback any more.

    self.params["samples"]          a KeyError since Keras is TensorFlow's

It tells `epochs`, `steps` and `verbose`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import class_around
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import set_by
from keras_imports.knowledge.rules import callback_params
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import walk

_PARAMS = re.compile(r"\bself\s*\.\s*params\b")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is a Keras of TensorFlow 2, and code reads such parameters."""
    return module.target.has_tensorflow_2 and _PARAMS.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each key that is gone, in callbacks that do not set it themselves."""
    callbacks = {node for node in module.classes("Callback") if not _sets_params(node)}
    for node in module.tree.matching(_PARAMS):
        match node:
            case ast.Subscript(value=params, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                is_read = _is_params(params)
            case ast.Call(func=ast.Attribute(value=params, attr="get"), args=[ast.Constant(), *_]):
                key, is_read = ast.literal_eval(node.args[0]), _is_params(params)
            case _:
                continue
        advice = callback_params().get(key)
        if advice and is_read and class_around(module.tree, node) in callbacks:
            message = f"`fit` of {module.target} tells callbacks no `{key}`"
            yield module.unfixed(node, message, advice)


def _is_params(node: ast.expr) -> bool:
    return is_own(node) and node.attr == "params"


def _sets_params(callback: ast.ClassDef) -> bool:
    """Return whether a class sets its parameters, or one of them, itself."""
    stored = [each for node in walk(callback) for each in set_by(node)]
    return any(
        _is_params(each.value if isinstance(each, ast.Subscript) else each) for each in stored
    )
