"""Plan what calls and names of another Keras become in the target."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_imports import atlas
from keras_imports.atlas import Signature
from keras_imports.engine.codes import CODES, MEMBER, STAYS
from keras_imports.engine.findings import Finding
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.arguments import applied, case_of, renamed
from keras_imports.engine.planning.binding import bound, bound_as_keras_1
from keras_imports.engine.planning.call import Call, Plan, nowhere
from keras_imports.engine.planning.draft import Draft, entry_in
from keras_imports.engine.planning.first_layer_shapes import inputs_first
from keras_imports.engine.planning.fixers import CALLS
from keras_imports.engine.planning.loop_variables import values_kept
from keras_imports.engine.planning.report import (
    StayError,
    gone,
    left_to_a_person,
    stay,
    unfixed,
    unsure,
)
from keras_imports.engine.planning.selection import (
    NOTHING,
    first_draft,
    holding,
    is_included,
    is_reordered,
    is_unchanged,
    rules_at,
    stages,
)
from keras_imports.engine.planning.signatures import checked, required, spelled_out
from keras_imports.engine.planning.templates import as_expression
from keras_imports.flavours import GENERATIONS
from keras_imports.knowledge.methods import kind_of
from keras_imports.knowledge.rules import (
    Rule,
    definitions,
    held_objects,
    methods_anywhere,
    methods_of_rules,
    settable,
    setters,
)
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import PositionError, rewrite
from keras_imports.python.edits import Edit, Piece, Placeholder, Text, apply

__all__ = ["HELD", "MEMBERS", "METHODS", "SET", "Call", "Plan", "plan_call", "renamed_definition"]

_FUNCTIONS = ("backend.", "ops.", "activations.")  # which other code is given to call


def _last_names(keys: Sequence[str]) -> frozenset[str]:
    return frozenset(key.rpartition(".")[2] for key in keys)


# The last names of the methods and attributes that mean Keras whatever object they are of.
METHODS = _last_names(methods_anywhere())

# Those of all methods and attributes that anything becomes of.
MEMBERS = _last_names((*methods_of_rules(), *setters())) | {"add"}

# Those that cannot be set by the same name in every Keras.
SET = _last_names(tuple(setters()))

# The attributes that are objects of Keras themselves.
HELD = _last_names(tuple(held_objects()))


def plan_call(call: Call, target: Target) -> Plan:
    """Plan how a call or bare name is written in the target."""
    try:
        if call.node is None:
            return _name(call, target)
        plan = _call(call, call.node, target)
    except StayError as reason:
        return Plan(left=(reason.left,))
    return Plan((*plan.edits, *inputs_first(call, target), *values_kept(call, target)), plan.left)


def renamed_definition(path: str, name: str, target: Target) -> str | None:
    """Return the new name of a method that a class defines for Keras to call; `None` for the same.

    `path` is that of the Keras class that the class is derived from.
    """
    for generation in GENERATIONS[: GENERATIONS.index(target.generation) + 1]:
        new = definitions().get(generation, {}).get(kind_of(path), {}).get(name)
        if new is not None:
            return new
    return None


# Calls


def _call(call: Call, node: ast.Call, target: Target) -> Plan:
    """Plan how a call is written."""
    reordered = is_reordered(call, node)
    if not reordered and is_unchanged(call, node, target):
        return Plan()
    draft = drafted(call, node, target, reordered)
    return draft if isinstance(draft, Plan) else written(draft, node)


def drafted(call: Call, node: ast.Call, target: Target, reordered: bool = False) -> Draft | Plan:
    """Return the draft of a call after all rules, or the plan if one says all of it.

    With `reordered` a person is asked to name the arguments. `StayError` if the call has to stay.
    """
    draft = bound(first_draft(call, target), node)
    if reordered:
        message = f"`{call.shown}` takes its arguments in another order in other releases"
        draft = draft.remarked("pass them by name", message)
    for stage in stages(call.origin.generation, target.generation):
        for rule in rules_at(stage, draft):
            rule = holding(rule, stage.section, draft)
            if rule is NOTHING:
                continue
            result = ruled(draft, node, rule, stage.section)
            if isinstance(result, Plan):
                return result
            draft = result
    entry = draft.entry
    if entry and entry.signature is not None:
        draft = spelled_out(draft, entry.signature)
        draft = checked(draft, entry, entry.signature)
    return draft


def ruled(draft: Draft, node: ast.Call, rule: Rule, section: str) -> Draft | Plan:
    """Return the draft after a rule, or the plan if nothing can follow."""
    call = draft.call
    if rule.left and not rule.fixer:
        left_to_a_person(draft, rule)
    if rule.by:
        draft, rule = case_of(draft, rule)
    if section == "standalone" and is_included(rule, section, call.origin):
        draft = bound_as_keras_1(draft, node, rule)
    draft = applied(draft, rule)
    if rule.fixer:
        fixed = CALLS[rule.fixer].fix(draft, rule)
        if isinstance(fixed, Plan):
            return fixed
        draft = fixed
    edit = as_expression(draft, node, rule) if rule.template else None
    return Plan((edit,), _left(draft)) if edit else draft


def written(draft: Draft, node: ast.Call) -> Plan:
    """Return the plan of a call after all rules."""
    call = draft.call
    path = draft.path if call.method else draft.counterpart
    if path is None:
        if draft.path:
            gone(draft)
        return Plan(left=_left(draft))
    edits = edits_of(draft, node, draft.entry.signature if draft.entry else None)
    # What is reported may still be moved; only what stays as it is keeps its name.
    named = _function(draft, path if draft.path else _same(draft, path) if draft.remarks else "")
    return Plan((*named, *edits, *draft.edits), _left(draft))


def edits_of(draft: Draft, node: ast.Call, signature: Signature | None) -> Sequence[Edit]:
    """Return the edits of a call's arguments, for a signature; `StayError` if it has to stay."""
    positions = draft.positions if signature is None else _positions(signature)
    try:
        return [*rewrite(draft.call.text, node, draft.written, draft.arguments, positions)]
    except PositionError:
        is_starred = any(isinstance(each, ast.Starred) for each in node.args)
        which = "the arguments after `*`" if is_starred else "the arguments"
        unsure(draft, f"pass {which} by name")


