"""Fix functions of the backend that are given the sizes of tensors."""

from __future__ import annotations

import ast

from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.knowledge.rules import Rule
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.expressions import last_name


def output_shape(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Write a tuple in `compute_output_shape`, which may not return TensorFlow's shapes."""
    call = draft.call
    if call.node is None or isinstance(call.parent, ast.Subscript):
        return draft
    functions = (each for each in call.around(call.node) if isinstance(each, ast.FunctionDef))
    if getattr(next(functions, None), "name", "") != "compute_output_shape":
        return draft
    span, x = call.text.span(call.node), draft.arguments[0]
    return Plan((Edit(span.start, span.end, ("tuple(", *x.value, ".shape)")),))


def joined_shape(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Write a tuple where parts of shapes are put together, which are tuples now and no tensors."""
    call = draft.call
    parts = draft.arguments[0].node if draft.arguments else None
    if call.node is None or not isinstance(parts, (ast.List, ast.Tuple)):
        return draft
    is_stack = draft.symbol.endswith("stack")
    if not any(
        _is_size(draft, part) if is_stack else _is_shape(draft, part) for part in parts.elts
    ):
        return draft
    pieces: list[Piece] = []
    for part in parts.elts:
        items = part.elts if isinstance(part, (ast.List, ast.Tuple)) and not is_stack else [part]
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
