"""Change the arguments of a call as rules say, and check them against the target's signature."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry, Signature
from keras_imports.flavours import FLAVOURS, generation
from keras_imports.knowledge.arguments import takes_by_rest
from keras_imports.knowledge.rules import Change, Rule, kept_defaults, leading_to
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.migrate.planning.call import Call
from keras_imports.migrate.planning.draft import Draft, Remark, entry_in
from keras_imports.migrate.planning.fixers import ARGUMENTS
from keras_imports.migrate.planning.literals import (
    NO_LITERAL,
    as_int,
    converted,
    default_argument,
    described,
    literal,
)
from keras_imports.migrate.planning.report import not_converted, not_taken, to_check, unsure
from keras_imports.migrate.planning.selection import is_included, sections_between
from keras_imports.migrate.planning.sizes import is_no_int
from keras_imports.migrate.planning.templates import filled, with_argument
from keras_imports.python.arguments import Argument, bind, join

# Binding


def bound(draft: Draft, node: ast.Call) -> Draft:
    """Return the draft with a call's arguments as its source release understands them."""
    call = draft.call
    signature = call.signature or ()
    written = tuple(bind(call.text, node, _source_positions(draft)))
    given = {argument.name for argument in written}
    defaults = [_usual(call, a)[0] for a in _defaults(signature) if a.name not in given]
    return replace(draft, written=written, arguments=written, defaults=tuple(defaults))


def _source_positions(draft: Draft) -> Sequence[str]:
    """Return the parameters that the source takes by position; rules know those of methods."""
    call, target = draft.call, draft.target
    if not call.method:
        return [p.name for p in call.signature or () if p.kind == "positional"]
    for step in sections_between(call.origin.generation, target.generation):
        for rule in leading_to(target, step, draft.symbol):
            if rule.positional and not is_included(rule, step, call.origin):
                return rule.positional
    return ()


def bound_as_keras_1(draft: Draft, node: ast.Call, rule: Rule) -> Draft:
    """Bind as Keras 1 did where 2.0 to 2.3 still do: with more than they take by position."""
    call = draft.call
    if not rule.positional or call.origin.generation != "standalone":
        return draft
    if call.method:
        as_keras_1 = bool(node.args) and isinstance(node.args[0], (ast.Tuple, ast.List))
    else:
        parts = {part for joined in rule.join.values() for part in joined}
        known = any(p.kind == "positional" for p in call.signature or ())
        sizes = node.args[1:]
        by_name = any(argument.name in parts for argument in draft.arguments)
        certain = call.origin.exact or all(isinstance(size, ast.Constant) for size in sizes)
        as_keras_1 = by_name or not known or (len(sizes) > 1 and certain)
        if any(isinstance(size, (ast.Tuple, ast.List)) for size in sizes):
            as_keras_1 = False
    if not as_keras_1:
        return draft
    return replace(draft, arguments=tuple(bind(call.text, node, rule.positional)))


# Rules


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
    remarks: list[Remark] = []
    arguments = tuple(_changed(draft, draft.arguments, rule, remarks))
    defaults = tuple(_changed(draft, draft.defaults, rule, []))  # nobody wrote these
    draft = replace(
        draft, arguments=arguments, defaults=defaults, remarks=(*draft.remarks, *remarks)
    )
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
    given = frozenset(argument.name for argument in arguments)
    for argument in arguments:
        change = rule.arguments.get(argument.name)
        if change is None:
            yield argument
        else:
            yield from _change(draft, argument, change, given, remarks)


def _change(
    draft: Draft,
    argument: Argument,
    change: Change,
    given: frozenset[str],
    remarks: list[Remark],
) -> Iterator[Argument]:
    """Yield what an argument becomes; nothing if it is not passed any more."""
    call = draft.call
    node = argument.node or call.function
    value = literal(argument)
    known = value is not NO_LITERAL
    is_dropped = change.drop is True or (known and change.drop and value in change.drop)
    is_replaced = known and (value in change.values or value in change.code)
    if change.note and re.search(change.where, described(call.text, argument)):
        message = not_taken(draft, argument.name) if is_dropped else to_check(draft, argument)
        remarks.append(Remark(node, change.note, message))
    if is_dropped:
        return
    if change.integer and argument.node and is_no_int(call.text.text, argument.node):
        argument = as_int(argument)
    if is_replaced or isinstance(argument.node, (ast.List, ast.Tuple, ast.Dict)):
        argument = converted(draft, argument, change)
    if change.fixer:
        fixed = ARGUMENTS[change.fixer](draft, argument, change)
        if fixed is None:
            remarks.append(Remark(node, change.left, not_taken(draft, argument.name)))
            yield argument
            return
        argument = fixed
    elif change.left and not is_replaced and not _may_be_new(argument, change):
        name = change.to[0] if change.to else argument.name
        remarks.append(Remark(node, change.left, not_converted(draft, argument, name)))
    if change.write:
        argument = argument.valued(*filled(draft, change.write, {"value": argument}))
    names = [name for name in change.to or (argument.name,) if name not in given]
    names = names or [argument.name]
    yield replace(argument, name=names[0])
    for name in names[1:]:
        yield Argument(name, argument.value)


