"""Detect which release a module was written for, from what it uses."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from keras_imports import atlas
from keras_imports.flavours import GENERATIONS, flavour_of, generation
from keras_imports.knowledge.arguments import renamed_keywords, takes_by_rest
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.origin import Origin, entry_of
from keras_imports.knowledge.rules import Change, Rule, leading_to, methods_anywhere, sections
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import kinds
from keras_imports.python.paths import after_call, callee
from keras_imports.python.references import Module
from keras_imports.python.signatures import takes
from keras_imports.versions import version_key

# What Keras 1 and 2 called these arguments differs, and no later Keras uses the names otherwise.
_SHARED = frozenset({"alpha", "lr", "period", "batch_input_shape", "input_length", "stride", "p"})
_NOT_OLD = _SHARED | {"depth_multiplier", "length", "sigma", "input", "output", "output_dim"}
# Python 3 has these since its beginning; later imports from `__future__` tell nothing.
_PYTHON_2 = frozenset({"print_function", "absolute_import", "division", "unicode_literals"})
_AFTER_PYTHON_2 = (2, 2)  # the first TensorFlow that does not run on it
_SHAPES = frozenset({"input_shape", "batch_input_shape", "input_dim"})
_UNCHANGED = Change()
_NOTHING = "()"  # in the place of a keyword: nothing is passed
_NEW_FIRST = ("keras3", "standalone", "keras2", "keras1")
_OLD_FIRST = ("standalone", "keras1", "keras2", "keras3")


@dataclass(frozen=True)
class Use:
    """A path that is used, maybe called, maybe with a keyword or literals of these kinds."""

    path: str
    called: bool
    keyword: str = ""
    kinds: tuple[type | None, ...] = ()


@dataclass(frozen=True)
class _Clues:
    """What tells of old code beside the names that it uses, each as far as one sees."""

    is_for_python_2: bool
    has_old_methods: bool  # those that Keras 3 calls otherwise, of whatever object
    has_old_arguments: bool  # those of Keras 1


def detect_origins(
    module: Module, text: str, tree: ast.Module, target: Target, given: Iterable[Origin] = ()
) -> dict[str, Origin]:
    """Return for each flavour that a module uses the release that it was written for.

    What is given counts; what the project declares of the flavour that it is moved to, only for a
    module that fits, since others may have been moved already. Else it is the newest release that
    has most of what the module uses, and takes the arguments that it passes. What may be of several
    generations of the package keras is taken for one of before 2.4 if anything tells that it is
    old; where the package stays the same, only what is not there any more after a move tells that.
    """
    exact = {origin.flavour: origin for origin in given if origin.exact}
    origins = {
        o.flavour: o for o in exact.values() if not (o.declared and o.flavour == target.flavour)
    }
    clues = _Clues(_is_for_python_2(tree), _has_old_methods(text, tree), _has_old_arguments(module))
    for flavour, uses in _uses(module).items():
        if flavour in origins:
            continue
        if flavour in exact and all(_fits(flavour, exact[flavour].release, use) for use in uses):
            origins[flavour] = exact[flavour]
        else:
            release = _written_for(flavour, frozenset(uses), clues, target)
            origins[flavour] = Origin(flavour, release)
    return origins


# What a module uses


def _uses(module: Module) -> dict[str, set[Use]]:
    """Return what a module uses of each flavour."""
    uses: dict[str, set[Use]] = {}
    for reference in module.references:
        for path in reference.paths:
            name = callee(path)
            if not is_keras_path(name):
                continue
            call = reference.call if name == path else None
            its = uses.setdefault(flavour_of(name), set())
            its.add(Use(name, call is not None))
            if call and not call.args and not call.keywords:
                its.add(Use(name, True, _NOTHING))
            if call and ".optimizers." in name:  # whose arguments were put into another order
                its.add(Use(name, True, kinds=kinds(call)))
            for keyword in call.keywords if call else ():
                if keyword.arg:
                    its.add(Use(name, True, keyword.arg))
    return uses


def _has_old_arguments(module: Module) -> bool:
    """Return whether a module passes arguments by names that only Keras 1 had."""
    names = renamed_keywords() - _NOT_OLD
    return any(keyword.arg in names for passed in module.calls for keyword in passed.call.keywords)


def _has_old_methods(text: str, tree: ast.Module) -> bool:
    """Return whether a module uses methods that Keras 3 calls otherwise, of whatever object."""
    names = _old_methods()
    last = {name.rpartition(".")[2] for name in names}
    return any(name in text for name in names) and any(
        isinstance(node, ast.Attribute) and node.attr in last and ast.unparse(node).endswith(names)
        for node in ast.walk(tree)
    )


@lru_cache
def _old_methods() -> tuple[str, ...]:
    """Return the methods that mean an old Keras on any object, with a dot: `.fit_generator`."""
    rules = sections()["keras3"]
    return tuple(
        after_call(key) or ""
        for key in methods_anywhere()
        if any(rule.to for rule in rules.get(key, ()))
    )


def _is_for_python_2(tree: ast.Module) -> bool:
    """Return whether a module asks for what only Python 2 does not have."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and not _PYTHON_2.isdisjoint(alias.name for alias in node.names)
        for node in tree.body
    )


# What is older or newer than the target