def _same(draft: Draft, path: str) -> str:
    """Return the source's own path of the symbol, or its name, where the target has it, too."""
    _, written = atlas.split_flavour(draft.call.path)
    leaf = written.rpartition(".")[2]
    for own in (written, f"{path.rpartition('.')[0]}.{leaf}".lstrip(".")):
        entry = entry_in(draft.target, own)
        if entry and entry.public and entry.symbol == draft.symbol:
            return own
    return path


def _positions(signature: Signature | None) -> list[str] | None:
    if signature is None or any(p.kind == "*" for p in signature):
        return None
    return [p.name for p in signature if p.kind == "positional"]


# Names


def _name(call: Call, target: Target) -> Plan:
    """Plan how a name that is not called is written."""
    draft = first_draft(call, target)
    if not isinstance(getattr(call.function, "ctx", None), (ast.Load, type(None))):
        return _set(draft)
    if draft.symbol.startswith(_FUNCTIONS) and call.signature:
        for _, rule in unapplied(draft):
            fixed = CALLS[rule.fixer].fix(draft, rule) if rule.fixer else draft
            if isinstance(fixed, Plan):
                return fixed
        return _passed_on(draft, call.signature)
    for stage in stages(call.origin.generation, target.generation):
        for rule in rules_at(stage, draft):
            rule = holding(rule, stage.section, draft)
            if frozenset() in rule.template:
                return Plan((_instead(call, (rule.template[frozenset()],)),))
            if rule.fixer:
                fixed = CALLS[rule.fixer].fix(draft, rule)
                if isinstance(fixed, Plan):
                    return fixed
                draft = fixed
            elif rule.left:
                left_to_a_person(draft, rule)
            elif rule.note:
                draft = draft.remarked(rule.note)
            if not rule.to and (rule.template or rule.cases):
                unsure(draft, rule.otherwise)
            draft = renamed(draft, rule)
    return Plan(_function(draft, draft.path), _left(draft))


