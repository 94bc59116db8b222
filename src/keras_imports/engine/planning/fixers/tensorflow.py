"""Fix what functions of TensorFlow are given, for the functions of Keras."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from keras_imports.engine.placeholders import InsertedFunction
from keras_imports.engine.planning.call import Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.literals import literal
from keras_imports.engine.planning.report import unsure
from keras_imports.engine.planning.templates import filled, with_argument
from keras_imports.knowledge.rules import Change, Rule
from keras_imports.python.arguments import Argument
from keras_imports.python.edits import Edit, Span
from keras_imports.python.expressions import DISPLAYS, last_name
from keras_imports.python.tree import walk

_WAYS = ("bilinear", "nearest", "nearest_neighbor", "bicubic", "lanczos3", "lanczos5")
_KNOWN = ("shape", "len", "int")
_ARRAYS = ("array", "asarray", "constant", "convert_to_tensor")
_WHOLE = re.compile(r"\bu?int\d*\b")


def transposed(draft: Draft, _rule: Rule) -> Draft:
    """Turn the matrices that `transpose_a=True` and `transpose_b=True` are about."""
    given = draft.given
    for flag, name in (("transpose_a", "x1"), ("transpose_b", "x2")):
        if flag not in given:
            continue
        value = literal(given[flag])
        if value not in (True, False) or name not in given:
            unsure(draft, f"use `ops.swapaxes({name}, -1, -2)` where `{flag}` is true")
        arguments = tuple(
            argument.valued(*filled(draft, "{@ops.swapaxes}({m}, -1, -2)", {"m": argument}))
            if argument.name == name and value
            else argument
            for argument in draft.arguments
            if argument.name != flag
        )
        draft = replace(draft, arguments=arguments)
    return draft


def triangle(draft: Draft, rule: Rule) -> Draft:
    """Take what is on one side of the diagonal, and on it, where `band_part` is asked for that."""
    given = draft.given
    sides = [literal(given[name]) if name in given else None for name in ("lower", "upper")]
    path = "ops.tril" if sides == [-1, 0] else "ops.triu" if sides == [0, -1] else ""
    if not path:
        unsure(draft, rule.left)
    arguments = tuple(a for a in draft.arguments if a.name not in ("lower", "upper"))
    return replace(draft, path=path, arguments=arguments)


def whole_number(draft: Draft, _rule: Rule) -> Draft:
    """Say the type of a tensor that is filled with a whole number: Keras takes it for a float."""
    value = draft.given.get("fill_value")
    is_whole = value is not None and type(literal(value)) is int
    return with_argument(draft, "dtype", "'int32'") if is_whole else draft


def written_out(draft: Draft, rule: Rule) -> Plan:
    """Call a function that is written into the module, with the arguments as they are."""
    if len(draft.written) > len(draft.arguments) or "" in draft.given:
        unsure(draft, rule.left)
    span, name = draft.call.text.span(draft.call.function), draft.call.path.rpartition(".")[2]
    return Plan((Edit(span.start, span.end, (InsertedFunction(name),)),))


def number_of_parts(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Take a number of equal parts as it is, and where parts end in place of their sizes."""
    node = argument.node
    if isinstance(node, ast.Call) and last_name(node.func) in _ARRAYS and len(node.args) == 1:
        (node,) = node.args
    if (isinstance(node, ast.Constant) and type(node.value) is int) or _is_count(draft, node):
        return argument
    if not isinstance(node, DISPLAYS) or len(node.elts) < 2:
        return unsure(draft, change.left)
    ends: list[str] = []
    number, terms = 0, []
    for size in node.elts[:-1]:  # the last one ends where the tensor does
        if isinstance(size, ast.Constant) and type(size.value) is int:
            number += size.value
        elif _is_term(size):
            terms.append(draft.call.text.of(size))
        else:
            return unsure(draft, change.left)
        ends.append(" + ".join([*terms, str(number)] if number or not terms else terms))
    return argument.valued(f"[{', '.join(ends)}]")


def _is_term(node: ast.expr) -> bool:
    """Return whether an expression may be written into a sum as it is: names, and products."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.FloorDiv)):
        return all(isinstance(e, ast.Constant) or _is_term(e) for e in (node.left, node.right))
    return isinstance(node, (ast.Name, ast.Attribute))


def _is_count(draft: Draft, node: ast.expr | None) -> bool:
    """Return whether a name stands for a number: it is set to one, divides, or is counted to."""
    name, text = last_name(node), draft.call.text.text
    if not name or re.search(rf"\b{name}\s*=\s*[\[(]", text):
        return False
    is_set = rf"\b{name}\s*(?::\s*int\b|=\s*\d+\s*(?:[,)#]|$))"
    is_used = rf"(?:(?://|[\w)\]]\s*%)\s*|\brange\()(?:\w+\.)*{name}\b(?!\s*[\[.(])"
    return re.search(rf"{is_set}|{is_used}", text, re.MULTILINE) is not None


def known_number(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Take a number that is known before any values are."""
    calls = (n for n in walk(argument.node or ast.Pass()) if isinstance(n, ast.Call))
    is_known = all(last_name(call.func) in _KNOWN for call in calls)
    return argument if is_known else unsure(draft, change.left)


def spatial(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Pass only the numbers for height and width of `[1, 2, 2, 1]` or `[1, *strides, 1]`."""
    node, text = argument.node, draft.call.text
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return argument
    match node:
        case (
            ast.List(elts=[_, ast.Starred(value=inner), _])
            | ast.Tuple(elts=[_, ast.Starred(value=inner), _])
        ):
            return argument.valued("tuple(", text.span(inner), ")")
    if not isinstance(node, DISPLAYS) or len(node.elts) not in (2, 4):
        return unsure(draft, change.left)
    if len(node.elts) == 2:
        return argument
    both = Span(text.span(node.elts[1]).start, text.span(node.elts[2]).end)
    return argument.valued("(", both, ")")


def resized(draft: Draft, _rule: Rule) -> Draft:
    """Give real numbers to resize, which TensorFlow makes of all but the nearest pixels."""
    way = draft.given.get("interpolation")
    if (
        way is not None
        and way.node is not None
        and "nearest" in draft.call.text.of(way.node).lower()
    ):
        return draft
    arguments = tuple(
        argument.valued(*filled(draft, "{@ops.cast}({i}, 'float32')", {"i": argument}))
        if argument.name == "images"
        else argument
        for argument in draft.arguments
    )
    return replace(draft, arguments=arguments)


def resizing(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Take the ways to resize that Keras has, too."""
    way = draft.call.text.of(argument.node).strip("'\"").rpartition(".")[2] if argument.node else ""
    return argument if way.lower() in _WAYS else unsure(draft, change.left)


def as_tensor(draft: Draft, argument: Argument, _change: Change) -> Argument:
    """Make a tensor of a list, which the function of Keras does not do."""
    if not isinstance(argument.node, DISPLAYS):
        return argument
    return argument.valued(*filled(draft, "{@ops.convert_to_tensor}({x})", {"x": argument}))


def real_type(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Take types of real numbers; whole ones are made by another function."""
    of_whole = argument.node is not None and _WHOLE.search(draft.call.text.of(argument.node))
    return unsure(draft, change.left) if of_whole else argument


def no_text(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Take all but text."""
    return unsure(draft, change.left) if _has_text(argument.node) else argument


def _has_text(node: ast.expr | None) -> bool:
    """Return whether an expression is text, or a list that has some."""
    if isinstance(node, DISPLAYS):
        return any(map(_has_text, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
