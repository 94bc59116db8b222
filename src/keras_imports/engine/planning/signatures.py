"""Fit the arguments of a call to the target's signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keras_imports.atlas import Entry, Signature
from keras_imports.engine.codes import DEFAULT, NOT_TAKEN
from keras_imports.engine.planning.defaults import most_usual_default, usual_default
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.report import not_taken, unsure
from keras_imports.knowledge.arguments import all_by_rest, instead_of, is_refused, takes_by_rest
from keras_imports.knowledge.rules import kept_defaults
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import Argument


def spelled_out(draft: Draft, signature: Signature) -> Draft:
    """Pass what is not given but was the default before, where the target's differs."""
    call, given = draft.call, draft.given
    kept = kept_defaults().get(draft.symbol, ())
    new = {p.name: p.default for p in signature if not p.kind.startswith("*")}
    added: list[Argument] = []
    for argument in draft.defaults:
        name = argument.name
        if "" in given or name in given or name not in new:
            continue
        if argument.value == (new[name],):
            draft = _doubted(draft, argument) if name in kept else draft
            continue
        if name in kept or (new[name] is None and argument.text != "None"):
            added.append(argument)
        if name in kept and not usual_default(call, argument)[1]:
            message = f"the default of `{name}` was {argument.text}, but not in all releases"
            advice = "it is passed now; if the code is for another release, name it by `--from`"
            draft = draft.remarked(advice, message, code=DEFAULT)
    return replace(draft, arguments=(*draft.arguments, *added))


def _doubted(draft: Draft, argument: Argument) -> Draft:
    """Remark on a default that code for Keras 3 has for sure, but may be for an older Keras."""
    if not draft.is_doubtful:
        return draft
    leaf = draft.call.path.rpartition(".")[2]
    old, _ = most_usual_default("keras", "standalone", draft.symbol, argument.name, leaf)
    if old is None or old == argument.text:
        return draft
    message = (
        f"the default of `{argument.name}` is {argument.text}, and was {old} in keras 2.0 to 2.2"
    )
    advice = "name the release that the code is for by `--from`"
    return draft.remarked(advice, message, code=DEFAULT)


def checked(draft: Draft, entry: Entry, signature: Signature) -> Draft:
    """Remark on what the target does not take; `StayError` if it lacks what it must have."""
    names = {p.name for p in signature if not p.kind.startswith("*")}
    arguments = tuple(
        replace(a, name=a.origin) if a.name not in names and a.origin in names else a
        for a in draft.arguments
    )
    call = draft.call
    draft = replace(draft, arguments=tuple(_by_position(call.signature, arguments, signature)))
    given = {argument.name for argument in draft.arguments}
    seen = {remark.node for remark in draft.remarks}
    for argument in draft.arguments:
        name, node = argument.name, argument.node or call.function
        is_taken = name in names or is_hidden(draft.symbol, draft.target, entry, name)
        if name and node not in seen and not is_taken:
            seen.add(node)
            draft = draft.remarked(
                instead_of(draft.symbol, name, names - given),
                not_taken(draft, name),
                node,
                NOT_TAKEN,
            )
    needed = required(signature)
    if "" in given or given >= needed.keys() or (draft.remarks and not draft.path):
        return draft
    if draft.path:
        unsure(draft, f"pass {_listed(needed)}, which `{draft.shown}` needs")
    lacking = [name for name in needed if name not in given]
    message = f"`{draft.shown}` needs {_listed(lacking)} in {draft.target}"
    return draft.remarked(f"pass {_listed(lacking)}", message, call.node, NOT_TAKEN)


def required(signature: Signature) -> dict[str, None]:
    """Return the parameters that have no default, in their order."""
    return {p.name: None for p in signature if not p.default and not p.kind.startswith("*")}


def _by_position(
    old: Signature | None, arguments: tuple[Argument, ...], signature: Signature
) -> Iterator[Argument]:
    """Yield arguments by the target's names, where what has the same place is called otherwise.

    ops.reshape(x, [-1, 2])     `new_shape` is `newshape` in Keras 3
    """
    names = [p.name for p in signature if not p.kind.startswith("*")]
    before = [p.name for p in old or () if not p.kind.startswith("*")]
    renamed = {b: a for b, a in zip(before, names, strict=False) if b != a}
    if len(before) != len(names) or len(renamed) != 1 or {*renamed.values()} & {*before}:
        yield from arguments  # more than a name has changed
        return
    for argument in arguments:
        is_by_position = argument.written is None and argument.place is not None
        name = renamed.get(argument.name, argument.name) if is_by_position else argument.name
        yield replace(argument, name=name)


def is_hidden(symbol: str, target: Target, entry: Entry, name: str) -> bool:
    """Return whether a symbol takes an argument by `**`, as far as is known."""
    kinds = {p.kind for p in entry.signature or ()}
    if "**" not in kinds:
        return False
    if kinds == {"*", "**"}:  # all is handed on to what is not known
        return target.generation == "standalone" or not is_refused(symbol, name)
    if entry.kind != "class":
        known = all_by_rest(symbol, target.generation)
        return known is None or name in known
    return takes_by_rest(symbol, target.generation, name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
