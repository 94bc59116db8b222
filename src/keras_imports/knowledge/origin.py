"""Which release a module was written for, found out from what it uses."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.flavours import GENERATIONS, flavour_of, generation
from keras_imports.knowledge.arguments import renamed_keywords, takes_by_rest
from keras_imports.knowledge.keras_names import is_keras_path
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
_SAME = Change()
_NOTHING = "()"  # for a keyword: nothing is passed
_NEW_FIRST = ("keras3", "standalone", "keras2", "keras1")
_OLD_FIRST = ("standalone", "keras1", "keras2", "keras3")


@dataclass(frozen=True)
class Origin:
    """The release of a flavour that a module was written for; `exact` if someone said so.

    `declared` tells that the project says so, and not whoever moves it.
    """

    flavour: str
    release: str
    exact: bool = False
    declared: bool = False

    @cached_property
    def generation(self) -> str:
        """How the release behaves: keras1, standalone, keras2 or keras3."""
        return generation(self.flavour, self.release)


@dataclass(frozen=True)
class Use:
    """A path that is used, maybe called, maybe with a keyword or literals of these kinds."""

    path: str
    called: bool
    keyword: str = ""
    kinds: tuple[type | None, ...] = ()


def named(text: str) -> Origin:
    """The origin that `FLAVOUR` or `FLAVOUR==RELEASE` names; `ValueError` if unknown."""
    flavour, _, release = text.replace(" ", "").partition("==")
    known = atlas.releases(flavour)
    if release:
        return Origin(flavour, atlas.nearest(flavour, release), exact=True)
    return Origin(flavour, known[-1])


def origins(
    module: Module, text: str, tree: ast.Module, target: Target, given: Iterable[Origin] = ()
) -> dict[str, Origin]:
    """For each flavour that a module uses, the release that it was written for.

    What is given counts; what the project declares of the flavour that it is moved to, only for a
    module that fits, since others may have been moved already. Else it is the newest release that
    has most of what the module uses, and takes the arguments that it passes. What may be of several
    generations of the package keras is taken for one of before 2.4 if anything tells that it is
    old; where the package stays the same, only what is not there any more after a move tells that.
    """
    exact = {origin.flavour: origin for origin in given if origin.exact}
    found = {
        o.flavour: o for o in exact.values() if not (o.declared and o.flavour == target.flavour)
    }
    uses: dict[str, set[Use]] = {}
    python_2 = _is_for_python_2(tree)
    by_methods = _has_old_methods(text, tree)
    for reference in module.references:
        for path in reference.paths:
            name = callee(path)
            if not is_keras_path(name):
                continue
            call = reference.call if name == path else None
            wanted = uses.setdefault(flavour_of(name), set())
            wanted.add(Use(name, call is not None))
            if call and not call.args and not call.keywords:
                wanted.add(Use(name, True, _NOTHING))
            if call and ".optimizers." in name:  # whose arguments were put into another order
                wanted.add(Use(name, True, kinds=kinds(call)))
            for keyword in call.keywords if call else ():
                if keyword.arg:
                    wanted.add(Use(name, True, keyword.arg))
    for flavour, wanted in uses.items():
        if flavour in found:
            continue
        if flavour in exact and all(_fits(flavour, exact[flavour].release, u) for u in wanted):
            found[flavour] = exact[flavour]
        else:
            release = _written_for(flavour, frozenset(wanted), module, target, python_2, by_methods)
            found[flavour] = Origin(flavour, release)
    return found


def _has_old_arguments(module: Module) -> bool:
    names = renamed_keywords() - _NOT_OLD
    return any(keyword.arg in names for passed in module.calls for keyword in passed.call.keywords)


def _written_for(
    flavour: str,
    wanted: frozenset[Use],
    module: Module,
    target: Target,
    python_2: bool,
    by_methods: bool,
) -> str:
    """The release of a flavour that a module was written for."""
    if flavour == "keras" and _has_old_arguments(module):
        # Those of Keras 1, which 2.0 to 2.3 converted.
        return _fitting(flavour, wanted, ("keras1", "standalone"))
    if flavour != target.flavour:
        is_old = python_2 or by_methods or any(map(_is_before_keras_3, wanted))
    else:  # what is left of old code after a move does not count: that was moved already
        by_methods = by_methods and target.generation == "keras3"
        is_old = by_methods or any(_is_moved(use, target) for use in wanted)
        if not is_old and not any(_is_moved_back(use, target) for use in wanted):
            return target.release
    if flavour == "keras":
        return _fitting(flavour, wanted, _OLD_FIRST if is_old else _NEW_FIRST)
    if flavour == "tensorflow.keras" and (python_2 or by_methods):
        return _fitting(flavour, wanted, ("keras2", "keras3"), python_2)
    return _fitting(flavour, wanted)


@lru_cache(maxsize=1 << 14)
def _is_moved(use: Use, target: Target) -> bool:
    """Whether a use is older than the target, and is written otherwise in it."""
    if use.keyword == _NOTHING:
        entry = entry_of(target.flavour, target.release, use.path)
        return any(
            p.default is None and p.kind[0] != "*" for p in (entry and entry.signature) or ()
        )
    known = GENERATIONS[1 : GENERATIONS.index(target.generation) + 1]
    symbol, rules = _rules(use.path, (*known, "gone"), target)
    if use.keyword:
        return any(rule.arguments.get(use.keyword, _SAME).to for rule in rules)
    if _fits(target.flavour, target.release, use):
        return False
    if use.kinds:
        return any(
            _fits(target.flavour, release, use) for release in atlas.releases(target.flavour)
        )
    there = bool(symbol) and target.path(symbol) is not None
    return there or any(rule.to or rule.template or rule.cases for rule in rules)


@lru_cache(maxsize=1 << 14)
def _is_moved_back(use: Use, target: Target) -> bool:
    """Whether a use is newer than the target, and is written otherwise in it."""
    _, rules = _rules(use.path, ("back",), target)
    if use.keyword:
        return any(rule.arguments.get(use.keyword, _SAME).to for rule in rules)
    return bool(rules) and not _fits(target.flavour, target.release, use)


def _rules(path: str, names: Iterable[str], target: Target) -> tuple[str, list[Rule]]:
    """Return the symbol of a path, and its rules in some sections that lead to the target."""
    symbol = _symbol(path)
    keys = (symbol, symbol.rpartition(".")[0] + ".*")
    return symbol, [r for name in names for key in keys for r in leading_to(target, name, key)]


@lru_cache(maxsize=1 << 14)
def _symbol(path: str) -> str:
    """The identity of what a path is or was, "" if it is nothing."""
    flavour = flavour_of(path)
    for release in reversed(atlas.releases(flavour)):
        entry = entry_of(flavour, release, path)
        if entry is not None:
            return entry.symbol
    return ""


def _is_before_keras_3(use: Use) -> bool:
    """Whether a use is one that Keras 3 warns of, or does not take any more."""
    is_layer = ".layers." in use.path and not use.path.endswith(".Embedding")
    is_model = use.path.endswith(".Model") and use.keyword in ("input", "output")
    return is_model or use.keyword == "input_length" or (is_layer and use.keyword in _SHAPES)


def _has_old_methods(text: str, tree: ast.Module) -> bool:
    """Whether a module uses methods that are called otherwise in Keras 3, of whatever object."""
    names = _old_methods()
    last = {name.rpartition(".")[2] for name in names}
    return any(name in text for name in names) and any(
        isinstance(node, ast.Attribute) and node.attr in last and ast.unparse(node).endswith(names)
        for node in ast.walk(tree)
    )


@lru_cache
def _old_methods() -> tuple[str, ...]:
    rules = sections()["keras3"]
    return tuple(
        after_call(key) or ""
        for key in methods_anywhere()
        if any(rule.to for rule in rules.get(key, ()))
    )


def _is_for_python_2(tree: ast.Module) -> bool:
    """Whether a module asks for what only Python 2 does not have."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and not _PYTHON_2.isdisjoint(alias.name for alias in node.names)
        for node in tree.body
    )


@lru_cache(maxsize=4096)
def _fitting(
    flavour: str, wanted: frozenset[Use], order: tuple[str, ...] = (), python_2: bool = False
) -> str:
    releases = [r for r in reversed(atlas.releases(flavour)) if ".dev" not in r]  # nobody has one
    if order:
        kinds = {release: generation(flavour, release) for release in releases}
        releases = [release for kind in order for release in releases if kinds[release] == kind]
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


@lru_cache(maxsize=1 << 16)
def entry_of(flavour: str, release: str, path: str) -> Entry | None:
    """What a path is in a release of a flavour."""
    return atlas.lookup(atlas.flavour_environment(flavour, release), path)
