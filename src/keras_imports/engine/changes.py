"""Say what is wrong with code that the engine changes, for those who ask.

`migrate` makes the edits, and needs no words for them; `check` asks for the words alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.engine.codes import BEHAVIOUR, DEFAULT, MEMBER, NOT_TAKEN, NOT_THERE, VALUE
from keras_imports.engine.findings import Code
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.plan import Call, drafted, unapplied
from keras_imports.engine.planning.reasons import reason_of
from keras_imports.engine.planning.report import StayError, not_taken
from keras_imports.engine.planning.selection import first_draft
from keras_imports.engine.planning.signatures import is_hidden
from keras_imports.knowledge.methods import Method
from keras_imports.knowledge.reasons import Reason
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit, Span


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a piece of code: its kind, why it must change, and what fails."""

    code: Code
    message: str
    reason: Reason
    certain: bool = True

    @classmethod
    def of(cls, code: Code, message: str) -> Wrong:
        """Return what is wrong for the usual reason of a code."""
        return cls(code, message, code.reason)


@dataclass(frozen=True)
class Change:
    """Edits that belong together: they mend what is wrong with the code of a span.

    `place` is where that is reported. `wrong` finds out what it is, and is called only if someone
    asks; `None` is for what works as it is, and is only older.
    """

    span: Span
    place: int
    edits: tuple[Edit, ...]
    wrong: Callable[[], Wrong | None]
    is_path: bool = True  # a name of the module leads there, so that the atlas alone tells of it


def wrong_with(call: Call, target: Target) -> Wrong | None:
    """Return what is wrong with a call or name that a plan changes; `None` if it works as it is."""
    if call.method:
        wrong = _with_method(call, target)
        if wrong is not None and call.doubt:
            return replace(wrong, message=wrong.message + call.doubt, certain=False)
        return wrong
    reason = reason_of(call, target)
    if reason in ("style", "private"):  # what is private is told of its path
        return None
    draft = _drafted(call, target)
    arguments = _with_arguments(draft, draft.entry) if draft else None
    if arguments is not None:
        return arguments
    if atlas.lookup(target.env, call.path) is not None:
        its = {rule.reason for _, rule in unapplied(first_draft(call, target))}
        if reason not in its:  # only its path or the form of its arguments are older
            return None
        return Wrong(BEHAVIOUR, f"`{call.path}` is not the same in {target}", reason)
    return Wrong.of(NOT_THERE, f"`{call.path}` is not in {target}")


def _with_method(call: Call, target: Target) -> Wrong | None:
    method = call.method
    assert method is not None  # noqa: S101, it was asked for
    draft = _drafted(call, target)
    if draft is None or (draft.path and draft.path != method.name):
        if is_still_there(method, target):
            return None
        if isinstance(getattr(call.function, "ctx", None), ast.Store):
            message = f"`{call.shown}` is set, but nothing in {target} reads it"
            return Wrong.of(BEHAVIOUR, message)
        how = "not the same in" if _is_there(method, target) else "not in"
        return Wrong.of(MEMBER, f"`{call.shown}` is {how} {target}")
    return _with_arguments(draft, None) or Wrong.of(
        MEMBER, f"`{call.shown}` is not the same in {target}"
    )


def is_still_there(method: Method, target: Target) -> bool:
    """Return whether the target's class certainly has what the newest Keras does not have."""
    if method.owner is None:
        return False
    _, owner = atlas.split_flavour(method.owner)
    if owner.rpartition(".")[2][:1].isupper():
        owners = [owner]
    else:  # a function that makes the object
        owners = ["models.Model", "models.Sequential"] if method.key.startswith("Model()") else []
    newest = Target("keras", atlas.releases("keras")[-1], "keras")
    return any(_has(target, each, method.name) for each in owners) and not any(
        _has(newest, each, method.name) for each in owners
    )


def _is_there(method: Method, target: Target) -> bool:
    """Return whether the target's class has a method or attribute of that name."""
    return method.owner is not None and _has(
        target, atlas.split_flavour(method.owner)[1], method.name
    )


def _has(target: Target, owner: str, name: str) -> bool:
    found = atlas.member(target.env, f"{target.flavour}.{owner}", name)
    return found is not None and found.kind != "unknown"


def _drafted(call: Call, target: Target) -> Draft | None:
    if call.node is None:
        return None
    try:
        draft = drafted(call, call.node, target)
    except StayError:
        return None
    return draft if isinstance(draft, Draft) else None


def _with_arguments(draft: Draft, entry: Entry | None) -> Wrong | None:
    """Return what is wrong with the arguments of a call; `None` if nothing is to be seen.

    `entry` is what is called in the target, where that is known.
    """
    before = {argument.name: argument for argument in draft.written}
    after = {argument.origin: argument for argument in draft.arguments if argument.origin}
    for name, argument in before.items():
        new = after.get(name)
        if entry is None:
            is_taken = new is not None and new.name == name
        else:
            is_kept = new is not None or not draft.symbol.startswith("optimizers.")
            is_hidden_now = is_kept and is_hidden(draft.symbol, draft.target, entry, name)
            is_taken = draft.has_parameter(name) or is_hidden_now
        if name and argument.written and not is_taken:
            return Wrong.of(NOT_TAKEN, not_taken(draft, name))
    if draft.target.generation == "standalone":
        return None  # it still converts the arguments of Keras 1
    order = [a.origin for a in draft.arguments if a.origin]
    by_position = [a.name for a in draft.written if a.name and not a.written]
    if order[: len(by_position)] != by_position:
        message = f"`{draft.shown}` takes its arguments in another order in {draft.target}"
        return Wrong.of(NOT_TAKEN, message)
    for name, argument in before.items():
        new = after.get(name)
        if name and new is not None and new.value != argument.value:
            message = f"`{name}` of `{draft.shown}` does not take this value in {draft.target}"
            return Wrong.of(VALUE, message)
    required = {p.name for p in (entry and entry.signature) or () if p.default is None}
    for argument in draft.arguments:
        if argument.place is None and argument.name not in before:
            if entry is not None and _is_required(entry, argument.name):
                message = f"`{draft.shown}` needs `{argument.name}` in {draft.target}"
                return Wrong.of(NOT_TAKEN, message)
            if argument.name in required:
                message = f"`{argument.name}` of `{draft.shown}` has no default in {draft.target}"
                return Wrong(BEHAVIOUR, message, "fails")
            message = f"the default of `{argument.name}` of `{draft.shown}` is another one in "
            return Wrong.of(DEFAULT, f"{message}{draft.target}")
    return None


def _is_required(entry: Entry, name: str) -> bool:
    """Return whether a call has to pass a parameter, which has no default."""
    return any(p.name == name and p.default is None for p in entry.signature or ())
