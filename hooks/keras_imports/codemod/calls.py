"""What calls and names of another Keras become in the target; the knowledge is in renames.yml."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NoReturn

from keras_imports import atlas
from keras_imports.atlas import Signature
from keras_imports.codemod.aim import Aim
from keras_imports.codemod.arguments import Argument, PositionError, bind, join, rewrite
from keras_imports.codemod.edits import Edit, Left, Piece, Span, Symbol, Text
from keras_imports.codemod.renames import Change, Join, Rule, kept_defaults, sections
from keras_imports.rules.arguments import table

_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict)
_SLOT = re.compile(r"\{(@?)([\w.]+)\}")
_GENERATIONS = ("keras1", "standalone", "keras2", "keras3")


@dataclass(frozen=True)
class Call:
    """A call, or a name without one, of some Keras.

    `path` is the dotted path that it resolves to, such as `keras.layers.Convolution2D`, `symbol`
    the atlas's identity (`layers.Conv2D`; "" where it has none), `signature` that of the source
    release. `generation` is the source's: keras1, standalone (2.0 to 2.3), keras2, keras3.
    `release` is the source release, `exact` whether it was declared and not only found to fit.
    `node` is the call, `function` what is called (for a bare name: that name, and no call).
    """

    text: Text
    function: ast.expr
    node: ast.Call | None
    path: str
    symbol: str
    signature: Signature | None
    generation: str
    release: str
    exact: bool


@dataclass(frozen=True)
class Plan:
    """How a call is written in the target.

    An edit of the function's own span names the new function. Without edits and without `left`
    the call stays as it is and only its name is moved, by its symbol.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[Left, ...] = ()


def plan_call(call: Call, aim: Aim) -> Plan:
    """How a call or bare name is written in the target."""
    plan = _Planner(call, aim)
    try:
        return plan.name() if call.node is None else plan.call(call.node)
    except _StayError as reason:
        return Plan(left=(*plan.left, reason.left))


class _StayError(Exception):
    """The code stays as it is."""

    def __init__(self, left: Left) -> None:
        self.left = left


@lru_cache(maxsize=1 << 12)
def _signature(aim: Aim, path: str) -> tuple[bool, Signature | None]:
    """Whether the target has a path, and what may be passed to it."""
    entry = atlas.lookup(aim.env, f"{aim.flavour}.{path}")
    if entry is None or entry.kind == "module" or entry.note:
        return False, None
    return True, entry.signature


def _steps(source: str, target: str) -> tuple[str, ...]:
    """The sections of renames.yml that lead from one generation to another, in their order."""
    old, new = _GENERATIONS.index(source), _GENERATIONS.index(target)
    if new < old:
        return ("back",) if source == "keras3" else ()
    # What an earlier one took is a mistake in the source's, or converted: nothing else is meant.
    return _GENERATIONS[1 : new + 1]


