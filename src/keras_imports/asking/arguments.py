"""Tell which releases take an argument, and what is written instead of it."""

from __future__ import annotations

from functools import lru_cache

from keras_imports import atlas
from keras_imports.asking.fragments import Moved, moved, newest_path, read_fragment
from keras_imports.asking.members import Owner, owners
from keras_imports.check.module import CheckedModule
from keras_imports.check.rules.unknown_arguments import unknown_arguments
from keras_imports.check.setting import Setting
from keras_imports.flavours import FLAVOURS, generation
from keras_imports.knowledge.arguments import takes_by_rest
from keras_imports.knowledge.lifetimes import gone_since, lifetime
from keras_imports.knowledge.target import Target
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse


@lru_cache(maxsize=256)
def releases_taking(flavour: str, symbol: str, argument: str) -> tuple[str, ...]:
    """Return the releases of a flavour whose class or function takes an argument, oldest first.

    Those that still convert it count, and those that ignore it do not: as `check` says. What no
    signature names and only `**` may take counts where that is known.
    """
    return tuple(r for r in atlas.releases(flavour) if _is_taken(flavour, r, symbol, argument))


def _is_taken(flavour: str, release: str, symbol: str, argument: str) -> bool:
    env = atlas.flavour_environment(flavour, release)
    path = atlas.public_path(env, flavour, symbol)
    if path is None:
        return False
    package, _, name = path.rpartition(".")
    code = f"from {package} import {name}\n{name}({argument}=0)\n"
    module = CheckedModule(Source("", code, parse(code)), Setting(env))
    found = [each.code.name for each in unknown_arguments(module)]
    if found:
        return found == ["KI008"]
    known = takes_by_rest(symbol, generation(flavour, release), argument)
    return known or _is_named(symbol, argument)


@lru_cache(maxsize=256)
def _is_named(symbol: str, argument: str) -> bool:
    """Return whether a signature of any release names an argument."""
    return any(
        parameter.name == argument
        for spans in atlas.history(symbol).values()
        for span in spans
        for parameter in span.signature or ()
    )


def releases_with_method_taking(flavour: str, owner: Owner, argument: str) -> tuple[str, ...]:
    """Return the releases of a flavour whose method of a class takes an argument, oldest first."""
    every = atlas.releases(flavour)
    return tuple(
        release
        for span in reversed(owner.spans.get(flavour, ()))
        if any(p.name == argument for p in span.member.signature or ())
        for release in every[every.index(span.first) : every.index(span.last) + 1]
    )


def as_called(name: str) -> str:
    """Return how code calls a class or function, or a method of a model: `model.fit`."""
    return name if _is_symbol(name) else f"model.{name}"


def about_argument(flavour: str, name: str, argument: str) -> str:
    """Say which releases of a flavour take an argument, "" if nothing has the name that is called.

    `name` is the last name of a class, a function or a method. Since when an argument is taken that
    is gone is left out: it may have been taken by `**` before.
    """
    if not _is_symbol(name) and not _methods(name):
        return ""
    package, some = FLAVOURS[flavour].package, releases_that_take(flavour, name, argument)
    if not some:
        return f"No release of {package} names `{argument}` among the arguments of `{name}`."
    gone = gone_since(flavour, some)
    if not gone:
        its = lifetime(flavour, some).replace("is in", "is taken by", 1)
        return f"The argument `{argument}` of `{name}` {its}."
    also = releases_that_take("tensorflow.keras", name, argument) if flavour == "keras" else ()
    beside = gone_since("tensorflow.keras", also) if also else ""
    more = f" (by TensorFlow since {beside})" if beside else ""
    return f"The argument `{argument}` of `{name}` is not taken by {package} since {gone}{more}."


def is_in_newest(flavour: str, name: str) -> bool:
    """Return whether the newest release of a flavour has a class, function or method of a name."""
    newest = atlas.releases(flavour)[-1]
    if _is_symbol(name):
        env = atlas.flavour_environment(flavour, newest)
        return atlas.public_path(env, flavour, symbol_of(name)) is not None
    return any(newest in owner.releases(flavour, True) for owner in _methods(name))


def is_taken_in_newest(flavour: str, name: str, argument: str) -> bool:
    """Return whether the newest release of a flavour takes an argument of what is called so."""
    if not _is_symbol(name) and not _methods(name):
        return True
    return atlas.releases(flavour)[-1] in releases_that_take(flavour, name, argument)


def releases_that_take(flavour: str, name: str, argument: str) -> tuple[str, ...]:
    """Return the releases of a flavour that take an argument of what is called so."""
    if _is_symbol(name):
        return releases_taking(flavour, symbol_of(name), argument)
    return releases_with_method_taking(flavour, _methods(name)[0], argument)


def _methods(name: str) -> tuple[Owner, ...]:
    return owners(f"Model.{name}") or owners(name)


def _is_symbol(name: str) -> bool:
    return bool(symbol_of(name)) and (name[:1].isupper() or not owners(name))


def written_instead(call: str, argument: str, target: Target) -> Moved | None:
    """Return what a call with an argument becomes in a target."""
    fragment = read_fragment(f"{call}({argument}=...)", target.root)
    return moved(fragment, target) if fragment else None


@lru_cache(maxsize=256)
def symbol_of(name: str) -> str:
    """Return the symbol that a class or function is by its last name, "" if none is known."""
    path = newest_path(name, "keras")
    symbols = atlas.symbols(path) if path else ()
    return min(symbols, key=lambda symbol: symbol.startswith("compat."), default="")
