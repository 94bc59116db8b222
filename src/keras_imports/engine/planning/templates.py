"""Fill the templates of rules: `{x}` is an argument, `{@ops.mean}` a name of the target."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.draft import Draft, entry_in
from keras_imports.engine.planning.report import gone, unsure
from keras_imports.knowledge.rules import Rule, kept_defaults
from keras_imports.python.arguments import Argument
from keras_imports.python.edits import Edit, Piece

_SLOT = re.compile(r"\{(@?)([\w.]+)\}")
_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict)
_SIMPLE = (ast.Name, ast.Attribute, ast.Constant)


def filled(draft: Draft, template: str, given: Mapping[str, Argument]) -> tuple[Piece, ...]:
    """Return the pieces of a template; `StayError` if the target lacks a name in it."""
    return tuple(_pieces(draft, template, given))


def as_expression(draft: Draft, node: ast.Call, rule: Rule) -> Edit | None:
    """Return the edit that makes another expression of a call.

    `None` if no template is for the arguments given and the call only gets another name;
    `StayError` if it gets none, or if a comment or an argument's value would be lost.
    """
    given = draft.given
    template = rule.template.get(frozenset(given))
    if template is None:
        if rule.to:
            return None
        if rule.otherwise:
            unsure(draft, rule.otherwise)
        gone(draft)
    if _has_comment(draft, node):
        unsure(draft, "remove the comment between its arguments, and run it again")
    for name, argument in given.items():
        if template.count(f"{{{name}}}") > 1 and not isinstance(argument.node, _SIMPLE):
            advice = f"assign `{name}` to a variable first: the new code uses it twice"
            unsure(draft, advice)
    span = draft.call.text.span(node)
    return Edit(span.start, span.end, filled(draft, template, given))


def with_argument(draft: Draft, name: str, template: str) -> Draft:
    """Return the draft with an argument that is passed unless it is, or is the target's default.

    A default that is spelled out for older code is passed, so that it says what the code is for.
    `StayError` if it may be passed by `*` or `**`.
    """
    defaults = {p.name: p.default for p in (draft.entry and draft.entry.signature) or ()}
    given = draft.given
    is_kept = draft.target.has_tensorflow_2 and name in kept_defaults().get(draft.symbol, ())
    if name in given or (defaults.get(name) == template and not is_kept):
        return draft
    if "" in given:
        advice = f"pass the arguments one by one: `{name}` has to be among them"
        unsure(draft, advice)
    argument = Argument(name, filled(draft, template, {}))
    return replace(draft, arguments=(*draft.arguments, argument))


def _has_comment(draft: Draft, node: ast.Call) -> bool:
    """Return whether a comment stands in a call, outside of the values of its arguments."""
    span, text = draft.call.text.span(node), draft.call.text.text
    position, outside = span.start, ""
    for argument in draft.arguments:
        if argument.place:
            outside += text[position : argument.place.start]
            position = argument.place.end
    return "#" in outside + text[position : span.end]


def _pieces(draft: Draft, template: str, given: Mapping[str, Argument]) -> Iterator[Piece]:
    position = 0
    for slot in _SLOT.finditer(template):
        yield template[position : slot.start()]
        position = slot.end()
        if slot[1]:
            if not entry_in(draft.target, slot[2]):
                gone(draft)
            yield TargetName(slot[2])
            continue
        argument = given[slot[2]]
        before, after = template[: slot.start()].rstrip(), template[position:].lstrip()
        closed = before.endswith(("(", ",", "=", "[")) and after.startswith((")", ",", "]"))
        number = isinstance(argument.node, ast.Constant) and not after.startswith((".", "["))
        if closed or number or _is_atom(draft, argument):
            yield from argument.value
        else:
            yield from ("(", *argument.value, ")")
    yield template[position:]


def _is_atom(draft: Draft, argument: Argument) -> bool:
    """Return whether a value needs no parentheses before an attribute or between operators."""
    span = argument.span
    text = draft.call.text.text[span.start : span.end] if span else ""
    return "\n" not in text and isinstance(argument.node, _ATOMS)
