"""`renames.yml`: what symbols and arguments became from one generation of Keras to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from keras_imports.flavours import GENERATIONS
from keras_imports.knowledge import tables


@dataclass(frozen=True)
class Change:
    """What becomes of an argument.

    It is passed as all of `to`; a literal value is replaced by what `values` or, as code, `code`
    has for it, one that is no `int` is made one if it is to be an `integer`. If its value is among
    `drop` (or `drop` is true) it is not passed any more. `left` says what a person does with any
    other value, `note` what they should know (of values that match `where`, in modules with text
    that `mentions` matches, in calls with an argument `beside`); with `doubt` it holds for code of
    Keras 3, too, if that is not certain.
    """

    to: tuple[str, ...] = ()
    values: Mapping[Any, Any] = field(default_factory=dict)
    code: Mapping[Any, str] = field(default_factory=dict)
    write: str = ""
    single: bool = False
    rest: bool = False
    integer: bool = False
    drop: tuple[Any, ...] | bool = ()
    left: str = ""
    stays: bool = False
    note: str = ""
    where: str = ""
    mentions: str = ""
    beside: str = ""
    doubt: bool = False

    def only_values(self) -> frozenset[Any] | None:
        """The literal values that change, `None` if others may change as well."""
        others = self.to or self.write or self.single or self.rest or self.left or self.note
        if others or self.drop is True:
            return None
        return frozenset((*self.values, *self.code, *(self.drop or ())))


@dataclass(frozen=True)
class Join:
    """A new argument made of old ones, as a tuple or as the template `text`."""

    of: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Rule:
    """What becomes of a symbol; the fields are described in `renames.yml`."""

    to: tuple[str, ...] = ()
    arguments: Mapping[str, Change] = field(default_factory=dict)
    positional: tuple[str, ...] = ()
    text_first: bool = False
    join: Mapping[str, Join] = field(default_factory=dict)
    explicit: Mapping[str, str] = field(default_factory=dict)
    template: Mapping[frozenset[str], str] = field(default_factory=dict)
    notes: Mapping[frozenset[str], str] = field(default_factory=dict)
    by: str = ""
    cases: Mapping[Any, Rule] = field(default_factory=dict)
    values: Mapping[Any, Any] = field(default_factory=dict)
    activation: str = ""
    takes: tuple[str, ...] | None = None
    anywhere: bool = False
    needs: str = ""
    of_self: bool = True
    set: str = ""
    function: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    left: str = ""
    otherwise: str = ""
    note: str = ""
    mentions: str = ""
    back: bool = True


Rules = Mapping[str, tuple[Rule, ...]]
SECTIONS = (*GENERATIONS[1:], "back", "gone")


@cache
def _raw() -> Mapping[str, Any]:
    return tables.read("renames.yml")


@cache
def sections() -> Mapping[str, Rules]:
    """The rules of each section of `renames.yml` by the symbol that they are for."""
    found = {
        name: {
            symbol: tuple(map(_rule, entry if isinstance(entry, list) else [entry]))
            for symbol, entry in _raw()[name].items()
        }
        for name in SECTIONS
    }
    found["back"] = {**_backwards(found["keras3"]), **found["back"]}
    return found


def kept_defaults() -> Mapping[str, list[str]]:
    """The parameters of each symbol whose defaults are kept where the target has others."""
    return _raw()["defaults"]


def functions() -> Mapping[str, str]:
    """The code of functions that are written into modules, by their names."""
    return _raw()["functions"]


@cache
def tensor_functions() -> Mapping[str, Rule]:
    """What functions of TensorFlow are called in `keras.ops`, with all the arguments they share."""
    return {name: _rule(entry) for name, entry in _raw()["tensorflow"].items()}


def definitions() -> Mapping[str, Mapping[str, str]]:
    """The new names of methods that classes of one kind define for Keras to call."""
    return _raw()["definitions"]


@cache
def members() -> tuple[str, ...]:
    """The methods and attributes of what calls of Keras make that there are rules for."""
    found = (key for rules in sections().values() for key in rules if "()" in key)
    return tuple(dict.fromkeys(found))


def has_setter(key: str) -> bool:
    """Whether an attribute is set by another name in some generation."""
    return any(rule.set for rules in sections().values() for rule in rules.get(key, ()))


@cache
def methods_anywhere() -> tuple[str, ...]:
    """Those that mean Keras whatever object they are of."""
    rules = sections().values()
    return tuple(
        key for key in members() if any(rule.anywhere for its in rules for rule in its.get(key, ()))
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    known = dict(entry)
    if "to" in known:
        known["to"] = _names(known["to"])
    if "arguments" in known:
        known["arguments"] = {old: _change(new) for old, new in known["arguments"].items()}
    for key in {"positional", "takes"} & known.keys():
        known[key] = tuple(known[key])
    if "join" in known:
        known["join"] = {new: _join(old) for new, old in known["join"].items()}
    for key in {"template", "notes"} & known.keys():
        known[key] = {frozenset(_names(given)): text for given, text in known[key].items()}
    if "cases" in known:
        known["cases"] = {value: _rule(case) for value, case in known["cases"].items()}
    return Rule(**known)


def _join(old: Any) -> Join:
    return Join(tuple(old)) if isinstance(old, list) else Join(tuple(old["of"]), old["as"])


def _change(new: Any) -> Change:
    if new is None:
        return Change(drop=True)
    if isinstance(new, str):
        return Change(to=(new,))
    known = dict(new)
    known["to"] = _names(known.get("to", ()))
    if isinstance(known.get("drop"), list):
        known["drop"] = tuple(known["drop"])
    return Change(**known)


def _names(value: Any) -> tuple[str, ...]:
    """`a, b` or `[a, b]` as a tuple."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return tuple(value)


def _backwards(rules: Rules) -> dict[str, tuple[Rule, ...]]:
    """The rules that only rename, the other way round."""
    found: dict[str, tuple[Rule, ...]] = {}
    for symbol, (rule, *more) in rules.items():
        changes = {old: change for old, change in rule.arguments.items() if change.to}
        special = rule.template or rule.cases or rule.left or rule.join or rule.explicit or more
        only_names = all(
            change == Change(to=change.to) and len(change.to) == 1 for change in changes.values()
        )
        special = special or "()" in symbol
        if not rule.back or special or not only_names or symbol.endswith("*"):
            continue
        arguments = {change.to[0]: Change(to=(old,)) for old, change in changes.items()}
        back = Rule(to=(symbol,) if rule.to else (), arguments=arguments)
        found.setdefault(rule.to[0] if rule.to else symbol, (back,))
    return found
