"""Dotted paths that may hold calls: how the results of calls, and their attributes, are named.

A path is what an expression stands for, written with the full names of what was imported. `()` in
it is a call, whatever its arguments are:

    keras.layers.Dense          the class
    keras.layers.Dense()        an instance of it: `keras.layers.Dense(3)`
    keras.layers.Dense()()      what the instance returns when it is called: `Dense(3)(x)`
    keras.Sequential().fit      a method of an instance
    keras.Input().shape         an attribute of what a function returns

Only this module takes such strings apart.
"""

from __future__ import annotations

_CALL = "()"


def root(path: str) -> str:
    """Return the top-level package that a path starts with, `keras` for `keras.layers.Dense()`."""
    return path.partition(".")[0].removesuffix(_CALL)


def has_call(path: str) -> bool:
    """Return whether a path leads through a call, so that it names no importable thing."""
    return "(" in path


def is_result(path: str) -> bool:
    """Return whether a path names what a call returns, not an attribute of that."""
    return path.endswith(_CALL)


def result_of(path: str) -> str:
    """Return the path of what a call of `path` returns."""
    return path + _CALL


def callee(path: str) -> str:
    """Return the part of a path before its first call: what may be imported under that name."""
    return path.partition("(")[0]


def last_callee(path: str) -> str:
    """Return the path of what was called to get a result, `keras.Dense()` for `keras.Dense()()`."""
    return path.removesuffix(_CALL)


def after_call(path: str) -> str | None:
    """Return what follows the first call of a path, `.fit` for `keras.Sequential().fit`.

    It is "" where the path ends with that call, and `None` where it holds none.
    """
    _, call, rest = path.partition(_CALL)
    return rest if call else None
