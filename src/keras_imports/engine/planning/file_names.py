"""Find out how the name of a file ends that an expression gives.

os.path.join(folder, "best.hdf5")       folder + "/best.hdf5"       f"{folder}/best.hdf5"
os.path.join(folder, str(step))         a number, if `step` is one: no ending
self.path                               what a class sets, or its property returns
self.name_of(step)                      what a function of the module returns
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from keras_imports.engine.nodes import passed
from keras_imports.python.definitions import Definition
from keras_imports.python.expressions import last_name
from keras_imports.python.tree import walk

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]")
LATEST = "latest_checkpoint"
_JOINING = ("join", "joinpath", "Path", "PurePath", "str", "abspath", "expanduser")
_DEPTH = 4  # names that are followed one after another

Around = Callable[[ast.AST], Iterator[ast.AST]]  # what a node stands in, innermost first
Texts = Mapping[str, Mapping[int | str, frozenset[str]]]  # by function, by place or name

_Kind = TypeVar("_Kind", bound=ast.AST)


def ending_of(around: Around, node: ast.expr, depth: int = 0) -> str:
    """Return the end of a file's name as far as it is known, "" if it is not.

    That of `tf.train.latest_checkpoint(…)` is `latest_checkpoint`, that of a number `n` is `{n}`.
    """
    if _is_number(around, node):
        return f"{{{ast.unparse(node)}}}"
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[*_, ast.Constant(value=str(text))]):
            return text
        case ast.JoinedStr(
            values=[*_, ast.Constant(value=str(text)), ast.FormattedValue(value=value)]
        ):
            return _after(text, ending_of(around, value, depth))
        case ast.JoinedStr(values=[ast.FormattedValue(value=value)]):
            return ending_of(around, value, depth)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            return _formatted(around, text, getattr(right, "elts", [right]), depth)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _PLACEHOLDER.split(ending_of(around, left, depth))[-1]
        case ast.BinOp(right=right, op=ast.Add() | ast.Div()):
            return ending_of(around, right, depth)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return _formatted(around, text, node.args, depth)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _PLACEHOLDER.split(ending_of(around, value, depth))[-1]
        case ast.Call(func=function, args=[*_, last]) if last_name(function) in _JOINING:
            return ending_of(around, last, depth)
        case ast.Call(func=function) if last_name(function) == LATEST:
            return LATEST
    if depth == _DEPTH:
        return ""
    ends = {ending_of(around, value, depth + 1) for value in _values(around, node)}
    return ends.pop() if len(ends) == 1 else ""


def endings_of(around: Around, node: ast.expr, texts: Texts) -> frozenset[str]:
    """Return how a file's name may end: by what callers give where it is a parameter.

    `texts` are the names that other files give to functions and classes of the module.
    """
    end = ending_of(around, node)
    if end:
        return frozenset({end})
    parameter = _parameter(around, node)
    if parameter is None:
        return frozenset()
    taker, place, name = parameter
    *_, module = around(node)
    calls = (node for node in walk(module) if isinstance(node, ast.Call))
    given = [passed(call, place, name) for call in calls if last_name(call.func) == taker]
    ends = {ending_of(around, each) for each in given if each is not None}
    elsewhere = texts.get(taker, {})
    return frozenset(ends - {""}).union(elsewhere.get(place, ()), elsewhere.get(name, ()))


def is_whole(around: Around, node: ast.expr, depth: int = 0) -> bool:
    """Return whether what `ending_of` returns is all of a file's name, without its directories."""
    match node:
        case ast.Constant():
            return True
        case ast.BinOp(right=right, op=ast.Div()):
            return is_whole(around, right, depth)
        case ast.Call(func=function, args=[*_, last]) if last_name(function) in _JOINING:
            return is_whole(around, last, depth)
        case ast.Name(id=name) if depth < _DEPTH:
            return all(
                is_whole(around, value, depth + 1) for value in _assigned(around, node, name)
            )
    return False


def _is_number(around: Around, node: ast.AST) -> bool:
    """Return whether an expression is a number: counted, measured, or made of such."""
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.Call(func=ast.Name(id="int" | "len" | "round")):
            return True
        case ast.BinOp(left=left, right=right):
            return _is_number(around, left) and _is_number(around, right)
        case ast.Name(id=name):
            bound = _bound(around, node, name)
            return bool(bound) and all(_counts(each, name) for each in bound)
    return False


def _counts(node: ast.AST, name: str) -> bool:
    """Return whether what binds a name makes it count: `for i in range(3)`, `i = 0`, `i += 1`."""
    match node:
        case (
            ast.Assign(value=ast.Constant(value=int()))
            | ast.AugAssign(value=ast.Constant(value=int()))
        ):
            return True
        case (ast.For(target=target, iter=ast.Call(func=function))) | ast.comprehension(
            target=target, iter=ast.Call(func=function)
        ):
            first = target.elts[0] if isinstance(target, ast.Tuple) else None
            counted = {"range": target, "enumerate": first}.get(last_name(function) or "")
            return isinstance(counted, ast.Name) and counted.id == name
    return False


def _after(text: str, end: str) -> str:
    """Return the end of a name of which the last part is known, "" if it is not."""
    return text + end if end else ""


def _formatted(around: Around, text: str, values: list[ast.expr], depth: int) -> str:
    """Return the end of a format, in which the last value may stand last."""
    *_, before, last = ["", *_PLACEHOLDER.split(text)]
    if last or not values or isinstance(values[-1], ast.Starred):
        return last
    return _after(before, ending_of(around, values[-1], depth))


