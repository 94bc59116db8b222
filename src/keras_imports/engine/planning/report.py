"""What a person is told of a call that could not be moved, or that they have to look at.

A message says what fails, the advice behind it what to write.
"""

from __future__ import annotations

from typing import NoReturn

from keras_imports.engine.findings import Finding
from keras_imports.engine.planning.draft import Draft, Remark
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
    return Finding.at(call.text, node, message, remark.advice)


# Calls that stay


def gone(draft: Draft, advice: str = "") -> NoReturn:
    """Leave a call of what the target does not have; `StayError` always."""
    if draft.entry is not None:
        unsure(draft, advice)
    says = "is not in" if advice else "has no counterpart in"
    stay(draft, f"`{draft.call.shown}` {says} {draft.target}", advice)


def unsure(draft: Draft, advice: str) -> NoReturn:
    """Leave a call that the target may take, but not as it is written; `StayError` always."""
    stay(draft, f"`{draft.call.shown}` could not be moved to {draft.target}", advice)


def stay(draft: Draft, message: str, advice: str) -> NoReturn:
    """Leave the whole call as it is; `StayError` always."""
    call = draft.call
    raise StayError(Finding.at(call.text, call.node or call.function, message, advice))


# Arguments


def not_taken(draft: Draft, name: str) -> str:
    """Say that the target does not take an argument."""
    return f"`{draft.shown}` takes no `{name}` in {draft.target}"


def not_converted(draft: Draft, argument: Argument, name: str) -> str:
    """Say that a value could not be converted to one of those that the new argument takes."""
    if name == argument.name and not draft.has_parameter(name):
        return not_taken(draft, name)
    return f"`{name}` of `{draft.shown}` takes other values in {draft.target}"


def to_check(draft: Draft, argument: Argument) -> str:
    """Say that an argument is still passed, but its value may be wrong now."""
    return f"check `{argument.name}` of `{draft.shown}` for {draft.target}"
