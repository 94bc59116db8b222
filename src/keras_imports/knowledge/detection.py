"""Detect which release a module was written for, from what it uses."""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.flavours import GENERATIONS, flavour_of, generation
from keras_imports.knowledge.arguments import renamed_keywords, takes_by_rest
from keras_imports.knowledge.declarations import Declaration
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.origin import Origin, entry_of
from keras_imports.knowledge.rules import Change, Rule, leading_to, methods_anywhere, sections
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import kinds
from keras_imports.python.paths import after_call, callee
from keras_imports.python.references import Module
from keras_imports.python.signatures import takes
from keras_imports.python.tree import walk
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
class Known:
    """What is known of code before it is looked at.

    `given` is what someone said, `declaration` what the project requires, and `beside` which
    generation of a flavour other files of the project tell: keras2 stands for all before Keras 3.
    """

    given: tuple[Origin, ...] = ()
    declaration: Declaration | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What a module tells of the flavours that it uses.

    Those that are surely `old` (of before Keras 3), surely `new`, or either, by what it uses; those
    whose release its project decides are `declared`.
    """

    old: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    taken_for_old: frozenset[str] = frozenset()  # of those that may be either

    def takes(self, flavour: str) -> str:
        """Return the generation that a flavour is taken for by itself, as in `Known.beside`."""
        return "keras2" if flavour in self.taken_for_old else "keras3"


@dataclass(frozen=True)
class Detection:
    """For each flavour that a module uses the release that it was written for, and what told it."""

    origins: Mapping[str, Origin]
    evidence: Evidence


@dataclass(frozen=True)
class _Clues:
    """What tells of old code beside the names that it uses, each as far as one sees."""

    is_for_python_2: bool
    has_old_methods: bool  # those that Keras 3 calls otherwise, of whatever object
    has_old_arguments: bool  # those of Keras 1


_NOTHING_KNOWN = Known()


def detect_origins(
    module: Module, text: str, tree: ast.Module, target: Target, known: Known = _NOTHING_KNOWN
) -> Detection:
    """Detect for each flavour that a module uses the release that it was written for.

    What is given counts, then what the project declares; of the flavour that the module is moved to
    only for a module that fits, since others may have been moved already. Else it is the newest
    release that has most of what the module uses, and takes the arguments that it passes. What may
    be of several generations of the package keras is taken for one of before 2.4 if anything tells
    that it is old, in this file or beside it; where the package stays the same, only what is not
    there any more after a move tells that. `tensorflow.keras` is Keras 2 unless something tells
    that it is not: most of what was written for it is older than Keras 3.
    """
    origins = {origin.flavour: origin for origin in known.given if origin.exact}
    clues = _Clues(_is_for_python_2(tree), _has_old_methods(text, tree), _has_old_arguments(module))
    told: dict[str, set[str]] = {each.name: set() for each in fields(Evidence)}
    used = _uses(module)
    for flavour, uses in used.items():
        if flavour not in origins:
            detected = _Detector(flavour, frozenset(uses), clues, target, known)
            origins[flavour] = detected.origin
            if detected.tells:
                told[detected.tells].add(flavour)
            if detected.tells == "either" and detected.is_old:
                told["taken_for_old"].add(flavour)
    if not used and known.declaration:
        for row in known.declaration.requirements:
            flavour = flavour_of(row.package)
            releases = _declared(flavour, target, known.declaration)
            if flavour not in origins and len(_kinds(flavour, releases)) == 1:
                origins[flavour] = Origin(flavour, releases[-1], exact=True)
    return Detection(origins, Evidence(**{name: frozenset(its) for name, its in told.items()}))


# What a module uses


def _uses(module: Module) -> dict[str, set[Use]]:
    """Return what a module uses of each flavour."""
    uses: dict[str, set[Use]] = {}
    for reference in module.references:
        for path in reference.paths:
            name = callee(path)
            if not is_keras_path(name):
                continue
            its = uses.setdefault(flavour_of(name), set())
            if name != path:
                continue  # what a call returned: it may not be written here what was called
            call = reference.call
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
        for node in walk(tree)
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


def _declared(flavour: str, target: Target, declaration: Declaration | None) -> tuple[str, ...]:
    """Return the releases of a flavour that a project declares, none if that says nothing.

    Who declares what the code is moved to may have changed that first.
    """
    if declaration is None:
        return ()
    releases = declaration.releases(flavour)
    if flavour == target.flavour:
        is_new = target.generation in _kinds(flavour, releases)
        if is_new or declaration.of(flavour) is None:
            return ()
    return () if len(releases) == len(atlas.releases(flavour)) else releases


def _kinds(flavour: str, releases: Iterable[str]) -> set[str]:
    return {generation(flavour, release) for release in releases}


@dataclass(frozen=True)
class _Detector:
    """One flavour that a module uses, and what tells the release."""

    flavour: str
    uses: frozenset[Use]
    clues: _Clues
    target: Target
    known: Known

    @cached_property
    def declared(self) -> tuple[str, ...]:
        """The releases that the project declares, as far as the module may be of one of them."""
        releases = _declared(self.flavour, self.target, self.known.declaration)
        if releases and self.flavour == self.target.flavour:
            best = self._best((), releases)
            if not all(_fits(self.flavour, best, use) for use in self.uses):
                return ()
        return releases

    @cached_property
    def is_decided(self) -> bool:
        """Whether the project declares releases of one generation alone."""
        return len(_kinds(self.flavour, self.declared)) == 1

    @cached_property
    def tells(self) -> str:
        """What the module tells of the flavour, as a field of `Evidence`; "" if nothing can."""
        if self.is_decided:
            return "declared"
        if self.flavour not in ("keras", "tensorflow.keras"):
            return ""  # it is always of the same generation
        if self.is_old_by_itself:
            return "old"
        return "new" if self._is_new else "either"

    @cached_property
    def is_old_by_itself(self) -> bool:
        """Whether the module is surely of before Keras 3."""
        clues, declared = self.clues, self.declared
        if declared and "keras3" not in _kinds(self.flavour, declared):
            return True
        if self.flavour == "keras" and clues.has_old_arguments:
            return True
        if self.flavour == self.target.flavour:
            # What is left of old code after a move does not count: that was moved already.
            has_old_methods = clues.has_old_methods and self.target.generation == "keras3"
            return has_old_methods or any(_is_moved(use, self.target) for use in self.uses)
        if clues.is_for_python_2 or clues.has_old_methods:
            return True
        return generation(self.flavour, self._best(_NEW_FIRST)) != "keras3"

    @property
    def _is_new(self) -> bool:
        return generation(self.flavour, self._best(_OLD_FIRST)) == "keras3"

    @cached_property
    def is_old(self) -> bool:
        """Whether it is taken for one of before Keras 3, where it may be either."""
        if self.is_old_by_itself or self._is_new:
            return self.is_old_by_itself
        if self.flavour in self.known.beside:
            return self.known.beside[self.flavour] == "keras2"
        if self.flavour == self.target.flavour:
            return False
        if self.flavour == "tensorflow.keras":
            return self.target.has_tensorflow_2
        return any(map(_is_before_keras_3, self.uses))

    @property
    def origin(self) -> Origin:
        """The release that the module was written for."""
        if self.is_decided:
            return Origin(self.flavour, self._best(()), exact=True)
        return Origin(self.flavour, self._release, exact=self._is_surely_new)

    @property
    def _is_surely_new(self) -> bool:
        """Whether it is of Keras 3 by itself or by the files beside it, and is declared so.

        Of a project that declares an older one it may have been moved in part.
        """
        declaration = self.known.declaration
        if declaration and "keras3" not in _kinds(self.flavour, declaration.releases(self.flavour)):
            return False
        if self.tells == "either":
            return self.known.beside.get(self.flavour) == "keras3"
        return self.tells == "new"

    @property
    def _release(self) -> str:
        flavour, target, python_2 = self.flavour, self.target, self.clues.is_for_python_2
        if flavour == "keras" and self.clues.has_old_arguments:
            return self._best(("keras1", "standalone"))  # Keras 1's, which 2.0 to 2.3 converted
        is_same = flavour == target.flavour
        if is_same and not (self.is_old or any(_is_moved_back(use, target) for use in self.uses)):
            return target.release
        if flavour == "keras":
            return self._best(_OLD_FIRST if self.is_old else _NEW_FIRST)
        if flavour == "tensorflow.keras" and self.is_old:
            return self._best(("keras2", "keras3"), python_2=python_2 and not is_same)
        return self._best(())

    def _best(
        self, order: tuple[str, ...], among: tuple[str, ...] = (), python_2: bool = False
    ) -> str:
        return _best_release(self.flavour, self.uses, order, among or self.declared, python_2)


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
    flavour: str,
    wanted: frozenset[Use],
    order: tuple[str, ...] = (),
    among: tuple[str, ...] = (),
    python_2: bool = False,
) -> str:
    """Return the newest of the releases that have most of what is wanted.

    `order` are the generations to try, the first ones before all others; only the releases `among`
    some are tried, if any; with `python_2` releases that run on it come first.
    """
    releases = [r for r in reversed(among or atlas.releases(flavour)) if ".dev" not in r]
    releases = releases or list(among)  # nobody has one of a nightly build but who asks for it
    if order:
        of_release = {release: generation(flavour, release) for release in releases}
        releases = [r for kind in order for r in releases if of_release[r] == kind]
    if python_2:
        releases.sort(key=lambda release: version_key(release) >= _AFTER_PYTHON_2)
    fewest, best = len(wanted) + 1, releases[0]
    uses = OrderedDict.fromkeys(wanted)
    for release in releases:
        missing = 0
        for use in tuple(uses):
            if not _fits(flavour, release, use):
                missing += 1
                uses.move_to_end(use, last=False)  # it tells this from others, soonest first
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
