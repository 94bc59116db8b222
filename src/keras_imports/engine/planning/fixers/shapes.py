"""Fix functions of the backend that are given the sizes of tensors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.knowledge.rules import Rule
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.expressions import last_name
from keras_imports.python.tree import FUNCTIONS


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


def computed_shape(draft: Draft, _rule: Rule) -> Draft:
    """Make a tensor of a shape that is computed with, `shape(x)[1:] * 2`: it is a tuple now."""
    edits = []
    for node in _operands(draft):
        span = draft.call.text.span(node)
        pieces = (TargetName("ops.convert_to_tensor"), "(", span, ")")
        edits.append(Edit(span.start, span.end, pieces))
    return replace(draft, edits=(*draft.edits, *edits))


def _operands(draft: Draft) -> Iterator[ast.AST]:
    """Yield where the shape that a call gives, or a slice of it, is the operand of an operator."""
    call = draft.call
    if call.node is None:
        return
    shape: ast.AST = call.node
    above = call.above(shape)
    while isinstance(above, ast.Subscript) and isinstance(above.slice, ast.Slice):
        shape, above = above, call.above(above)
    match above:
        case ast.BinOp():
            yield shape
        case ast.Assign(targets=[ast.Name(id=name)]):
            around = [*call.around(above)]
            scope = next((node for node in around if isinstance(node, FUNCTIONS)), around[-1])
            for node in ast.walk(scope):
                if isinstance(node, ast.BinOp):
                    yield from (n for n in (node.left, node.right) if _is_part(n, name))


def _is_part(node: ast.AST, name: str) -> bool:
    """Return whether an expression is a variable, or a slice of it."""
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        node = node.value
    return isinstance(node, ast.Name) and node.id == name


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
