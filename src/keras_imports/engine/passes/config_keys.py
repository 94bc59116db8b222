"""Read configurations by the keys that Keras 3 writes.

    optimizer.get_config()["lr"]            optimizer.get_config()["learning_rate"]
    Adam.from_config({"lr": 0.1})           Adam.from_config({"learning_rate": 0.1})
    model.get_config()["layers"][0]["config"]["batch_input_shape"]          named: a KeyError

What a class writes itself is its own, and so is what another package writes. What only its name
tells to be an optimizer is named, and left.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from keras_imports.engine.around import reads_of
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.methods import kind_of
from keras_imports.knowledge.rules import configuration_keys
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import last_name
from keras_imports.python.paths import callee, is_result
from keras_imports.python.quotes import start_of_content
from keras_imports.python.tree import walk

_CONFIG = "get_config"
_FROM = "from_config"
_READS = re.compile(r"_config\b|\.to_json\b")
_ASK = ("get", "pop", "setdefault")
_OPTIMIZER = re.compile(r"(?i)(?:^|_)opt(?:imi[sz]er)?$")
_ANY = "Any"  # the kind of what may be any object


@dataclass(frozen=True)
class _Owner:
    """The kind of object that a configuration is of.

    It is not `known` where only a name tells it. Of a `shared` one the program uses more than its
    keys, so that these cannot change. `writes` are the keys that are not Keras's.
    """

    kind: str
    known: bool = True
    shared: bool = False
    writes: frozenset[str] = frozenset()


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
        owner = _owner(module, config) if config is not None else None
        if owner is None or node.value in owner.writes:
            continue
        of_any = configuration_keys()[_ANY].get(node.value)
        change = of_any or configuration_keys().get(owner.kind, {}).get(node.value)
        if change is None:
            continue
        if change.to:
            yield _renamed(module, node, change.to[0], owner)
        elif is_read and (of_any or owner.known):
            message = f"configurations of {module.target} have no `{node.value}` there"
            yield module.unfixed(module.tree.parent(node) or node, message, change.left)


def _renamed(
    module: ModuleInMigration, node: ast.Constant, to: str, owner: _Owner
) -> Edit | Finding:
    """Return the edit of a key, or what to do by hand where it may be another's, too."""
    key = str(node.value)
    message = f"configurations of {module.target} have `{to}` instead of `{key}`"
    if not owner.known:
        found = module.unfixed(node, message, f"write `{to}` if the optimizer is one of Keras")
        return replace(found, severity="warning", certain=False)
    if owner.shared:
        return module.unfixed(node, message, f"give `{_FROM}` a dictionary of its own, with `{to}`")
    start = start_of_content(module.text, node)
    if start is None:
        return module.unfixed(node, message, f"write `{to}`")
    return Edit(start, start + len(key), (to,))


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