def _written_for(flavour: str, uses: frozenset[Use], clues: _Clues, target: Target) -> str:
    """Return the release of a flavour that a module was written for."""
    if flavour == "keras" and clues.has_old_arguments:
        # Those of Keras 1, which 2.0 to 2.3 converted.
        return _best_release(flavour, uses, ("keras1", "standalone"))
    python_2, has_old_methods = clues.is_for_python_2, clues.has_old_methods
    if flavour != target.flavour:
        is_old = python_2 or has_old_methods or any(map(_is_before_keras_3, uses))
    else:  # what is left of old code after a move does not count: that was moved already
        has_old_methods = has_old_methods and target.generation == "keras3"
        is_old = has_old_methods or any(_is_moved(use, target) for use in uses)
        if not is_old and not any(_is_moved_back(use, target) for use in uses):
            return target.release
    if flavour == "keras":
        return _best_release(flavour, uses, _OLD_FIRST if is_old else _NEW_FIRST)
    if flavour == "tensorflow.keras" and (python_2 or has_old_methods):
        return _best_release(flavour, uses, ("keras2", "keras3"), python_2)
    return _best_release(flavour, uses)


@lru_cache(maxsize=1 << 14)
def _is_moved(use: Use, target: Target) -> bool:
    """Return whether a use is older than the target, and is written otherwise in it."""
    if use.keyword == _NOTHING:
        entry = entry_of(target.flavour, target.release, use.path)
        return any(
            p.default is None and p.kind[0] != "*" for p in (entry and entry.signature) or ()
        )
    steps = GENERATIONS[1 : GENERATIONS.index(target.generation) + 1]
    symbol, rules = _rules(use.path, (*steps, "gone"), target)
    if use.keyword:
        return any(rule.arguments.get(use.keyword, _UNCHANGED).to for rule in rules)
    if _fits(target.flavour, target.release, use):
        return False
    if use.kinds:
        return any(
            _fits(target.flavour, release, use) for release in atlas.releases(target.flavour)
        )
    is_there = bool(symbol) and target.path(symbol) is not None
    return is_there or any(rule.to or rule.template or rule.cases for rule in rules)


@lru_cache(maxsize=1 << 14)
def _is_moved_back(use: Use, target: Target) -> bool:
    """Return whether a use is newer than the target, and is written otherwise in it."""
    _, rules = _rules(use.path, ("back",), target)
    if use.keyword:
        return any(rule.arguments.get(use.keyword, _UNCHANGED).to for rule in rules)
    return bool(rules) and not _fits(target.flavour, target.release, use)


def _rules(path: str, names: Iterable[str], target: Target) -> tuple[str, list[Rule]]:
    """Return the symbol of a path, and its rules in some sections that lead to the target."""
    symbol = _symbol(path)
    keys = (symbol, symbol.rpartition(".")[0] + ".*")
    return symbol, [r for name in names for key in keys for r in leading_to(target, name, key)]


@lru_cache(maxsize=1 << 14)
def _symbol(path: str) -> str:
    """Return the atlas's identity of what a path is or was, "" if it is nothing."""
    flavour = flavour_of(path)
    for release in reversed(atlas.releases(flavour)):
        entry = entry_of(flavour, release, path)
        if entry is not None:
            return entry.symbol
    return ""


def _is_before_keras_3(use: Use) -> bool:
    """Return whether a use is one that Keras 3 warns of, or does not take any more."""
    is_layer = ".layers." in use.path and not use.path.endswith(".Embedding")
    is_model = use.path.endswith(".Model") and use.keyword in ("input", "output")
    return is_model or use.keyword == "input_length" or (is_layer and use.keyword in _SHAPES)


# What fits a release


@lru_cache(maxsize=4096)
def _best_release(
    flavour: str, wanted: frozenset[Use], order: tuple[str, ...] = (), python_2: bool = False
) -> str:
    """Return the newest of the releases that have most of what is wanted.

    `order` are the generations to try, the first ones before all others; with `python_2` releases
    that run on it come first.
    """
    releases = [r for r in reversed(atlas.releases(flavour)) if ".dev" not in r]  # nobody has one
    if order:
        of_release = {release: generation(flavour, release) for release in releases}
        releases = [r for kind in order for r in releases if of_release[r] == kind]
    if python_2:
        releases.sort(key=lambda release: version_key(release) >= _AFTER_PYTHON_2)
    fewest, best = len(wanted) + 1, releases[0]
    uses = deque(wanted)
    for release in releases:
        missing = 0
        for use in tuple(uses):
            if not _fits(flavour, release, use):
                missing += 1
                uses.remove(use)
                uses.appendleft(use)  # it tells this release from others, and soonest first
                if missing >= fewest:
                    break
        else:
            fewest, best = missing, release
            if not missing:
                break
    return best


@lru_cache(maxsize=1 << 16)
def _fits(flavour: str, release: str, use: Use) -> bool:
    """Return whether a release has what is used, and takes what is passed."""
    entry = entry_of(flavour, release, use.path)
    if entry is None or (use.called and entry.kind == "module"):
        return False
    if use.kinds:
        return entry.signature is None or takes(entry.signature, use.kinds)
    if use.keyword in ("", _NOTHING) or entry.signature is None:
        return True
    if any(use.keyword == parameter.name for parameter in entry.signature):
        return True
    if not any(parameter.kind == "**" for parameter in entry.signature):
        return False
    symbol = entry.symbol.removeprefix("compat.v1.")
    return takes_by_rest(symbol, generation(flavour, release), use.keyword)
