"""Say what became of a dotted path that a release does not have, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from keras_imports import atlas
from keras_imports.asking.explained import Explained
from keras_imports.asking.fragments import Moved, moved, read_fragment
from keras_imports.flavours import FLAVOURS, flavour_of, root_of
from keras_imports.knowledge.lifetimes import elsewhere, lifetime, releases_with
from keras_imports.knowledge.rules import advice_for, sections
from keras_imports.knowledge.target import Target
from keras_imports.knowledge.tensorflow_1 import in_tensorflow_2
from keras_imports.versions import version_key

# What modules call themselves inside of the packages, where people write `tensorflow.keras`.
_INSIDE = re.compile(
    r"^(?:keras\._tf_keras\.keras|keras\.api\._v\d\.keras|tensorflow_core\.keras"
    r"|tensorflow(?:_core)?\._api\.v\d\.(?:v\d\.)?keras"
    r"|tensorflow(?:_core)?\.python\.keras\.api\._v\d\.keras)(?=\.|$)"
)
_TENSORFLOW = re.compile(r"^tensorflow(?:_core)?(?:\._api\.v\d)?(?=\.|$)")
_NAMES = 6  # of a module that are listed


def explain_path(path: str, target: Target, wanted: str = "") -> Explained | None:
    """Explain that a path leads to nothing; `wanted` is what is imported from it, a module.

    `None` if it is nothing of Keras, and nothing that is known of TensorFlow.
    """
    path = as_written(path)
    flavour, wanted = flavour_of(path), as_written(wanted) or path
    if not flavour:
        return None
    having = _having(path, target)
    means = [f"`{path}` {lifetime(flavour, having)}."] if having or root_of(path) else []
    if having != releases_with(path):
        means.append("What Keras 3 has under this name is another module.")
    if not having:
        means += elsewhere(path)
    if not means:
        name = path.removeprefix("tensorflow.")
        if in_tensorflow_2(name) == name:
            return None
        means.append(f"`{path}` is of TensorFlow 1: TensorFlow 2 has it elsewhere or not at all.")
    if target.flavour == flavour and target.release in _having(wanted, target):
        fix = tuple(_where_it_lacks(wanted, flavour, target))
    else:
        fix = tuple(instead_of(wanted, target))
    return Explained(tuple(means), fix)


def instead_of(path: str, target: Target) -> Iterator[str]:
    """Yield what to write for a path that a target does not have."""
    its = _moved(statement(path) if root_of(path) else _use(path), target)
    if its and its.changed:
        yield f"write `{its.code}`{with_imports(its)}"
        return
    found = list(_by_rules(path, target)) or list(_of_module(path, target))
    if not found and not releases_with(path) and not atlas.symbols(path):
        near = [f"`{each}`" for each in atlas.suggest(path) if not path.endswith(f".{each}")]
        found += [f"near names are {', '.join(near)}"] if near else []
    if not found and _is_module(path):
        found.append(
            "the name that is imported from it tells what to write: `keras-imports where "
            f"{path}.NAME`"
        )
    if not found and its and its.left and "keras-imports where" not in its.left[0]:
        found.append(its.left[0].rpartition("; ")[2])
    yield from found


def statement(path: str) -> str:
    """Return the statement that imports a path."""
    package, _, leaf = path.rpartition(".")
    return f"from {package} import {leaf}" if package else f"import {leaf}"


def as_written(path: str) -> str:
    """Return the path that people write for what a module calls itself in a message."""
    return _TENSORFLOW.sub("tensorflow", _INSIDE.sub("tensorflow.keras", path))


def _having(path: str, target: Target) -> tuple[str, ...]:
    """Return the releases that have a path, without those whose module is another of that name.

    `keras.wrappers` of Keras 3 has nothing of what the one of Keras 2 had.
    """
    having, flavour = releases_with(path), flavour_of(path)
    if not having or having == atlas.releases(flavour) or having[-1] != target.release:
        return having
    contents = [_contents(flavour, release, path) for release in having]
    newest = contents[-1]
    first = next(number for number, each in enumerate(contents) if each & newest or not newest)
    return having[:first] if any(contents[:first]) else having


@lru_cache(maxsize=256)
def _contents(flavour: str, release: str, path: str) -> frozenset[str]:
    """Return the names that a module of a release has."""
    return frozenset(atlas.names(atlas.flavour_environment(flavour, release), path))


def _by_rules(path: str, target: Target) -> Iterator[str]:
    """Yield what the rules say of a symbol that is gone."""
    for symbol in atlas.symbols(path) or atlas.symbols(path.rpartition(".")[2]):
        if advice := advice_for(symbol):
            yield advice
            continue
        rules = (rule for part in sections().values() for rule in part.get(symbol, ()))
        for rule in rules:
            names = (target.path(name) for case in rule.cases.values() for name in case.to[:1])
            cases = dict.fromkeys(f"`{target.root}.{name}`" for name in names if name)
            if cases:
                yield f"write the one for its `{rule.by}`: {', '.join(cases)}"
                break


def _is_module(path: str) -> bool:
    """Return whether a path is a module in the last release that has it."""
    having = releases_with(path)
    if not having:
        return False
    entry = atlas.lookup(atlas.flavour_environment(flavour_of(path), having[-1]), path)
    return entry is not None and entry.kind == "module"


def _of_module(path: str, target: Target) -> Iterator[str]:
    """Yield where the names are that a module had: `from keras.utils import to_categorical`."""
    if not _is_module(path) or target.release in releases_with(path):
        return
    env = atlas.flavour_environment(flavour_of(path), releases_with(path)[-1])
    entry = atlas.lookup(env, path)
    module = entry.object if entry else path  # what an alias such as `adam_v2` leads to
    found: dict[str, list[str]] = {}
    for name in atlas.names(env, module):
        entry = atlas.lookup(env, f"{path}.{name}") or atlas.lookup(env, f"{module}.{name}")
        if entry is None or entry.kind not in ("class", "function"):
            continue
        if entry.public or entry.object.startswith(f"{module}."):  # it was no import of its own
            package, _, leaf = f"{target.root}.{target.path(entry.symbol)}".rpartition(".")
            if leaf == name:
                found.setdefault(package, []).append(name)
    for package, names in found.items():
        shown = ", ".join(names[:_NAMES]) + (", …" if len(names) > _NAMES else "")
        yield f"import what was in it from `{package}`: `from {package} import {shown}`"


def _where_it_lacks(path: str, flavour: str, target: Target) -> Iterator[str]:
    """Yield what to write where the installed release does not have a path that the target has."""
    package, having = FLAVOURS[flavour].package, releases_with(path)
    lacking = [release for release in atlas.releases(flavour) if release not in having]
    if not lacking:
        yield (
            f"every release of {package} has it, so that the installed one is not whole, or a file "
            "of your own is found first: `keras-imports doctor` says what there is"
        )
        return
    env = atlas.flavour_environment(flavour, lacking[-1])
    for symbol in atlas.symbols(path)[:1]:
        other = atlas.public_path(env, flavour, symbol)
        if other and other != path:
            yield f"in {package} {lacking[-1]} write `{statement(other)}`"
    if flavour == "keras" and _is_in_every_tensorflow_2(f"tensorflow.{path}"):
        yield f"`{statement(f'tensorflow.{path}')}` works in every TensorFlow 2"
    its = _moved(statement(path), target)
    right = its.code if its and its.changed else statement(path)
    yield f"install a release that has it: `{right}` is right in {target}"


def _is_in_every_tensorflow_2(path: str) -> bool:
    releases = atlas.releases("tensorflow.keras")
    return set(releases_with(path)) >= {each for each in releases if version_key(each) >= (2,)}


def _moved(code: str, target: Target) -> Moved | None:
    fragment = read_fragment(code, target.root)
    return moved(fragment, target) if fragment else None


def with_imports(its: Moved) -> str:
    """Return the imports that moved code needs, as what follows it in a sentence."""
    return f" (with `{'; '.join(its.imports)}`)" if its.imports else ""


def _use(path: str) -> str:
    """Return code that uses an attribute of TensorFlow."""
    return f"tf.{path.removeprefix('tensorflow.')}"
