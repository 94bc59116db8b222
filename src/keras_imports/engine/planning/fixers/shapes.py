"""Fix functions of the backend that are given the sizes of tensors."""

from __future__ import annotations

import ast
import re

from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.knowledge.rules import Rule
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.expressions import DISPLAYS, last_name
from keras_imports.python.tree import walk


def output_shape(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Write a tuple where a shape of TensorFlow does not do: as an output shape, and beside `+`."""
    call = draft.call
    if call.node is None:
        return draft
    functions = (each for each in call.around(call.node) if isinstance(each, ast.FunctionDef))
    function = next(functions, None)
    is_told = function is not None and function.name == "compute_output_shape"
    is_whole = not isinstance(call.parent, ast.Subscript)
    if not (is_told and is_whole) and not _is_added(call, function):
        return draft
    span, x = call.text.span(call.node), draft.arguments[0]
    return Plan((Edit(span.start, span.end, ("tuple(", *x.value, ".shape)")),))


def _is_added(call: Call, function: ast.FunctionDef | None) -> bool:
    """Return whether something is added to a shape, or to a slice of it, maybe by its variable."""
    match call.parent:
        case ast.Assign(targets=[ast.Name(id=name)]) if function is not None:
            added = [node for node in walk(function) if isinstance(node, ast.BinOp)]
            sides = [side for node in added for side in (node.left, node.right)]
            return any(re.fullmatch(rf"{name}(\[.*:.*\])?", ast.unparse(side)) for side in sides)
        case ast.Subscript(slice=ast.Slice()) as part:
            return isinstance(call.above(part), ast.BinOp)
        case ast.BinOp():
            return True
    return False


def joined_shape(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Write a tuple where parts of shapes are put together, which are tuples now and no tensors."""
    call = draft.call
    parts = draft.arguments[0].node if draft.arguments else None
    if call.node is None or not isinstance(parts, DISPLAYS):
        return draft
    is_stack = draft.symbol.endswith("stack")
    if not any(
        _is_size(draft, part) if is_stack else _is_shape(draft, part) for part in parts.elts
    ):
        return draft
    pieces: list[Piece] = []
    for part in parts.elts:
        items = part.elts if isinstance(part, DISPLAYS) and not is_stack else [part]
        star = "" if is_stack or items != [part] else "*"
        for item in items:
            pieces += [", " if pieces else "", star, call.text.span(item)]
    span = call.text.span(call.node)
    comma = "," if len(parts.elts) == 1 else ""
    return Plan((Edit(span.start, span.end, ("(", *pieces, f"{comma})")),))


def _is_shape(draft: Draft, node: ast.AST) -> bool:
    """Return whether an expression is visibly a shape, or a slice of one."""
    match node:
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return _is_shape(draft, inner)
        case ast.Call(func=function):
            return last_name(function) in ("shape", "int_shape")
        case ast.Name(id=name):
            return draft.mentions(rf"\b{name}\s*=\s*[\w.]*\b(int_)?shape\(\w+\)\s*\n")
    return False


def _is_size(draft: Draft, node: ast.AST) -> bool:
    """Return whether an expression is visibly one size of a shape."""
    is_number = isinstance(node, ast.Subscript) and isinstance(
        node.slice, (ast.Constant, ast.UnaryOp)
    )
    return isinstance(node, ast.Subscript) and is_number and _is_shape(draft, node.value)
