"""Select the rules that hold for a call, in their order, and skip calls that none is for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry, Signature
from keras_imports.engine.planning.call import Call
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.fixers import CALLS
from keras_imports.engine.planning.signatures import is_hidden, required
from keras_imports.engine.planning.sizes import is_no_int, numbers
from keras_imports.flavours import GENERATIONS
from keras_imports.knowledge.arguments import takes_by_rest
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.rules import (
    Rule,
    includes,
    kept_defaults,
    leading_to,
    methods_anywhere,
)
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import kinds
from keras_imports.python.edits import Text
from keras_imports.python.paths import after_call
from keras_imports.python.signatures import takes

NOTHING = Rule()


# The order of rules


def first_draft(call: Call, target: Target) -> Draft:
    """Return a call before any rule, by the key of its rules."""
    return Draft(call, target, _key(call))


def _key(call: Call) -> str:
    """Return what the rules of a call are found by: a symbol, or `Model().fit`."""
    if call.method is None:
        return shared_symbol(call.path, call.symbol)
    if call.method.owner is not None:
        return call.method.key
    written = ast.unparse(call.function)
    return next((k for k in methods_anywhere() if written.endswith(after_call(k) or "")), "")


@dataclass(frozen=True)
class Stage:
    """One look into one section, and the key to look for, which earlier rules may have changed."""

    section: str
    key: Callable[[Draft], str]


def _own(draft: Draft) -> str:
    return draft.symbol


def _module(draft: Draft) -> str:
    """Return the key of the rules for all of the symbol's module."""
    return "" if draft.call.method else _module_of(draft.symbol)


def _renamed(draft: Draft) -> str:
    """Return the symbol as the source names it, if all releases share another name."""
    return "" if draft.symbol == draft.call.symbol else draft.call.symbol


def _lost(draft: Draft) -> str:
    """Return the symbol if the target has none."""
    return "" if draft.call.method or draft.counterpart else draft.symbol


def _module_of(symbol: str) -> str:
    return symbol.rpartition(".")[0] + ".*"


@lru_cache(maxsize=64)
def stages(source: str, target: str) -> tuple[Stage, ...]:
    """Return where rules are looked for on the way from one generation to another."""
    steps = ((Stage(step, _own), Stage(step, _module)) for step in sections_between(source, target))
    return (Stage("gone", _renamed), *(s for pair in steps for s in pair), Stage("gone", _lost))


def sections_between(source: str, target: str) -> tuple[str, ...]:
    """Return the sections that lead from one generation to another, in their order."""
    old, new = GENERATIONS.index(source), GENERATIONS.index(target)
    if new < old:
        return ("back",) if source == "keras3" else ()
    # What an earlier one took is a mistake in the source's, or converted: nothing else is meant.
    sections = GENERATIONS[1 : new + 1]
    return (*sections, "back") if source == target == "keras3" else sections


def rules_at(stage: Stage, draft: Draft) -> Iterator[Rule]:
    """Yield the rules of a stage, whether they hold or not."""
    key = stage.key(draft)
    if key:
        yield from leading_to(draft.target, stage.section, key)


# What of a rule holds


def holding(rule: Rule, section: str, draft: Draft) -> Rule:
    """Drop the parts of a rule whose change the source release already includes."""
    call = draft.call
    if call.method and call.method.owner is None and not _is_known_by_name(rule, call):
        return NOTHING
    if section == "back" and rule.since and not includes(rule.since, call.origin):
        return NOTHING
    if rule.needs and not draft.has_parameter(rule.needs):
        return NOTHING
    if rule.always or not is_included(rule, section, call.origin):
        return rule
    if not call.method and not draft.counterpart:
        return rule
    names = {parameter.name for parameter in call.signature or ()}
    if rule.needs and rule.needs not in names:
        return rule

    changes = {
        old: change
        for old, change in rule.arguments.items()
        if change.integer
        or (
            old not in names
            and not _is_surely_taken(draft, old)
            and (not call.method or change.to or change.left)
        )
    }
    fixer = rule.fixer if rule.fixer and CALLS[rule.fixer].for_newer else ""
    kept = Rule(
        to=rule.to if section == call.origin.generation == "standalone" else (),
        arguments=changes,
        join=rule.join,
        positional=rule.positional,
        fixer=fixer,
        left=rule.left if fixer else "",
        note=rule.note if fixer else "",
        reason=rule.reason if fixer else None,
    )
    return NOTHING if kept == NOTHING else kept


def _is_surely_taken(draft: Draft, argument: str) -> bool:
    """Return whether code that is surely for a release passes what that takes by its `**`."""
    call = draft.call
    has_rest = any(parameter.kind == "**" for parameter in call.signature or ())
    if not has_rest or not call.origin.exact:
        return False
    return takes_by_rest(draft.symbol, call.origin.generation, argument)


