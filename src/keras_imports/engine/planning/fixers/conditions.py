"""Fix functions of the backend that choose between tensors."""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_imports.engine.planning.draft import Draft
from keras_imports.knowledge.rules import Rule
from keras_imports.python.arguments import Argument
from keras_imports.python.expressions import last_name

_REDUCTIONS = ("sum", "mean", "prod", "max", "min", "any", "all", "size", "ndim")


def switch(draft: Draft, _rule: Rule) -> Draft:
    """Choose between what functions give: `ops.cond` where one number decides, else `ops.where`."""
    given = draft.given
    branches = [given[name] for name in ("x1", "x2") if name in given]
    if not any(isinstance(branch.node, ast.Lambda) for branch in branches):
        return draft
    condition = given["condition"]
    if not _is_number(condition.node):
        return replace(draft, arguments=(condition, *(_result(draft, b) for b in branches)))
    names = ("true_fn", "false_fn")
    functions = (replace(_function(b), name=n) for b, n in zip(branches, names, strict=True))
    arguments = (replace(condition, name="pred"), *functions)
    return replace(draft, path="ops.cond", symbol="ops.cond", arguments=arguments)


def _result(draft: Draft, branch: Argument) -> Argument:
    """Return what a `lambda` gives as an argument, and anything else as it is."""
    if not isinstance(branch.node, ast.Lambda):
        return branch
    return branch.valued(draft.call.text.span(branch.node.body))


def _function(branch: Argument) -> Argument:
    return (
        branch if isinstance(branch.node, ast.Lambda) else branch.valued("lambda: ", *branch.value)
    )


def _is_number(node: ast.AST | None) -> bool:
    """Return whether an expression is visibly one number or truth, and no tensor of several."""
    match node:
        case ast.Constant():
            return True
        case ast.Compare(left=left, comparators=others):
            return all(map(_is_number, [left, *others]))
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
        case ast.UnaryOp(operand=inner):
            return _is_number(inner)
        case ast.Subscript(value=ast.Call() as call, slice=ast.Constant()):
            return (last_name(call.func) or "").endswith("shape")
        case ast.Call(func=function, args=args, keywords=keywords):
            name = last_name(function)
            if name in _REDUCTIONS:
                return len(args) == 1 and not keywords
            return name in ("equal", "greater", "less") and all(map(_is_number, args))
    return False
