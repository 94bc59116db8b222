"""What a person is told of a call that could not be moved, or that they have to look at.

A message says what fails, the advice behind it what to write.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import NoReturn

from keras_imports import atlas
from keras_imports.engine import codes
from keras_imports.engine.codes import BEHAVIOUR, BY_HAND, MEMBER, NOT_THERE, STAYS
from keras_imports.engine.findings import Code, Finding
from keras_imports.engine.planning.call import Call
from keras_imports.engine.planning.draft import Draft, Remark
from keras_imports.knowledge.counterparts import namesakes
from keras_imports.knowledge.rules import Rule
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import Argument


class StayError(Exception):
    """The call stays as it is, and why."""

    def __init__(self, left: Finding) -> None:
        self.left = left


def unfixed(draft: Draft, remark: Remark) -> Finding:
    """Return the finding of a remark."""
    call = draft.call
    message = remark.message or f"check `{call.shown}` for {draft.target}"
    node = remark.node if hasattr(remark.node, "lineno") else call.function
    return _finding(call, node, message, remark.advice, remark.code)


def _finding(call: Call, node: ast.AST, message: str, advice: str, code: Code) -> Finding:
    """Return a finding of a call, a doubtful one where only a name tells that Keras is meant."""
    left = Finding.at(call.text, node, message + call.doubt, advice, code.name, code.reason)
    return replace(left, certain=False, severity="warning") if call.doubt else left


# Calls that stay


def gone(draft: Draft, advice: str = "") -> NoReturn:
    """Leave a call of what the target does not have; `StayError` always."""
    if draft.entry is not None:
        unsure(draft, advice)
    message = f"`{draft.call.shown}` is not in {draft.target}"
    if not advice and not draft.call.method:
        message, advice = no_counterpart(draft.call.shown, draft.target)
    stay(draft, message, advice, MEMBER if draft.call.method else NOT_THERE)


def no_counterpart(path: str, target: Target) -> tuple[str, str]:
    """Return what is said of a path that leads nowhere in the target, and where to look."""
    root, _, leaf = path.partition(".")[0], "", path.rpartition(".")[2]
    meant = [f"`{target.root}.{each}`" for each in namesakes(leaf, target)]
    if meant:
        are = "has that name" if len(meant) == 1 else "have that name"
        return f"`{path}` is not in {target}", f"{' and '.join(meant)} {are} there"
    message = f"`{path}` has no counterpart in {target}"
    if atlas.symbols(path):
        return message, f"`keras-imports where {path}` says in which releases of {root} it is"
    return message, "no release that is known has it: check its name, or define it"


def left_to_a_person(draft: Draft, rule: Rule) -> NoReturn:
    """Leave a call to the advice of a rule; `StayError` always."""
    if draft.call.method and rule.reason == BEHAVIOUR.reason:
        message = f"`{draft.call.shown}` is not the same in {draft.target}"
        stay(draft, message, rule.left, BEHAVIOUR)
    gone(draft, rule.left)


def unsure(draft: Draft, advice: str) -> NoReturn:
    """Leave a call that the target may take, but not as it is written; `StayError` always."""
    call, target = draft.call, draft.target
    is_there = call.is_bare and atlas.lookup(target.env, call.path) is not None
    code = STAYS if is_there else BY_HAND
    stay(draft, f"`{call.shown}` could not be moved to {target}", advice, code)


def stay(draft: Draft, message: str, advice: str, code: Code = BY_HAND) -> NoReturn:
    """Leave the whole call as it is; `StayError` always."""
    call = draft.call
    raise StayError(_finding(call, call.node or call.function, message, advice, code))


# Arguments


def not_taken(draft: Draft, name: str) -> str:
    """Say that the target does not take an argument."""
    return codes.not_taken(draft.shown, name, draft.target)


def not_converted(draft: Draft, argument: Argument, name: str) -> str:
    """Say that a value could not be converted to one of those that the new argument takes."""
    if name == argument.name and not draft.has_parameter(name):
        return not_taken(draft, name)
    return f"`{name}` of `{draft.shown}` takes other values in {draft.target}"


def to_check(draft: Draft, argument: Argument) -> str:
    """Say that an argument is still passed, but its value may be wrong now."""
    return f"check `{argument.name}` of `{draft.shown}` for {draft.target}"