def _owner(module: ModuleInMigration, config: ast.expr) -> _Owner | None:
    """Return what an expression is the configuration of, or a part; `None` if of nothing."""
    value = module.value_of(config)
    if isinstance(value, ast.Dict):
        return _owner_of_display(module, value)
    source, name = _source(module, value), _CONFIG
    match source:
        case ast.Call(func=ast.Attribute(attr="loads"), args=[ast.expr() as written, *_]):
            source, name = module.value_of(written), "to_json"
    function = source.func if isinstance(source, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != name:
        return None
    if isinstance(function.value, ast.Call) and last_name(function.value.func) == "super":
        return None  # it is the class's own
    owner = _owner_of_method(module, function)
    if owner.kind == "Optimizer" and source is not value:
        return None  # what is in it, as a schedule, has keys of its own
    is_keras = owner.known and not _is_own(module, function)
    return owner if is_keras else replace(owner, writes=_own_keys(module))


def _source(module: ModuleInMigration, node: ast.expr) -> ast.expr:
    """Return the expression that a configuration was first, of which this is a part."""
    seen = set()
    while node not in seen:  # a name may be assigned a part of itself
        seen.add(node)
        node = node.value if isinstance(node, ast.Subscript) else module.value_of(node)
    return node


def _owner_of_method(module: ModuleInMigration, function: ast.Attribute) -> _Owner:
    """Return what a method that returns a configuration is of."""
    known = module.reference_of.get(function)
    if known is not None:
        kinds = {_kind(path) for path in known.paths}
        return _Owner(kinds.pop() if len(kinds) == 1 else _ANY, known.certain)
    if _OPTIMIZER.search(last_name(function.value) or "") and not _is_own(module, function):
        return _Owner("Optimizer", known=False)
    return _Owner(_ANY)


def _kind(path: str) -> str:
    """Return the kind of the object or class of Keras that a path of a method is of."""
    owner = path.rpartition(".")[0]
    if not is_keras_path(path):
        return _ANY
    kind = kind_of(callee(owner))
    if owner.endswith(".optimizer") or kind == "Optimizer":
        return "Optimizer"
    return "Layer" if is_result(owner) and kind in ("Layer", "Model") else _ANY


def _is_own(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether something is of a class of the module, or of a package that is not Keras."""
    seen: set[ast.expr] = set()
    while node not in seen:
        seen.add(node)
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                node = inner
            case _:
                node = module.value_of(node)
    binders = module.tree.binders(node.id) if isinstance(node, ast.Name) else ()
    return any(
        isinstance(each, ast.ClassDef)
        or (isinstance(each, ast.alias) and each not in module.reference_of)
        for each in binders
    )


def _own_keys(module: ModuleInMigration) -> frozenset[str]:
    """Return the keys that classes of the module write in their own `get_config`."""
    methods = [each for each in module.tree.binders(_CONFIG) if isinstance(each, ast.FunctionDef)]
    keys: set[str] = set()
    for node in (node for method in methods for node in walk(method)):
        match node:
            case ast.Dict(keys=written):
                keys.update(str(each.value) for each in written if isinstance(each, ast.Constant))
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                keys.add(key)
            case ast.keyword(arg=str(key)):
                keys.add(key)
    return frozenset(keys)


def _owner_of_display(module: ModuleInMigration, node: ast.Dict) -> _Owner | None:
    """Return the optimizer that is made from a dictionary, `None` if none is."""
    is_given = [_is_given(module, use) for use in (node, *_names(module, node))]
    if True not in is_given:
        return None
    return _Owner("Optimizer", shared=None in is_given)


def _is_given(module: ModuleInMigration, use: ast.expr) -> bool | None:
    """Return whether a use of a dictionary makes an optimizer of it; `None` for what uses it whole.

    It does not where it reads or sets a single key.
    """
    parent = module.tree.parent(use)
    match parent:
        case ast.Call(func=ast.Attribute(attr=name) as function) as call if name == _FROM:
            known = module.reference_of.get(function)
            if known is not None and known.certain and not _is_own(module, function.value):
                is_keras = all(_kind(path) == "Optimizer" for path in known.paths)
                return True if is_keras and use in call.args else None
        case ast.Subscript(value=value, slice=ast.Constant()) if value is use:
            return False
        case ast.Attribute(attr=name) if name in _ASK:
            if _asks_for_key(module.tree.parent(parent)):
                return False
        case ast.Compare(left=ast.Constant(), comparators=[other]) if other is use:
            return False
        case ast.Assign(targets=[ast.Name()]) if isinstance(use, ast.Dict):
            return False
    return None


def _asks_for_key(node: ast.AST | None) -> bool:
    """Return whether a node is a call whose first argument is written out."""
    return isinstance(node, ast.Call) and isinstance(next(iter(node.args), None), ast.Constant)


def _names(module: ModuleInMigration, node: ast.expr) -> Iterator[ast.expr]:
    """Yield where the variable is read that a value is assigned to."""
    match module.tree.parent(node):
        case ast.Assign(targets=[ast.Name(id=name)]):
            for each in reads_of(module.tree, name):
                if module.value_of(each) is node:
                    yield each
