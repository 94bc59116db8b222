"""Read configurations by the keys that Keras 3 writes.

    optimizer.get_config()["lr"]            optimizer.get_config()["learning_rate"]
    Adam.from_config({"lr": 0.1})           Adam.from_config({"learning_rate": 0.1})
    model.get_config()["layers"][0]["config"]["batch_input_shape"]          named: a KeyError

What a class writes itself is its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.knowledge.methods import kind_of
from keras_imports.knowledge.rules import configuration_keys
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import last_name
from keras_imports.python.paths import callee

_CONFIG = "get_config"
_FROM = "from_config"
_READS = re.compile(r"_config\b|\.to_json\b")
_ASK = ("get", "pop", "setdefault")
_OPTIMIZER = re.compile(r"(?i)(?:^|_)opt(?:imi[sz]er)?$")


@cache
def _keys() -> re.Pattern[str]:
    keys = "|".join(key for keys in configuration_keys().values() for key in keys)
    return re.compile(rf"""["'](?:{keys})["']""")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the code has such a key of a configuration."""
    text = module.text.text
    return (
        to_keras_3(module) and _READS.search(text) is not None and _keys().search(text) is not None
    )


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of keys that have another name, and findings for others that are read."""
    for node in module.tree.matching(_keys()):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        config, is_read = _configuration_of(module, node)
        kind = _kind(module, config) if config is not None else ""
        change = configuration_keys().get(kind, {}).get(node.value)
        if change is None:
            continue
        span = module.text.span(node)
        if change.to:
            yield Edit(span.start + 1, span.end - 1, change.to)
        elif is_read:
            message = f"configurations of {module.target} have no `{node.value}` there"
            yield module.unfixed(module.tree.parent(node) or node, message, change.left)


def _configuration_of(module: ModuleInMigration, key: ast.Constant) -> tuple[ast.expr | None, bool]:
    """Return the expression that a key is of, `None` for no key, and whether it is read by that."""
    match module.tree.parent(key):
        case ast.Subscript(value=config, ctx=ctx):
            return config, isinstance(ctx, ast.Load)
        case ast.Call(func=ast.Attribute(value=config, attr=name), args=[first, *others]):
            is_asked = name in _ASK and first is key
            return (config, not others) if is_asked else (None, False)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[config]):
            return (config, False) if left is key else (None, False)
        case ast.Dict(keys=keys) as display:
            return (display, False) if key in keys else (None, False)
    return None, False


def _kind(module: ModuleInMigration, node: ast.expr) -> str:
    """Return of what kind of object an expression is the configuration, or a part; "" if of none.

    What is no optimizer is a layer, or a model, which has layers.
    """
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Dict):
        return _kind_of_display(module, node)
    value = module.value_of(node)
    if isinstance(value, (ast.Subscript, ast.Dict)):
        return _kind(module, value)
    match value:
        case ast.Call(func=ast.Attribute(attr="loads"), args=[ast.expr() as written, *_]):
            return "Layer" if _is_json_of_model(module, written) else ""
    function = value.func if isinstance(value, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != _CONFIG:
        return ""
    owner = function.value
    if isinstance(owner, ast.Call) and last_name(owner.func) == "super":
        return ""  # it is the class's own
    known = module.reference_of.get(function)
    if known is not None and all(_is_optimizer(path) for path in known.paths):
        return "Optimizer"
    is_called_so = known is None and _OPTIMIZER.search(last_name(owner) or "")
    return "Optimizer" if is_called_so else "Layer"


def _is_json_of_model(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is what `to_json` of something returned."""
    value = module.value_of(node)
    function = value.func if isinstance(value, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "to_json"


def _kind_of_display(module: ModuleInMigration, node: ast.Dict) -> str:
    """Return "Optimizer" for a dictionary that an optimizer is made from, else ""."""
    for use in (node, *_names(module, node)):
        match module.tree.parent(use):
            case ast.Call(func=ast.Attribute(attr=name) as function) if name == _FROM:
                known = module.reference_of.get(function)
                if known is not None and all(_is_optimizer(path) for path in known.paths):
                    return "Optimizer"
    return ""


def _names(module: ModuleInMigration, node: ast.expr) -> Iterator[ast.expr]:
    """Yield where the variable is read that a value is assigned to."""
    match module.tree.parent(node):
        case ast.Assign(targets=[ast.Name(id=name)]):
            for each in module.tree.naming(name):
                if isinstance(each, ast.Name) and module.value_of(each) is node:
                    yield each


def _is_optimizer(path: str) -> bool:
    """Return whether `get_config` or `from_config` of a path is that of an optimizer."""
    owner = path.rpartition(".")[0]
    return owner.endswith(".optimizer") or kind_of(callee(owner) or owner) == "Optimizer"
