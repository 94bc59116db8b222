"""Read the rules: what symbols and arguments became from one generation of Keras to the next.

They are the YAML files of `data/renames`, whose README says what each keyword means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from typing import Any, Protocol

from keras_imports.flavours import GENERATIONS
from keras_imports.knowledge import tables
from keras_imports.knowledge.reasons import REASONS, Reason
from keras_imports.python.paths import has_call
from keras_imports.versions import version_key


class RuleError(ValueError):
    """A rule in the data that is not written as rules are."""


@dataclass(frozen=True)
class Change:
    """What becomes of an argument; the keywords are described in `data/renames/README.md`."""

    to: tuple[str, ...] = ()
    values: Mapping[Any, Any] = field(default_factory=dict)
    code: Mapping[Any, str] = field(default_factory=dict)
    write: str = ""
    integer: bool = False
    drop: tuple[Any, ...] | bool = ()
    left: str = ""
    note: str = ""
    where: str = ""
    fixer: str = ""

    def only_values(self) -> frozenset[Any] | None:
        """Return the literal values that change, `None` if others may change as well."""
        others = self.to or self.write or self.fixer or self.left or self.note
        if others or self.drop is True:
            return None
        return frozenset((*self.values, *self.code, *(self.drop or ())))


@dataclass(frozen=True)
class Rule:
    """What becomes of a symbol; the keywords are described in `data/renames/README.md`."""

    to: tuple[str, ...] = ()
    arguments: Mapping[str, Change] = field(default_factory=dict)
    positional: tuple[str, ...] = ()
    takes: tuple[str, ...] | None = None
    join: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    explicit: Mapping[str, str] = field(default_factory=dict)
    template: Mapping[frozenset[str], str] = field(default_factory=dict)
    by: str = ""
    cases: Mapping[Any, Rule] = field(default_factory=dict)
    anywhere: bool | tuple[str, ...] = False
    always: bool = False
    needs: str = ""
    since: str = ""
    fixer: str = ""
    left: str = ""
    otherwise: str = ""
    note: str = ""
    back: bool = True
    reason: Reason | None = None

    @cached_property
    def is_about_arguments(self) -> bool:
        """Whether it holds for a call only if one of its arguments is passed."""
        rest = replace(self, arguments={}, join={}, needs="", since="", back=True)
        return replace(rest, always=False, reason=None) == Rule()


Rules = Mapping[str, tuple[Rule, ...]]
SECTIONS = (*GENERATIONS[1:], "back", "gone")
# Anchors of one file are used in those after it: all are read as one document.
FILES = ("shared", *SECTIONS, "tensorflow", "functions", "classes", "defaults")


class Release(Protocol):
    """A release of a flavour: where code is from, or where it is moved to."""

    @property
    def flavour(self) -> str:
        """The flavour, such as `tensorflow.keras`."""

    @property
    def release(self) -> str:
        """Its release, such as `2.16.2`."""

    @property
    def generation(self) -> str:
        """One of `GENERATIONS`."""


@cache
def _raw() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = tables.read(*(f"renames/{name}.yml" for name in FILES))
    return raw


@cache
def sections() -> Mapping[str, Rules]:
    """Return the rules of each section by the symbol that they are for.

    `RuleError` if one of them has a keyword that there is not.
    """
    found = {
        name: {
            symbol: tuple(
                _rule(f"{name}: {symbol}", one)
                for one in (entry if isinstance(entry, list) else [entry])
            )
            for symbol, entry in _raw()[name].items()
        }
        for name in SECTIONS
    }
    found["back"] = {**backwards(found["keras3"]), **found["back"]}
    return found


def leading_to(target: Release, section: str, key: str) -> Iterator[Rule]:
    """Yield the rules of a section for a symbol, without those that no release of the target has.

    Back within Keras 3 lead only the rules that say since when they hold.
    """
    for rule in sections()[section].get(key, ()):
        if section == "back":
            if rule.since:
                leads = not includes(rule.since, target)
            else:
                leads = target.generation != "keras3"
        else:
            leads = not rule.since or includes(rule.since, target)
        if leads:
            yield rule


def includes(since: str, release: Release) -> bool:
    """Return whether a release has what the package keras has `since` one of its own.

    TensorFlow since 2.16 hands out whatever Keras 3 is installed, which is the newest by default.
    """
    if release.flavour == "keras":
        return version_key(release.release) >= version_key(since)
    return release.flavour == "tensorflow.keras" and release.generation == "keras3"


def kept_defaults() -> Mapping[str, list[str]]:
    """Return the parameters of each symbol whose defaults are kept where the target has others."""
    defaults: Mapping[str, list[str]] = _raw()["defaults"]
    return defaults


def functions() -> Mapping[str, str]:
    """Return the code of functions that are written into modules, by their names."""
    code: Mapping[str, str] = _raw()["functions"]
    return code


@cache
def tensorflow_functions() -> Mapping[str, Rule]:
    """Return what functions and names of TensorFlow are in Keras, for every backend.

    All arguments that both take are in a rule; a `name` goes where it has none of its own.
    """
    found = {}
    for name, entry in _raw()["tensorflow"].items():
        rule = _rule(f"tensorflow: {name}", entry)
        found[name] = replace(
            rule,
            arguments={**rule.arguments, "name": rule.arguments.get("name", Change(drop=True))},
            positional=rule.positional or tuple(rule.arguments),
        )
    return found


def definitions() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the new names of methods that classes define for Keras to call.

    They are by the generation that brought them, and by the kind of the class.
    """
    names: Mapping[str, Mapping[str, Mapping[str, str]]] = _raw()["definitions"]
    return names


