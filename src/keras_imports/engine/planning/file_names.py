"""Find out how the name of a file ends that an expression gives.

os.path.join(folder, "best.hdf5")       folder + "/best.hdf5"       f"{folder}/best.hdf5"
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.planning.call import Call

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]")
_LATEST = "latest_checkpoint"
_JOINING = ("join", "joinpath", "Path", "PurePath", "str", "abspath", "expanduser", "format")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)


def ending_of(call: Call, node: ast.expr, depth: int = 0) -> str:
    """Return the end of a file's name as far as it is known, "" if it is not.

    That of `tf.train.latest_checkpoint(…)` is `latest_checkpoint`.
    """
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[*_, ast.Constant(value=str(text))]):
            return text
        case ast.BinOp(left=left, op=ast.Mod()):
            return _after_placeholders(ending_of(call, left, depth))
        case ast.BinOp(right=right, op=ast.Add() | ast.Div()):
            return ending_of(call, right, depth)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return _after_placeholders(text)
        case ast.Call(func=function, args=[*_, last]) if _last_name(function) in _JOINING:
            return ending_of(call, last, depth)
        case ast.Call(func=function) if _last_name(function) == _LATEST:
            return _LATEST
        case ast.Name(id=name) if depth < 4:
            values = [*_assigned(call, name)]
            ends = {ending_of(call, value, depth + 1) for value in values}
            return ends.pop() if len(ends) == 1 else ""
    return ""


def is_whole(call: Call, node: ast.expr, depth: int = 0) -> bool:
    """Return whether what `ending_of` returns is all of a file's name, without its directories."""
    match node:
        case ast.Constant():
            return True
        case ast.BinOp(right=right, op=ast.Div()):
            return is_whole(call, right, depth)
        case ast.Call(func=function, args=[*_, last]) if _last_name(function) in _JOINING:
            return is_whole(call, last, depth)
        case ast.Name(id=name) if depth < 4:
            return all(is_whole(call, value, depth + 1) for value in _assigned(call, name))
    return False


def _after_placeholders(text: str) -> str:
    """Return what follows the last placeholder of a format."""
    return _PLACEHOLDER.split(text)[-1]


def _last_name(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _assigned(call: Call, name: str) -> Iterator[ast.expr]:
    """Yield what a variable is assigned in the function of a call, else in the module.

    Nothing if it is bound in another way, too, such as a parameter.
    """
    above: ast.AST | None = call.node or call.function
    while above is not None:
        above = call.above(above)
        if not isinstance(above, _SCOPES):
            continue
        bound = [n for n in ast.walk(above) if _binds(n, name)]
        values = [n.value for n in bound if isinstance(n, ast.Assign)]
        if bound:
            yield from values if len(values) == len(bound) else ()
            return


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)]):
            return target == name
        case ast.arg(arg=target):
            return target == name
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.NamedExpr(target=target):
            return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(target))
    return False
