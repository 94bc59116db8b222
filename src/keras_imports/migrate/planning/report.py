"""What a person is told of a call that could not be moved, or that they have to look at."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NoReturn

from keras_imports.knowledge.target import Target
from keras_imports.migrate.planning.call import Call
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.arguments import Argument


@dataclass(frozen=True)
class Remark:
    """Something to look at: where, what to do, and what is wrong ("" for the usual words)."""

    node: ast.AST
    advice: str
    message: str = ""


class StayError(Exception):
    """The call stays as it is, and why."""

    def __init__(self, left: Unfixed) -> None:
        self.left = left


def unfixed(call: Call, target: Target, remark: Remark) -> Unfixed:
    """Return the finding of a remark."""
    message = remark.message or f"check `{call.shown}`, which differs in {target}"
    node = remark.node if hasattr(remark.node, "lineno") else call.function
    return Unfixed.at(call.text, node, message, remark.advice)


def gone(call: Call, target: Target, advice: str) -> NoReturn:
    """Leave a call of what the target does not have; `StayError` always."""
    stay(call, advice, f"`{call.shown}` has no counterpart in {target}")


def unsure(call: Call, target: Target, advice: str) -> NoReturn:
    """Leave a call that the target may take, but not as it is written; `StayError` always."""
    stay(call, advice, f"`{call.shown}` could not be moved to {target}")


def stay(call: Call, advice: str, message: str) -> NoReturn:
    """Leave the whole call as it is; `StayError` always."""
    raise StayError(Unfixed.at(call.text, call.node or call.function, message, advice))


def dropped(call: Call, target: Target, argument: Argument) -> str:
    """Say that an argument is not passed any more."""
    return f"`{call.shown}` takes no `{argument.name}` in {target}"


def unmoved(call: Call, target: Target, argument: Argument) -> str:
    """Say that the value of an argument could not be converted."""
    return f"`{argument.name}` of `{call.shown}` could not be moved to {target}"


def changed(call: Call, target: Target, argument: Argument) -> str:
    """Say that an argument is still passed, but means something else."""
    return f"check `{argument.name}` of `{call.shown}`, which differs in {target}"
