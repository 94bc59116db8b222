"""Know the arguments of Keras that its signatures do not show, as `arguments.yml` lists them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from keras_imports.knowledge import tables

_NEAR = 0.75  # of 1 for the same name: `optimiser` is meant for `optimizer`
_FEW = 2  # arguments that one may be meant for


@dataclass(frozen=True)
class _Table:
    """What constructors take by `**`, and what arguments of Keras 1 were called thereafter.

    `accepted` has keywords of classes by symbol, or the first part of many, and by generation;
    `by_rest` those of functions and methods; `refused` has keywords of other symbols; `instead` has
    the advice for keywords that a target does not take, by the first part of the symbol.
    """

    accepted: dict[str, dict[str, list[str]]]
    by_rest: dict[str, dict[str, list[str]]]
    refused: dict[str, list[str]]
    renamed: dict[str, list[str]]
    instead: dict[str, dict[str, str]]


@cache
def _table() -> _Table:
    return _Table(**tables.read("arguments.yml"))


def takes_by_rest(symbol: str, generation: str, keyword: str) -> bool:
    """Return whether the class of a symbol, which takes `**`, accepts a keyword by it.

    Of what is neither a layer nor an optimizer little is known: it accepts what it is not known
    to refuse.
    """
    accepted, family = _table().accepted, symbol.partition(".")[0]
    if family not in accepted:
        return not is_refused(symbol, keyword)
    return any(keyword in accepted.get(key, {}).get(generation, ()) for key in (family, symbol))


def all_by_rest(key: str, generation: str) -> Collection[str] | None:
    """Return all that a function or method takes by `**`; `None` where that is not known.

    The key of a function is its symbol, that of a method is that of its rules: `Model().save`.
    """
    return _table().by_rest.get(key, {}).get(generation)


def is_refused(symbol: str, keyword: str) -> bool:
    """Return whether a symbol is known to refuse a keyword, whatever it hands on to others."""
    return keyword in _table().refused.get(symbol, ())


def instead_of(symbol: str, keyword: str, free: Collection[str]) -> str:
    """Return what to write for an argument that a symbol does not take.

    `free` are those that it takes, and is not given.
    """
    family = _table().instead.get(symbol.partition(".")[0], {})
    new = next((name for name in new_names(keyword) if name in free), None)
    return family.get(keyword) or (f"write `{new}=`" if new else _perhaps(keyword, free))


def _perhaps(keyword: str, free: Collection[str]) -> str:
    """Return what to write for an argument of which nothing tells what it was meant for."""
    near = get_close_matches(keyword, sorted(free), 1, _NEAR)
    if near or 0 < len(free) <= _FEW:
        meant = " or ".join(f"`{name}=`" for name in near or sorted(free))
        return f"write {meant} if that is meant, or leave it out"
    return "leave it out, or write by hand what it did"


def new_names(keyword: str) -> tuple[str, ...]:
    """Return the names that Keras 2 has for an argument of Keras 1; none if it was not renamed."""
    return tuple(_table().renamed.get(keyword, ()))


@cache
def renamed_keywords() -> frozenset[str]:
    """Return the names of all arguments that were renamed from Keras 1 to Keras 2."""
    return frozenset(_table().renamed)
