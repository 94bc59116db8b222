"""Report keys of configurations that Keras 3 does not write any more.

    model.get_config()["layers"][0]["config"]["batch_input_shape"]          a KeyError in Keras 3

What a class writes itself is its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.knowledge.rules import configuration_keys

_CONFIG = "get_config"


@cache
def _keys() -> re.Pattern[str]:
    return re.compile(rf"""["'](?:{"|".join(configuration_keys())})["']""")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the code reads such a key of a configuration."""
    text = module.text.text
    return to_keras_3(module) and _CONFIG in text and _keys().search(text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such key that is read."""
    for node in module.tree.matching(_keys()):
        match node:
            case ast.Subscript(value=config, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                advice = configuration_keys().get(key)
                if advice and _is_configuration(module, config):
                    message = f"configurations of {module.target} have no `{key}` there"
                    yield module.unfixed(node, message, advice)


def _is_configuration(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is what `get_config` returned, or a part of it."""
    while isinstance(node, ast.Subscript):
        node = node.value
    value = module.value_of(node)
    if isinstance(value, ast.Subscript):
        return _is_configuration(module, value)
    function = value.func if isinstance(value, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != _CONFIG:
        return False
    return not isinstance(function.value, ast.Call)  # of `super()`, it is the class's own