def read_only() -> Mapping[str, list[str]]:
    """Return the attributes that classes of one kind cannot set any more since Keras 3."""
    names: Mapping[str, list[str]] = _raw()["read_only"]
    return names


def unsettable() -> Mapping[str, Mapping[str, str]]:
    """Return the attributes that no object of one kind lets be set since Keras 3, and advice."""
    names: Mapping[str, Mapping[str, str]] = _raw()["unsettable"]
    return names


def callback_params() -> Mapping[str, str]:
    """Return the keys that the `params` of a callback do not have any more, and what has it now."""
    keys: Mapping[str, str] = _raw()["callback_params"]
    return keys


@cache
def configuration_keys() -> Mapping[str, Mapping[str, Change]]:
    """Return what became of keys of configurations in Keras 3, by kinds of objects."""
    return {
        kind: {key: _change(f"configurations: {kind}: {key}", new) for key, new in keys.items()}
        for kind, keys in _raw()["configurations"].items()
    }


def setters() -> Mapping[str, str]:
    """Return the attributes that Keras 2 alone sets by another name, and that name."""
    names: Mapping[str, str] = _raw()["setters"]
    return names


def settable() -> frozenset[str]:
    """Return the attributes that are renamed where they are set, too."""
    return frozenset(_raw()["settable"])


def advice_for(symbol: str) -> str:
    """Return what to do by hand with a symbol that is gone, "" if no rule says it."""
    for section in ("gone", *reversed(GENERATIONS[1:])):
        for rule in sections()[section].get(symbol, ()):
            if rule.left:
                return rule.left
    return ""


def held_objects() -> Mapping[str, str]:
    """Return the attributes that are objects of Keras, and the paths of their classes."""
    paths: Mapping[str, str] = _raw()["objects"]
    return paths


@cache
def methods_of_rules() -> tuple[str, ...]:
    """Return the keys of all methods and attributes that there are rules for: `Model().fit`."""
    keys = (key for rules in sections().values() for key in rules if has_call(key))
    return tuple(dict.fromkeys(keys))


@cache
def methods_anywhere() -> tuple[str, ...]:
    """Return the keys of those that mean Keras whatever object they are of."""
    rules = sections().values()
    return tuple(
        key
        for key in methods_of_rules()
        if any(rule.anywhere for its in rules for rule in its.get(key, ()))
    )


@cache
def chains_anywhere() -> tuple[str, ...]:
    """Return the keys of those that mean Keras by two names: `_keras_history.layer` of anything."""
    return tuple(key for key in methods_anywhere() if key.count(".") > 1)


_RULE = frozenset(f.name for f in fields(Rule))
_CHANGE = frozenset(f.name for f in fields(Change))


def _rule(place: str, entry: Mapping[str, Any]) -> Rule:
    """Return the rule that a mapping of the data says; `place` is for the message of an error."""
    _check(place, entry, _RULE)
    known = dict(entry)
    if "to" in known:
        known["to"] = _names(known["to"])
    if "arguments" in known:
        known["arguments"] = {
            old: _change(f"{place}: {old}", new) for old, new in known["arguments"].items()
        }
    if isinstance(known.get("anywhere"), list):
        known["anywhere"] = tuple(known["anywhere"])
    for order in {"positional", "takes"} & known.keys():
        known[order] = tuple(known[order])
    if "join" in known:
        known["join"] = {new: tuple(parts) for new, parts in known["join"].items()}
    if "template" in known:
        known["template"] = {
            frozenset(_names(given)): text for given, text in known["template"].items()
        }
    if "cases" in known:
        known["cases"] = {
            value: _rule(f"{place}: {value}", case) for value, case in known["cases"].items()
        }
    if known.get("reason", REASONS[0]) not in REASONS:
        raise RuleError(f"{place}: a reason is one of {', '.join(REASONS)}")
    if not isinstance(known.get("since", ""), str):  # 3.10 would be 3.1
        raise RuleError(f"{place}: write the release of `since` in quotes")
    return Rule(**known)


def _change(place: str, new: Any) -> Change:
    """Return the change that a new name, nothing, or a mapping says."""
    if new is None:
        return Change(drop=True)
    if isinstance(new, str):
        return Change(to=(new,))
    _check(place, new, _CHANGE)
    known = dict(new)
    known["to"] = _names(known.get("to", ()))
    if isinstance(known.get("drop"), list):
        known["drop"] = tuple(known["drop"])
    return Change(**known)


def _check(place: str, entry: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = entry.keys() - known
    if unknown:
        words = ", ".join(sorted(known))
        raise RuleError(f"{place}: no keyword is {min(unknown)!r}; they are {words}")


def _names(value: Any) -> tuple[str, ...]:
    """Return `a, b` or `[a, b]` as a tuple."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return tuple(value)


def backwards(rules: Rules) -> dict[str, tuple[Rule, ...]]:
    """Return the rules that only rename, the other way round."""
    found: dict[str, tuple[Rule, ...]] = {}
    for symbol, (rule, *more) in rules.items():
        changes = {old: change for old, change in rule.arguments.items() if change.to}
        does_more = rule.template or rule.cases or rule.left or rule.join or rule.explicit or more
        only_names = all(
            change == Change(to=change.to) and len(change.to) == 1 for change in changes.values()
        )
        is_one_symbol = not has_call(symbol) and not symbol.endswith("*")
        if not rule.back or does_more or not only_names or not is_one_symbol:
            continue
        if not rule.to and not changes:
            continue
        arguments = {change.to[0]: Change(to=(old,)) for old, change in changes.items()}
        back = Rule(to=(symbol,) if rule.to else (), arguments=arguments, since=rule.since)
        found.setdefault(rule.to[0] if rule.to else symbol, (back,))
    return found
