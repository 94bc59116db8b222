"""Select and ignore codes by their beginnings, as in `--select KI2 --ignore KI204`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache

from keras_imports.check.rules import CODES

# What codes begin with, and so what names them: KI, KI2, KI20, KI204.
_BEGINNINGS = tuple(dict.fromkeys(name[:end] for name in CODES for end in range(2, len(name) + 1)))


def parse_codes(names: Iterable[str]) -> tuple[str, ...]:
    """Return beginnings of codes as they are written; raise `ValueError` for one of no code."""
    return tuple(_parsed(name.strip().upper()) for name in names)


def parse_selection(names: Iterable[str]) -> tuple[str, ...]:
    """Return what of all codes is selected; raise `ValueError` for nothing, too."""
    codes = parse_codes(names)
    if not codes:
        raise ValueError("it names no code; where it is left out, all are looked for")
    return codes


def _parsed(name: str) -> str:
    if name in _BEGINNINGS:
        return name
    near = difflib.get_close_matches(name, CODES, n=1)
    known = f"did you mean {near[0]}?" if near else "`keras-imports explain` lists them"
    raise ValueError(f"there is no code {name!r}, and none that begins so; {known}")


@cache
def ignored_codes(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """Return the codes that are not wanted.

    Without `select` all are wanted. Of two that name a code the one that names it longer counts,
    and of two that are equal, `ignore`.
    """
    chosen = select or ("",)
    return frozenset(code for code in CODES if _longest(code, chosen) <= _longest(code, ignore))


def codes_of(beginnings: tuple[str, ...]) -> frozenset[str]:
    """Return the codes that begin with any of these."""
    return frozenset(code for code in CODES if code.startswith(beginnings))


def _longest(code: str, beginnings: Iterable[str]) -> int:
    """Return the length of the longest beginning that a code has, -1 if it has none."""
    return max((len(each) for each in beginnings if code.startswith(each)), default=-1)