def unapplied(draft: Draft) -> Iterator[tuple[str, Rule]]:
    """Yield the rules that hold for a call as it is, and their sections."""
    call = draft.call
    for stage in stages(call.origin.generation, draft.target.generation):
        for rule in rules_at(stage, draft):
            rule = holding(rule, stage.section, draft)
            if rule != NOTHING:
                yield stage.section, rule


def _set(draft: Draft) -> Plan:
    """Plan how an attribute is written that is set, not read."""
    call, target = draft.call, draft.target
    if not call.method:
        message = f"`{call.shown}` could not be moved to {target}"
        stay(draft, message, f"set the name that {target} uses instead", STAYS)
    rules = [rule for _, rule in unapplied(draft)]
    if rules and draft.symbol in settable():
        return Plan(_function(renamed(draft, rules[0]), rules[0].to[0]))
    if rules:
        message = f"`{call.shown}` is set, but nothing in {target} reads it"
        stay(draft, message, "remove the assignment", MEMBER)
    name = setters().get(draft.symbol)
    is_older = GENERATIONS.index(call.origin.generation) < GENERATIONS.index("keras2")
    if name is None or target.generation != "keras2" or not is_older:
        return Plan()
    return Plan(_function(draft, name))


def _passed_on(draft: Draft, signature: Signature) -> Plan:
    """Plan how a function is written that other code calls with what it must be given.

    Where such a call would change, a function of the same parameters makes the new one.
    """
    call, target = draft.call, draft.target
    parameters = ", ".join(required(signature))
    code = f"f({parameters})"
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)  # noqa: S101
    inner = replace(call, text=Text(code), function=node.func, node=node, above=nowhere)
    try:
        plan = _call(inner, node, target)
    except StayError as reason:
        is_there = atlas.lookup(target.env, call.path) is not None
        kind = STAYS if is_there else CODES[reason.left.code]
        stay(draft, reason.left.message, reason.left.advice, kind)
    for left in plan.left:
        draft = draft.remarked(left.advice, left.message)
    names: list[Placeholder] = []

    def mark(name: Placeholder) -> str:
        names.append(name)
        return "\0"

    first, *rest = apply(code, plan.edits, mark).split("\0")
    if not first and rest == [f"({parameters})"] and isinstance(names[0], TargetName):
        return Plan(_function(draft, names[0].path), _left(draft))
    if not names and first == code:
        return Plan((), _left(draft))
    pieces: list[Piece] = [first]
    for name, text in zip(names, rest, strict=True):
        pieces += [name, text]
    alone = isinstance(call.parent, (ast.Call, ast.keyword))
    start, end = ("", "") if alone else ("(", ")")
    edit = _instead(call, (start, f"lambda {parameters}: ", *pieces, end))
    return Plan((edit,), _left(draft))


# What both write


def _function(draft: Draft, path: str) -> tuple[Edit, ...]:
    """Return the edit that names another function, none for ""; `StayError` if it is not there."""
    call = draft.call
    if not path:
        return ()
    if call.method:
        span = call.text.span(call.function)
        last = getattr(call.function, "attr", "")
        return (Edit(span.end - len(last), span.end, (path,)),)
    if not entry_in(draft.target, path):
        gone(draft)
    return (_instead(call, (TargetName(path),)),)


def _instead(call: Call, pieces: tuple[Piece, ...]) -> Edit:
    """Return the edit that puts something in the place of the function."""
    span = call.text.span(call.function)
    return Edit(span.start, span.end, pieces)


def _left(draft: Draft) -> tuple[Finding, ...]:
    return tuple(unfixed(draft, remark) for remark in draft.remarks)