@dataclass
class _Planner:
    """One call on its way; every rule changes the symbol or the arguments."""

    source: Call
    aim: Aim
    symbol: str = ""
    moved: bool = False  # a rule named the symbol, else its name is moved by the atlas
    arguments: list[Argument] = field(default_factory=list)
    defaults: list[Argument] = field(default_factory=list)  # what is not given, as if it were
    left: list[Left] = field(default_factory=list)
    reported: list[ast.AST] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.symbol = self.source.symbol.removeprefix("compat.v1.")

    def rules(self) -> Iterator[Rule]:
        """The rules for the symbol, one after the other; each may change it."""
        for step in _steps(self.source.generation, self.aim.generation):
            for rule in sections()[step].get(self.symbol, ()):
                yield self.fitting(rule, step)
            for rule in sections()[step].get(self.symbol.rpartition(".")[0] + ".*", ()):
                yield self.fitting(rule, step)
        if not self.target():
            yield from sections()["gone"].get(self.symbol, ())

    def fitting(self, rule: Rule, step: str) -> Rule:
        """A rule without what the source has already: there its names mean what they say."""
        if rule.needs:
            target = self.target()
            signature = (target and _signature(self.aim, target)[1]) or ()
            if rule.needs not in {parameter.name for parameter in signature}:
                return Rule()
        reached = step != "back" and _GENERATIONS.index(step) <= _GENERATIONS.index(
            self.source.generation
        )
        if not reached or rule.to or rule.template or rule.by:
            return rule
        names = {parameter.name for parameter in self.source.signature or ()}
        changes = {old: new for old, new in rule.arguments.items() if old not in names}
        return replace(rule, arguments=changes, explicit={}, note="")

    def target(self) -> str | None:
        """The path that the symbol has in the target, `None` without one."""
        if self.moved:
            return self.symbol if _signature(self.aim, self.symbol)[0] else None
        return self.aim.path(self.symbol)

    # Bare names

    def name(self) -> Plan:
        """How a name that is not called is written."""
        for rule in self.rules():
            if rule.left or (not rule.to and (rule.template or rule.cases)):
                self.stay(rule.left or "it is written otherwise there; see the guide")
            self.rename(rule)
        return Plan(tuple(self.function()), tuple(self.left))

    def rename(self, rule: Rule) -> None:
        """Take the first of the rule's names that the target has."""
        if rule.to:
            there = [path for path in rule.to if _signature(self.aim, path)[0]]
            self.symbol, self.moved = (there or rule.to)[0], True

    def function(self) -> Iterator[Edit]:
        """The edit that names another function."""
        if self.moved:
            if not _signature(self.aim, self.symbol)[0]:
                self.stay("")
            span = self.source.text.span(self.source.function)
            yield Edit(span.start, span.end, (Symbol(self.symbol),))

    # Calls

    def call(self, node: ast.Call) -> Plan:
        """How a call is written."""
        text, signature = self.source.text, self.source.signature or ()
        before = bind(text, node, [p.name for p in signature if p.kind == "positional"])
        self.arguments = before
        self.defaults = [*_defaults(signature, {argument.name for argument in before})]
        for rule in self.rules():
            if rule.left:
                self.stay(rule.left)
            if rule.by:
                rule = self.case(rule)
            if rule.positional and self.source.generation == "standalone":
                self.bind_as_keras_1(node, rule)
            self.apply(rule)
            if rule.template:
                plan = self.expression(node, rule)
                if plan:
                    return plan
        path = self.target()
        if path is None:
            return Plan(left=tuple(self.left))
        signature = _signature(self.aim, path)[1]
        if signature is not None:
            self.spell_out(signature)
            self.refuse(path, signature)
        try:
            edits = rewrite(text, node, before, self.arguments, _positions(signature))
        except PositionError:
            self.stay("pass the arguments after `*` by name")
        return Plan((*self.function(), *edits), tuple(self.left))

    def case(self, rule: Rule) -> Rule:
        """The case of a rule that the literal value of its argument chooses."""
        known = {a.name: _literal(a) for a in (*self.defaults, *self.arguments)}
        value = known.get(rule.by, _NO_LITERAL)
        if value not in rule.cases:
            self.stay(rule.note)
        self.arguments = [a for a in self.arguments if a.name != rule.by]
        return rule.cases[value]

    def bind_as_keras_1(self, node: ast.Call, rule: Rule) -> None:
        """Bind as Keras 1 did where 2.0 to 2.3 still do: with more than they take by position."""
        parts = {part for join in rule.join.values() for part in join.of}
        known = any(p.kind == "positional" for p in self.source.signature or ())
        sizes = node.args[1:]
        if any(isinstance(size, (ast.Tuple, ast.List)) for size in sizes):
            return
        by_name = any(argument.name in parts for argument in self.arguments)
        certain = self.source.exact or all(isinstance(size, ast.Constant) for size in sizes)
        if by_name or not known or (len(sizes) > 1 and certain):
            self.arguments = bind(self.source.text, node, rule.positional)

    def apply(self, rule: Rule) -> None:
        """Change name and arguments as a rule says."""
        for name, made in rule.join.items():
            if not made.text:
                self.join(name, made)
        self.arguments = [*self.changed(self.arguments, rule)]
        reports = len(self.left)
        self.defaults = [*self.changed(self.defaults, rule)]
        del self.left[reports:]
        for name, made in rule.join.items():
            if made.text:
                self.join(name, made)
        for name, value in rule.explicit.items():
            if name not in {argument.name for argument in self.arguments}:
                self.arguments.append(Argument(name, tuple(self.fill(value, {}))))
        if rule.note:
            self.report(rule.note, self.source.function)
        self.rename(rule)

    def join(self, name: str, made: Join) -> None:
        """Make one argument of several, if all are given (or known as defaults, for a template)."""
        given = {a.name: a for a in (*(self.defaults if made.text else ()), *self.arguments)}
        parts = [given[old] for old in made.of if old in given]
        there = [part for part in parts if part in self.arguments]
        if len(parts) < len(made.of) or not there or made.of[-1] not in {a.name for a in there}:
            return
        if made.text:
            value = tuple(self.fill(made.text, given))
            joined = replace(there[0], name=name, value=value, node=None)
        else:
            joined = join(name, parts, self.arguments)
        at = self.arguments.index(there[0])
        self.arguments[at] = joined
        self.arguments = [a for a in self.arguments if a not in there]

    def changed(self, arguments: Sequence[Argument], rule: Rule) -> Iterator[Argument]:
        """Arguments as a rule has them."""
        given = {argument.name for argument in arguments}
        for argument in arguments:
            change = rule.arguments.get(argument.name)
            if change:
                yield from self.change(argument, change, given)
            else:
                yield argument

    def change(self, argument: Argument, change: Change, given: set[str]) -> Iterator[Argument]:
        """What an argument becomes; nothing if it is not passed any more."""
        value = _literal(argument)
        known = value is not _NO_LITERAL
        if change.drop is True or (known and change.drop and value in change.drop):
            if change.note:
                self.differs(argument, change.note)
            return
        if change.left and not (known and (value in change.values or value in change.code)):
            self.differs(argument, change.left)
        elif change.note:
            self.differs(argument, change.note)
        if known and value in change.values:
            argument = argument.valued(self.literal(argument, change.values[value]))
        elif known and value in change.code:
            argument = argument.valued(*self.fill(change.code[value], {}))
        elif change.write:
            argument = argument.valued(*self.fill(change.write, {"value": argument}))
        elif change.single and len(getattr(argument.node, "elts", ())) == 1:
            argument = argument.valued(self.source.text.span(argument.node.elts[0]))  # type: ignore
        names = [name for name in change.to or (argument.name,) if name not in given] or [
            argument.name
        ]
        yield replace(argument, name=names[0])
        for name in names[1:]:
            yield Argument(name, argument.value)

    def differs(self, argument: Argument, advice: str) -> None:
        """Report an argument that is not the same in the target."""
        what = f"`{argument.name}` of `{self.source.path}` is not the same in {self.aim}"
        self.report(advice, argument.node or self.source.function, what)

    def literal(self, argument: Argument, value: object) -> str:
        """A literal value as source, quoted as the one that it replaces."""
        span = argument.span
        text = self.source.text.text[span.start : span.end] if span else "'"
        if isinstance(value, str):
            quote = '"' if '"' in text else "'"
            return f"{quote}{value}{quote}"
        return repr(value)

    def spell_out(self, signature: Signature) -> None:
        """Pass what is not given but was the default before, where the target's differs."""
        given = {argument.name for argument in self.arguments}
        chosen = kept_defaults().get(self.symbol, ())
        defaults = {p.name: p.default for p in signature if not p.kind.startswith("*")}
        for argument in self.defaults:
            name, value = argument.name, argument.value
            if "" in given or name in given or name not in defaults or value == (defaults[name],):
                continue
            if defaults[name] is None or (name in chosen and self.source.exact):
                self.arguments.append(replace(argument, name=name))
            elif name in chosen:
                old = ast.unparse(argument.node) if argument.node else "another one"
                what = f"the default of `{name}` is {defaults[name]} in {self.aim}, and was {old}"
                self.report(f"pass `{name}` to keep it", self.source.function, what)

    def refuse(self, path: str, signature: Signature) -> None:
        """Report what the target does not take."""
        names = {p.name for p in signature if not p.kind.startswith("*")}
        self.arguments = [
            replace(a, name=a.origin) if a.name not in names and a.origin in names else a
            for a in self.arguments
        ]
        rest = any(p.kind == "**" for p in signature)
        family = self.symbol.partition(".")[0]
        for argument in self.arguments:
            if not argument.name or argument.name in names:
                continue
            if rest and family not in ("layers", "optimizers"):
                continue
            accepted = table().accepted
            if rest and any(
                argument.name in accepted.get(key, {}).get(self.aim.generation, ())
                for key in (family, self.symbol)
            ):
                continue
            if argument.node not in self.reported:
                what = f"`{path}` of {self.aim} takes no argument `{argument.name}`"
                self.report("", argument.node or self.source.function, what)

    # Templates

    def expression(self, node: ast.Call, rule: Rule) -> Plan | None:
        """The call as another expression."""
        given = {argument.name: argument for argument in self.arguments}
        template = rule.template.get(frozenset(given))
        if template is None:
            return None if rule.to else self.stay(rule.note)
        kept = [argument.place for argument in self.arguments if argument.place]
        if "#" in _outside(self.source.text, self.source.text.span(node), kept):
            self.stay("a comment stands between its arguments")
        for name, argument in given.items():
            simple = isinstance(argument.node, (ast.Name, ast.Constant, ast.Attribute))
            if template.count(f"{{{name}}}") > 1 and not simple:
                self.stay(f"give `{name}` a name of its own: it is needed twice")
        span = self.source.text.span(node)
        return Plan(
            (Edit(span.start, span.end, tuple(self.fill(template, given))),), tuple(self.left)
        )

    def fill(self, template: str, given: dict[str, Argument]) -> Iterator[Piece]:
        """The pieces of a template: `{x}` is an argument, `{@ops.mean}` a name of the target."""
        position = 0
        for slot in _SLOT.finditer(template):
            yield template[position : slot.start()]
            position = slot.end()
            if slot[1]:
                if not _signature(self.aim, slot[2])[0]:
                    self.stay("")
                yield Symbol(slot[2])
                continue
            argument = given[slot[2]]
            closed = template[: slot.start()].rstrip().endswith(("(", ",", "=", "[")) and template[
                slot.end() :
            ].lstrip().startswith((")", ",", "]"))
            if closed or self.is_atom(argument):
                yield from argument.value
            else:
                yield from ("(", *argument.value, ")")
        yield template[position:]

    def is_atom(self, argument: Argument) -> bool:
        span = argument.span
        text = self.source.text.text[span.start : span.end] if span else ""
        return "\n" not in text and isinstance(argument.node, _ATOMS)

    # Reports

    def report(self, advice: str, node: ast.AST, message: str = "") -> None:
        """Note what a person has to look at."""
        self.left.append(self.note(advice, node, message))
        self.reported.append(node)

    def stay(self, advice: str) -> NoReturn:
        """Leave the whole call as it is."""
        raise _StayError(self.note(advice, self.source.node or self.source.function))

    def note(self, advice: str, node: ast.AST, message: str = "") -> Left:
        """A line of the report."""
        text = self.source.text
        line, column = text.place(text.span(node).start)
        message = message or f"`{self.source.path}` has no counterpart in {self.aim}"
        return Left(line, column, text.of(node).partition("\n")[0], message, advice)


def _positions(signature: Signature | None) -> list[str] | None:
    if signature is None or any(p.kind == "*" for p in signature):
        return None
    return [p.name for p in signature if p.kind == "positional"]


def _defaults(signature: Signature, given: set[str]) -> Iterator[Argument]:
    """What a signature passes where nothing is given."""
    for parameter in signature:
        if parameter.default is not None and parameter.name not in given:
            node = ast.parse(parameter.default, mode="eval").body
            yield Argument(parameter.name, (parameter.default,), node)


_NO_LITERAL = object()


def _literal(argument: Argument) -> object:
    """The value of a literal that was not changed yet."""
    try:
        value = ast.literal_eval(argument.node) if argument.node else _NO_LITERAL
        hash(value)
        return value
    except (ValueError, TypeError, SyntaxError):
        return _NO_LITERAL


def _outside(text: Text, span: Span, kept: Sequence[Span]) -> str:
    """The text of a span without some pieces of it."""
    found, position = "", span.start
    for piece in kept:
        found += text.text[position : piece.start]
        position = piece.end
    return found + text.text[position : span.end]
