"""Change the name and the arguments of a call as a rule says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_imports.engine.codes import BY_HAND, NOT_TAKEN, VALUE
from keras_imports.engine.planning.draft import Draft, Remark, entry_in
from keras_imports.engine.planning.fixers import ARGUMENTS
from keras_imports.engine.planning.literals import (
    NO_LITERAL,
    as_int,
    converted,
    described,
    literal,
)
from keras_imports.engine.planning.report import not_converted, not_taken, to_check, unsure
from keras_imports.engine.planning.sizes import is_no_int
from keras_imports.engine.planning.templates import filled, with_argument
from keras_imports.knowledge.rules import Change, Rule
from keras_imports.python.arguments import Argument, join
from keras_imports.python.expressions import last_name


def case_of(draft: Draft, rule: Rule) -> tuple[Draft, Rule]:
    """Return the case of a rule that the literal value of its argument chooses.

    The argument is not passed any more. `StayError` if the value is none of the cases.
    """
    known = {a.name: literal(a) for a in (*draft.defaults, *draft.arguments)}
    value = known.get(rule.by, NO_LITERAL)
    if value not in rule.cases:
        unsure(draft, rule.otherwise)
    arguments = tuple(a for a in draft.arguments if a.name != rule.by)
    return replace(draft, arguments=arguments), rule.cases[value]


def applied(draft: Draft, rule: Rule) -> Draft:
    """Return the draft with names and arguments as a rule says."""
    for name, parts in rule.join.items():
        draft = _joined(draft, name, parts)
    draft = renamed(draft, rule)
    if rule.arguments:
        remarks: list[Remark] = []
        arguments = tuple(_changed(draft, draft.arguments, rule, remarks))
        defaults = tuple(_changed(draft, draft.defaults, rule, []))  # nobody wrote these
        remarks = [*draft.remarks, *remarks]
        draft = replace(draft, arguments=arguments, defaults=defaults, remarks=tuple(remarks))
    for name, value in rule.explicit.items():
        draft = with_argument(draft, name, value)
    if rule.takes is not None:
        draft = replace(draft, positions=rule.takes)
    return draft.remarked(rule.note) if rule.note and not rule.fixer else draft


def renamed(draft: Draft, rule: Rule) -> Draft:
    """Return the draft under the first of the rule's names that the target has."""
    if not rule.to:
        return draft
    if draft.call.method:
        return replace(draft, path=rule.to[0])
    path = next((path for path in rule.to if entry_in(draft.target, path)), rule.to[0])
    entry = entry_in(draft.target, path)
    return replace(draft, path=path, symbol=entry.symbol if entry else path)


def _joined(draft: Draft, name: str, names: tuple[str, ...]) -> Draft:
    """Make one argument, a tuple, of several."""
    given = draft.given
    parts = [given[old] for old in names if old in given]
    if len(parts) < len(names):
        return draft
    first = next(argument for argument in draft.arguments if argument in parts)
    whole = join(name, parts, draft.arguments)
    arguments = tuple(
        whole if argument is first else argument
        for argument in draft.arguments
        if argument is first or argument not in parts
    )
    return replace(draft, arguments=arguments)


def _changed(
    draft: Draft, arguments: Sequence[Argument], rule: Rule, remarks: list[Remark]
) -> Iterator[Argument]:
    """Yield arguments as a rule has them; add what is to be said of them to the remarks."""
    kept = (a for a in arguments if not _is_dropped(a, rule.arguments.get(a.name)))
    given = frozenset(argument.name for argument in kept)
    for argument in arguments:
        change = rule.arguments.get(argument.name)
        if change is None:
            yield argument
        else:
            yield from _change(draft, argument, change, given, remarks)


def _is_dropped(argument: Argument, change: Change | None) -> bool:
    """Return whether an argument is not passed any more with the value that it has."""
    if change is None or isinstance(change.drop, bool):
        return change is not None and change.drop is True
    value = literal(argument)
    return value is not NO_LITERAL and value in change.drop


def _change(
    draft: Draft,
    argument: Argument,
    change: Change,
    given: frozenset[str],
    remarks: list[Remark],
) -> Iterator[Argument]:
    """Yield what an argument becomes; nothing if it is not passed any more."""
    call = draft.call
    node = (argument.span and argument.node) or call.function  # a default stands nowhere
    value = literal(argument)
    known = value is not NO_LITERAL
    is_dropped = _is_dropped(argument, change)
    if change.to and given.issuperset(change.to):  # it is passed by both names
        if is_dropped or change.write:  # which says the same in other words
            return
        if call.method:  # of which no signature tells what is not taken
            advice = f"leave it out: `{change.to[0]}` is passed, too"
            remarks.append(Remark(node, advice, not_taken(draft, argument.name), NOT_TAKEN))
        yield argument
        return
    is_replaced = known and (value in change.values or value in change.code)
    if change.note and re.search(change.where, described(call.text, argument)):
        message = not_taken(draft, argument.name) if is_dropped else to_check(draft, argument)
        code = NOT_TAKEN if is_dropped else BY_HAND
        remarks.append(Remark(node, change.note, message, code))
    if is_dropped:
        return
    if change.integer and argument.node and is_no_int(call.text.text, argument.node):
        argument = as_int(argument)
    if is_replaced or isinstance(argument.node, (ast.List, ast.Tuple, ast.Dict)):
        argument = converted(draft, argument, change)
    if change.fixer:
        fixed = ARGUMENTS[change.fixer](draft, argument, change)
        if fixed is None:
            message = not_taken(draft, argument.name)
            remarks.append(Remark(node, change.left, message, NOT_TAKEN))
            yield argument
            return
        argument = fixed
    elif change.left and not is_replaced and not _may_be_new(argument, change):
        name = change.to[0] if change.to else argument.name
        remarks.append(Remark(node, change.left, not_converted(draft, argument, name), VALUE))
    for variable, old, new in _named_values(draft, argument, change):
        message = f"`{argument.name}` of `{draft.shown}` takes other values in {draft.target}"
        advice = f"write `{new}` for `{old}` where `{variable}` is set"
        remarks.append(Remark(node, advice, message, VALUE))
    if change.write:
        argument = argument.valued(*filled(draft, change.write, {"value": argument}))
    names = [name for name in change.to if name not in given] or [argument.name]
    yield replace(argument, name=names[0])
    for name in names[1:]:
        yield Argument(name, argument.value)


def _named_values(
    draft: Draft, argument: Argument, change: Change
) -> Iterator[tuple[str, str, str]]:
    """Yield a name that is passed, and the old and new strings of those that it is set to."""
    node = argument.node.value if isinstance(argument.node, ast.Subscript) else argument.node
    name = last_name(node)
    for old, new in change.values.items() if name and not change.left else ():
        is_set = rf"\b{name}\s*=(?!=)\s*[^\n#]*[\"']{re.escape(str(old))}[\"']"
        if isinstance(old, str) and re.search(is_set, draft.call.text.text):
            yield name or "", old, str(new)


def _may_be_new(argument: Argument, change: Change) -> bool:
    """Return whether a value is one of those that a change leads to, or a call may give one."""
    if not change.values:
        return False
    return literal(argument) in change.values.values() or isinstance(argument.node, ast.Call)
