"""Report methods and attributes that the class of an object does not have any more.

    model = keras.Sequential()
    model.state_updates                     AttributeError in Keras 3

The atlas tells what classes had and have; those that a rule knows are written by that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from keras_imports import atlas
from keras_imports.engine.around import call_of
from keras_imports.engine.codes import MEMBER
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.owners import is_prepared, owners
from keras_imports.knowledge.methods import instead
from keras_imports.knowledge.target import Target
from keras_imports.python.references import Reference
from keras_imports.python.tree import ASSIGNED

# Callbacks set it, and not the class of the model.
_SET_BY_OTHERS = frozenset({"history"})


applies = always  # the atlas tells what each target has


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each member that is gone, and that no rule is about."""
    for reference in module.references:
        node = reference.node
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        if not _was_once(node.attr) or node.attr in _SET_BY_OTHERS:
            continue
        if not reference.certain or is_prepared(reference):
            continue
        symbols = owners(module, reference)
        if not symbols or not all(_is_missing(module.target, o, node.attr) for o in symbols):
            continue
        if _has_rule(module, reference, node) or _is_set(module, node):
            continue
        rule = instead(symbols[0], node.attr)
        if rule and not module.stays:
            continue  # it holds once the name of the class is moved
        if not all(_was_known(module.target, symbol, node.attr) for symbol in symbols):
            continue
        shown = f"{symbols[0].rpartition('.')[2]}.{node.attr}"
        message = f"`{shown}` is not in {module.target}"
        advice = rule or f"`keras-imports where {node.attr}` says which releases have it"
        finding = module.unfixed(node, message, advice, MEMBER.name)
        is_any = any(_others_have(module.target, symbol, node.attr) for symbol in symbols)
        yield replace(finding, severity="warning", certain=False) if is_any else finding


def _has_rule(module: ModuleInMigration, reference: Reference, node: ast.Attribute) -> bool:
    """Return whether what becomes of a member is said by a rule."""
    call = call_of(module.tree, node)
    return any(module.plan_method(path, node, call) is not None for path in reference.paths)


@lru_cache(maxsize=1 << 14)
def _is_missing(target: Target, symbol: str, name: str) -> bool:
    """Return whether a class of the target certainly has no member of a name."""
    path = atlas.public_path(target.env, target.flavour, symbol)
    return path is not None and atlas.member(target.env, path, name) is None


@lru_cache(maxsize=1 << 14)
def _was_known(target: Target, symbol: str, name: str) -> bool:
    """Return whether some release had a member: else the program may have set it elsewhere."""
    spans = atlas.member_spans(symbol, name)
    if any(span.is_known for some in spans.values() for span in some):
        return True
    is_model = symbol.startswith("models.")
    others = any(each.startswith("models.") for each in atlas.classes_with(name))
    return is_model and others and not _kind_has(target, symbol, name)


@lru_cache(maxsize=1 << 14)
def _kind_has(target: Target, symbol: str, name: str) -> bool:
    """Return whether another class of the kind of one, such as layers, has a member."""
    kind = symbol.partition(".")[0]
    others = [each for each in atlas.classes_with(name) if each.startswith(f"{kind}.")]
    paths = (atlas.public_path(target.env, target.flavour, other) for other in others)
    return any(atlas.member(target.env, path, name) is not None for path in filter(None, paths))


def _others_have(target: Target, symbol: str, name: str) -> bool:
    """Return whether what is only known to be a layer may be one of those that have a name."""
    return symbol.endswith(".Layer") and _kind_has(target, symbol, name)


@lru_cache(maxsize=1 << 14)
def _was_once(name: str) -> bool:
    """Return whether some class of some Keras has, or had, a member."""
    return bool(atlas.classes_with(name))


def _is_set(module: ModuleInMigration, node: ast.Attribute) -> bool:
    """Return whether the program may have set an attribute itself; its own `self` is another's."""
    owner = "" if module.text.of(node.value) == "self" else r"(?<!\bself)"
    stores = rf"{owner}\.{node.attr}{ASSIGNED.pattern}"
    sets = rf"\bsetattr\([^)\n]*['\"]{node.attr}\b"
    return module.text.has(f"{stores}|{sets}")
