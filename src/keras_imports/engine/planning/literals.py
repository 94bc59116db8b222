"""Read the literal values of arguments, and write others in their place."""

from __future__ import annotations

import ast

from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.sizes import is_no_int
from keras_imports.engine.planning.templates import filled
from keras_imports.knowledge.rules import Change
from keras_imports.python.arguments import Argument
from keras_imports.python.edits import Piece, Span, Text

NO_LITERAL = object()


def literal(argument: Argument) -> object:
    """Return the value of a literal that was not changed yet, else `NO_LITERAL`."""
    try:
        value = ast.literal_eval(argument.node) if argument.node else NO_LITERAL
        hash(value)
        return value
    except (ValueError, TypeError, SyntaxError):
        return NO_LITERAL


def described(text: Text, argument: Argument) -> str:
    """Return a literal's value as text; for anything else `?` and how its code ends.

    The quotes and parentheses at the end of the code are left out: `?path + ".h5`.
    """
    value = literal(argument)
    if value is not NO_LITERAL:
        return str(value)
    return "?" + (text.of(argument.node) if argument.node else "").rstrip("'\")")


def without_slash(text: Text, node: ast.expr) -> str | None:
    """Return the code of a text with `_` for each `/`; `None` without any, or if code has some."""
    literals = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [literal.value for literal in literals if isinstance(literal, ast.Constant)]
    count = sum(text.count("/") for text in texts if isinstance(text, str))
    written = text.of(node) if count else ""
    return written.replace("/", "_") if count and count == written.count("/") else None


def converted(draft: Draft, argument: Argument, change: Change) -> Argument:
    """Return an argument with the values that a change replaces; those in a list, too."""
    node, span = argument.node, argument.span
    if span is None:
        new = new_value(draft, node, change, is_default=True)
        return argument.valued(*new) if new else argument
    pieces: list[Piece] = []
    position = span.start
    for item in _items(node):
        new = new_value(draft, item, change)
        if new:
            place = span if item is node else draft.call.text.span(item)
            pieces += [Span(position, place.start), *new]
            position = place.end
    return argument.valued(*pieces, Span(position, span.end)) if pieces else argument


def new_value(
    draft: Draft, node: ast.expr | None, change: Change, is_default: bool = False
) -> tuple[Piece, ...]:
    """Return what becomes of a literal, nothing if it stays.

    A default does not stand in the module, so that nothing is to be asked of its text.
    """
    text = draft.call.text
    value = node.value if isinstance(node, ast.Constant) else NO_LITERAL
    if change.integer and node and not is_default and is_no_int(text.text, node):
        return ("int(", text.span(node), ")")
    if value in change.code:
        return filled(draft, change.code[value], {})
    if value not in change.values:
        return ()
    new = change.values[value]
    if not isinstance(new, str):
        return (repr(new),)
    is_double = not is_default and node is not None and text.of(node).endswith('"')
    return (f'"{new}"' if is_double else f"'{new}'",)


def default_argument(name: str, text: str) -> Argument:
    """Return what is passed for a parameter whose default has this text."""
    node = ast.parse(text, mode="eval").body
    return Argument(name, (text,), node, origin=name, text=text)


def as_int(argument: Argument) -> Argument:
    """Return an argument with its value in `int(…)`."""
    return argument.valued("int(", *argument.value, ")")


def _items(node: ast.expr | None) -> list[ast.expr]:
    """Return the elements of a list, tuple or dictionary; else the node alone."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and node.elts:
        return node.elts
    if isinstance(node, ast.Dict) and node.values:
        return node.values
    return [node] if node else []