def _is_known_by_name(rule: Rule, call: Call) -> bool:
    """Return whether a method of an unknown object is Keras's, by its name and arguments."""
    if isinstance(rule.anywhere, bool) or call.node is None:
        return bool(rule.anywhere)
    return any(keyword.arg in rule.anywhere for keyword in call.node.keywords)


def is_included(rule: Rule, section: str, origin: Origin) -> bool:
    """Return whether the source release already has what a rule of a section brought."""
    if section not in GENERATIONS:
        return False
    if rule.since:
        return includes(rule.since, origin)
    return GENERATIONS.index(section) <= GENERATIONS.index(origin.generation)


# Calls that do not change


@dataclass(frozen=True)
class Outline:
    """What of a symbol is the same in the target, which has it as `entry`.

    Without an `entry` all calls may change. Else those do not that pass nothing `touched`, and what
    the target takes, by position only in this `order`, not of the literal values `watched`, with an
    `int` for `sizes`, and with all that is `required`.
    """

    entry: Entry | None
    order: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()
    watched: Mapping[str, frozenset[object]] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


def is_unchanged(call: Call, node: ast.Call, target: Target) -> bool:
    """Return whether nothing in a call can change, as in most: no rule is for what it passes."""
    if call.method:
        draft = first_draft(call, target)
        return all(
            holding(rule, step, draft) is NOTHING
            for step in sections_between(call.origin.generation, target.generation)
            for rule in leading_to(target, step, draft.symbol)
        )
    if call.signature is None or shared_symbol(call.path, call.symbol) != call.symbol:
        return False
    same = outline(target, call.origin, call.path, call.symbol, call.signature)
    if same.entry is None or len(node.args) > len(same.order):
        return False
    is_whole = all(keyword.arg for keyword in node.keywords)
    given = dict(zip(same.order, node.args, strict=False))
    given.update((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)
    if is_whole and not same.required.issubset(given):
        return False
    names = {p.name for p in same.entry.signature or () if not p.kind.startswith("*")}
    if not all(name in names or is_hidden(call.symbol, target, same.entry, name) for name in given):
        return False
    return same.touched.isdisjoint(given) and not any(
        isinstance(value, ast.Starred)
        or (isinstance(value, ast.Constant) and value.value in same.watched.get(name, ()))
        or (
            name in same.sizes
            and any(is_no_int(call.text.text, number) for number in numbers(value))
        )
        for name, value in given.items()
    )


@lru_cache(maxsize=1 << 12)
def outline(
    target: Target, origin: Origin, path: str, symbol: str, signature: Signature
) -> Outline:
    """Return what of a symbol is the same in the target, whatever is passed."""
    call = Call(Text(""), ast.Name("f", ast.Load()), None, path, symbol, signature, origin)
    draft = first_draft(call, target)
    entry = draft.entry
    if entry is None or entry.signature is None or symbol in kept_defaults():
        return Outline(None)
    touched: set[str] = set()
    watched: dict[str, frozenset[object]] = {}
    sizes = set()
    for step in sections_between(origin.generation, target.generation):
        for key in (symbol, _module_of(symbol)):
            for rule in leading_to(target, step, key):
                rule = holding(rule, step, draft)
                if origin.generation != "standalone":
                    rule = replace(rule, positional=())  # only Keras 2 may mean that of Keras 1
                touched.update(*rule.join.values())
                for name, change in rule.arguments.items():
                    values = change.only_values()
                    if change.integer:
                        sizes.add(name)
                    elif values is None:
                        touched.add(name)
                    else:
                        watched[name] = watched.get(name, frozenset()) | values
                if not rule.is_about_arguments:
                    return Outline(None)
    new = {p.name: p for p in entry.signature if not p.kind.startswith("*")}
    old = {p.name: p for p in signature if not p.kind.startswith("*")}
    needed = required(entry.signature)
    if any(name not in old or old[name].default for name in needed):
        return Outline(None)
    order = []
    for before, after in zip(old.values(), new.values(), strict=False):
        if (before.name, before.kind) != (after.name, after.kind):
            break
        order.append(before.name)
    at_least = frozenset(needed)
    return Outline(entry, tuple(order), frozenset(touched), watched, frozenset(sizes), at_least)


def is_reordered(call: Call, node: ast.Call) -> bool:
    """Return whether an optimizer's arguments by position depend on a release that is not sure."""
    passed = kinds(node)
    if call.origin.exact or not call.symbol.startswith("optimizers."):
        return False
    spans = atlas.history(call.symbol).get(atlas.split_flavour(call.path)[0], ())
    orders = {
        tuple(parameter.name for parameter in span.signature[1 : len(passed)])
        for span in spans  # the first is the learning rate in all
        if span.path == call.path and span.signature and takes(span.signature, passed)
    }
    return len(orders) > 1