def _may_be_new(argument: Argument, change: Change) -> bool:
    """Return whether a value is one of those that a change leads to, or a call may give one."""
    if not change.values:
        return False
    return literal(argument) in change.values.values() or isinstance(argument.node, ast.Call)


# Defaults, and what the target takes


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
        if name in kept and not _usual(call, argument)[1]:
            message = f"the default of `{name}` was {argument.text}, but not in all releases"
            advice = "it is passed now; if the code is for another release, name it by `--from`"
            draft = draft.remarked(advice, message)
    return replace(draft, arguments=(*draft.arguments, *added))


def _doubted(draft: Draft, argument: Argument) -> Draft:
    """Remark on a default that code for Keras 3 has for sure, but may be for an older Keras."""
    if not draft.is_doubtful:
        return draft
    old, _ = _most_usual("keras", "standalone", draft.symbol, argument.name)
    if old is None or old == argument.text:
        return draft
    message = (
        f"the default of `{argument.name}` is {argument.text}, and was {old} in keras 2.0 to 2.2"
    )
    return draft.remarked("name the release that the code is for by `--from`", message)


def checked(draft: Draft, entry: Entry, signature: Signature) -> Draft:
    """Remark on what the target does not take; `StayError` if it lacks what it must have."""
    names = {p.name for p in signature if not p.kind.startswith("*")}
    arguments = tuple(
        replace(a, name=a.origin) if a.name not in names and a.origin in names else a
        for a in draft.arguments
    )
    draft = replace(draft, arguments=arguments)
    call = draft.call
    seen = {remark.node for remark in draft.remarks}
    for argument in draft.arguments:
        name, node = argument.name, argument.node or call.function
        if name and name not in names and node not in seen and not _is_hidden(draft, entry, name):
            seen.add(node)
            draft = draft.remarked(
                "leave it out, or write by hand what it did", not_taken(draft, name), node
            )
    given = {argument.name for argument in arguments}
    missing = [p.name for p in signature if not p.default and not p.kind.startswith("*")]
    if draft.path and "" not in given and not given.issuperset(missing):
        unsure(draft, f"pass {_listed(missing)}, which `{draft.shown}` needs")
    return draft


def _is_hidden(draft: Draft, entry: Entry, name: str) -> bool:
    """Return whether a symbol takes an argument by `**`, as far as is known."""
    if not any(p.kind == "**" for p in entry.signature or ()):
        return False
    return entry.kind != "class" or takes_by_rest(draft.symbol, draft.target.generation, name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _usual(call: Call, argument: Argument) -> tuple[Argument, bool]:
    """Return a default of the source as most releases of its kind have it, and if it is certain."""
    flavour = atlas.split_flavour(call.path)[0].replace("compat.v1.", "")
    if call.origin.exact or flavour not in FLAVOURS:
        return argument, call.origin.exact
    symbol = shared_symbol(call.path, call.symbol)
    if symbol not in kept_defaults():
        return argument, False
    kind = call.origin.generation
    text, certain = _most_usual(flavour, kind, symbol, argument.origin)
    return (default_argument(argument.origin, text) if text else argument), certain


@lru_cache(maxsize=1 << 10)
def _most_usual(flavour: str, kind: str, symbol: str, name: str) -> tuple[str | None, bool]:
    """Return a parameter's default in most of a flavour's releases of a generation; if in all."""
    known = atlas.releases(flavour)
    defaults: Counter[str | None] = Counter()
    for span in atlas.history(symbol).get(flavour, ()):
        its = known[known.index(span.first) : known.index(span.last) + 1]
        default = next((p.default for p in span.signature or () if p.name == name), None)
        defaults[default] += sum(generation(flavour, release) == kind for release in its)
    defaults += Counter()  # without those that none of the generation has
    return (defaults.most_common(1)[0][0], len(defaults) == 1) if defaults else (None, False)


@lru_cache(maxsize=1 << 12)
def _defaults(signature: Signature) -> tuple[Argument, ...]:
    """Return what a signature passes where nothing is given."""
    return tuple(default_argument(p.name, p.default) for p in signature if p.default is not None)