# What callers give


def _parameter(around: Around, node: ast.expr) -> tuple[str, int, str] | None:
    """Return what takes a file's name as a parameter, and the place and name of that.

    It is a function, or a class that keeps what its `__init__` takes.
    """
    match node:
        case ast.Call(func=function, args=[*_, last]) if last_name(function) in _JOINING:
            return _parameter(around, last)
        case ast.BinOp(right=right, op=ast.Add() | ast.Div()):
            return _parameter(around, right)
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            values = [*_of_self(around, node, name)]
            is_one = len(values) == 1 and isinstance(values[0], ast.Name)
            return _parameter(around, values[0]) if is_one else None
        case ast.Name(id=name):
            return _taker(around, node, name)
    return None


def _taker(around: Around, node: ast.AST, name: str) -> tuple[str, int, str] | None:
    """Return the function around a node, or its class, if a name is only a parameter of it."""
    for function, kind in pairwise(around(node)):
        if isinstance(function, Definition):
            names = [each.arg for each in function.args.args]
            if name not in names or len(_binders(function).get(name, ())) > 1:
                return None
            if not isinstance(kind, ast.ClassDef):
                return function.name, names.index(name), name
            is_static = any(last_name(each) == "staticmethod" for each in function.decorator_list)
            taker = kind.name if function.name == "__init__" else function.name
            place = names.index(name) - (not is_static)
            return (taker, place, name) if place >= 0 else None
    return None


# What names stand for


def _values(around: Around, node: ast.expr) -> Iterator[ast.expr]:
    """Yield what a name, an attribute of `self`, or a call of the module's own may give."""
    match node:
        case ast.Name(id=name):
            yield from _assigned(around, node, name)
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            yield from _of_self(around, node, name)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
            yield from _returned(_body(_above(around, node, ast.ClassDef)), name)
        case ast.Call(func=ast.Name(id=name)):
            yield from _returned(_body(_above(around, node, ast.Module)), name)


def _assigned(around: Around, node: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what a variable is assigned in the function of a node, else in the module.

    A parameter has its default; nothing is known of what is bound in another way, too.
    """
    bound = _bound(around, node, name)
    values = [n.value for n in bound if isinstance(n, ast.Assign)]
    given = any(isinstance(n, ast.arg) for n in bound)
    function = next((above for above in around(node) if isinstance(above, Definition)), None)
    values += _default(function, name) if given and function else []
    yield from values if len(values) == len(bound) else ()


def _bound(around: Around, node: ast.AST, name: str) -> list[ast.AST]:
    """Return what binds a variable in the function of a node, else in the module."""
    scopes = (above for above in around(node) if isinstance(above, (Definition, ast.Module)))
    return next((found for scope in scopes if (found := _binders(scope).get(name))), [])


def _default(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> list[ast.expr]:
    """Return the default of a parameter, if it has one."""
    given = function.args
    named = [*given.posonlyargs, *given.args][-len(given.defaults) :] if given.defaults else []
    pairs = [*zip(named, given.defaults, strict=False)]
    pairs += [(a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=False) if d]
    return [default for parameter, default in pairs if parameter.arg == name]


def _of_self(around: Around, node: ast.expr, name: str) -> Iterator[ast.expr]:
    """Yield what the class of a node sets an attribute to, or returns as a property."""
    kind = _above(around, node, ast.ClassDef)
    if kind is None:
        return
    yield from _returned(_body(kind), name)
    yield from _set_in(kind).get(name, ())


def _returned(body: Iterable[ast.stmt], name: str) -> Iterator[ast.expr]:
    """Yield what a function of a module or class returns."""
    for function in body:
        if isinstance(function, Definition) and function.name == name:
            returns = (n.value for n in walk(function) if isinstance(n, ast.Return))
            yield from filter(None, returns)


def _above(around: Around, node: ast.AST, kind: type[_Kind]) -> _Kind | None:
    """Return the innermost class, or the module, that a node stands in."""
    return next((above for above in around(node) if isinstance(above, kind)), None)


def _body(node: ast.AST | None) -> list[ast.stmt]:
    return getattr(node, "body", [])


# What a scope or class sets is asked for again by each name in it.


@lru_cache(maxsize=64)
def _binders(scope: ast.AST) -> dict[str, list[ast.AST]]:
    """Return what binds the names of a function or module, by name."""
    found: dict[str, list[ast.AST]] = {}
    for node in walk(scope):
        for name in _bound_by(node):
            found.setdefault(name, []).append(node)
    return found


def _bound_by(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)]) | ast.arg(arg=target):
            return (target,)
        case (
            ast.AugAssign(target=target)
            | ast.For(target=target)
            | ast.comprehension(target=target)
            | ast.NamedExpr(target=target)
        ):
            return {each.id for each in walk(target) if isinstance(each, ast.Name)}
    return ()


@lru_cache(maxsize=64)
def _set_in(kind: ast.ClassDef) -> dict[str, list[ast.expr]]:
    """Return what a class sets its attributes to, in its body and by `self`."""
    found: dict[str, list[ast.expr]] = {}
    for node in walk(kind):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                found.setdefault(name, []).append(node.value)
            case ast.Assign(targets=[ast.Name(id=name)]) if node in kind.body:
                found.setdefault(name, []).append(node.value)
    return found
