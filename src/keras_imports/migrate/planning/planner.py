"""How the rules of renames.yml change one call."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import NoReturn

from keras_imports import atlas
from keras_imports.atlas import Entry, Signature
from keras_imports.flavours import FLAVOURS, GENERATIONS, generation
from keras_imports.knowledge.arguments import table
from keras_imports.knowledge.rules import (
    Change,
    Join,
    Rule,
    kept_defaults,
    members,
    methods_anywhere,
    sections,
)
from keras_imports.knowledge.target import Target
from keras_imports.migrate.placeholders import InsertedFunction, TargetName
from keras_imports.migrate.planning.call import Call, Plan, nowhere
from keras_imports.migrate.planning.sizes import is_no_int, numbers
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.arguments import (
    Argument,
    PositionError,
    bind,
    join,
    kinds,
    rewrite,
    takes,
)
from keras_imports.python.edits import Edit, Piece, Placeholder, Span, Text, apply
from keras_imports.versions import version_key

_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict)
_SIMPLE = (ast.Name, ast.Attribute, ast.Constant)
_SLOT = re.compile(r"\{(@?)([\w.]+)\}")
_KINDS = {
    "models": "Model",
    "applications": "Model",
    "optimizers": "Optimizer",
    "layers": "Layer",
    "metrics": "Metric",
}
_MODELS = ("Model", "Sequential", "Functional", "Container", "Network")
_FUNCTIONS = ("backend.", "ops.", "activations.")  # which other code is given to call
_NO_LITERAL = object()


class StayError(Exception):
    """The code stays as it is."""

    def __init__(self, left: Unfixed) -> None:
        self.left = left


def identity(path: str, symbol: str) -> str:
    """The symbol under which the target may have what some releases have under another one.

    Standalone Keras took much from helper packages, and TensorFlow 2 has some classes twice.
    """
    symbol = symbol.removeprefix("compat.v1.")
    if symbol.startswith(("keras_preprocessing.", "keras_applications.")):
        return next(iter(atlas.symbols(atlas.split_flavour(path)[1])), symbol)
    return symbol


def method_key(path: str) -> str:
    """The key in renames.yml of a method's path: `Model().fit` for `keras.Sequential().fit`."""
    made, _, rest = path.partition("()")
    _, inside = atlas.split_flavour(made)
    leaf = made.rpartition(".")[2]
    if f"{leaf}(){rest}" in members():
        return f"{leaf}(){rest}"
    if leaf in _MODELS:
        kind = "Model"
    elif leaf == "Layer":
        kind = "Layer"
    else:
        kind = _KINDS.get(inside.removeprefix("src.").partition(".")[0], leaf)
    return f"{kind}(){rest}"


@lru_cache(maxsize=1 << 12)
def _entry(target: Target, path: str) -> Entry | None:
    """What a path is in the target; `None` also for what is there only to raise."""
    entry = atlas.lookup(target.env, f"{target.flavour}.{path}")
    return entry if entry and entry.kind != "module" and not entry.note else None


@lru_cache(maxsize=1 << 10)
def _usual(flavour: str, kind: str, symbol: str, name: str) -> tuple[str | None, bool]:
    """The default of a parameter in most of a flavour's releases of a generation; if in all."""
    known = atlas.releases(flavour)
    found: Counter[str | None] = Counter()
    for span in atlas.history(symbol).get(flavour, ()):
        its = known[known.index(span.first) : known.index(span.last) + 1]
        default = next((p.default for p in span.signature or () if p.name == name), None)
        found[default] += sum(generation(flavour, release) == kind for release in its)
    found += Counter()  # without those that none of the generation has
    return (found.most_common(1)[0][0], len(found) == 1) if found else (None, False)


def _steps(source: str, target: str) -> tuple[str, ...]:
    """The sections of renames.yml that lead from one generation to another, in their order."""
    old, new = GENERATIONS.index(source), GENERATIONS.index(target)
    if new < old:
        return ("back",) if source == "keras3" else ()
    # What an earlier one took is a mistake in the source's, or converted: nothing else is meant.
    return GENERATIONS[1 : new + 1]


@dataclass(frozen=True)
class _Outline:
    """What of a symbol is the same in the target.

    `steady` is whether there are calls that do not change, which are those with no other arguments
    than `taken`, by position only in this `order`, not of the literal values `watched`, and with
    an `int` for `sizes`.
    """

    steady: bool
    order: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()
    watched: Mapping[str, frozenset[object]] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 12)
def _outline(target: Target, kind: str, symbol: str, signature: Signature) -> _Outline:
    path = target.path(symbol)
    entry = _entry(target, path) if path else None
    if entry is None or entry.signature is None or symbol in kept_defaults():
        return _Outline(False)
    touched: set[str] = set()
    watched: dict[str, frozenset[object]] = {}
    sizes = set()
    for step in _steps(kind, target.generation):
        for key in (symbol, symbol.rpartition(".")[0] + ".*"):
            for rule in sections()[step].get(key, ()):
                touched.update(*(made.of for made in rule.join.values()))
                for name, change in rule.arguments.items():
                    values = change.only_values()
                    if change.integer:
                        sizes.add(name)
                    elif values is None:
                        touched.add(name)
                    else:
                        watched[name] = watched.get(name, frozenset()) | values
                if rule != Rule(arguments=rule.arguments, join=rule.join, needs=rule.needs):
                    return _Outline(False)
    new = {p.name: p for p in entry.signature if not p.kind.startswith("*")}
    old = {p.name: p for p in signature if not p.kind.startswith("*")}
    if any(p.default is None and (n not in old or old[n].default) for n, p in new.items()):
        return _Outline(False)
    order = []
    for before, after in zip(old.values(), new.values(), strict=False):
        if (before.name, before.kind) != (after.name, after.kind):
            break
        order.append(before.name)
    taken = frozenset(new.keys() - touched)
    return _Outline(True, tuple(order), taken, watched, frozenset(sizes))


@dataclass
class Planner:
    """One call on its way; every rule changes the symbol or the arguments."""

    source: Call
    target: Target
    symbol: str = field(init=False)
    method: bool = field(init=False)
    path: str = ""  # where a rule put the symbol, else its name is moved by the atlas
    arguments: list[Argument] = field(default_factory=list)
    defaults: list[Argument] = field(default_factory=list)  # what is not given, as if it were
    takes: tuple[str, ...] | None = None
    left: list[Unfixed] = field(default_factory=list)
    reported: list[ast.AST] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = self.source.path
        self.method = "()" in path or path.startswith("?")
        self.symbol = identity(path, self.source.symbol)
        if path.startswith("?"):
            written = ast.unparse(self.source.function)
            fitting = (k for k in methods_anywhere() if written.endswith(k.partition("()")[2]))
            self.symbol = next(fitting, "")
        elif self.method:
            self.symbol = method_key(path)

    # The rules

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """The rules for the symbol, one after the other; each may change it."""
        if self.symbol != self.source.symbol:
            for rule in sections()["gone"].get(self.source.symbol, ()):
                yield "gone", rule
        for step in _steps(self.source.generation, self.target.generation):
            for rule in sections()[step].get(self.symbol, ()):
                yield step, self.fitting(rule, step)
            if not self.method:
                for rule in sections()[step].get(self.symbol.rpartition(".")[0] + ".*", ()):
                    yield step, self.fitting(rule, step)
        if not self.method and not self.counterpart():
            for rule in sections()["gone"].get(self.symbol, ()):
                yield "gone", rule

    def reached(self, step: str) -> bool:
        """Whether the source has what a section brought."""
        known = GENERATIONS.index(self.source.generation)
        return step in GENERATIONS and GENERATIONS.index(step) <= known

    def fitting(self, rule: Rule, step: str) -> Rule:
        """A rule without what the source has already: there its names mean what they say."""
        if self.source.path.startswith("?") and not rule.anywhere:
            return Rule()
        if not rule.of_self and _is_of_self(self.source.function):
            return Rule()
        if rule.before:
            is_meant = self.is_before(rule.before) and self.is_mentioned(rule.mentions)
            return rule if is_meant else Rule()
        if rule.needs:
            path = self.counterpart()
            entry = _entry(self.target, path) if path else None
            if rule.needs not in {p.name for p in (entry and entry.signature) or ()}:
                return Rule()
        if not self.reached(step) or self.text_first(rule):
            return rule
        if not self.method and not self.counterpart():
            return rule
        names = {parameter.name for parameter in self.source.signature or ()}
        if rule.needs and rule.needs not in names:
            return rule
        changes = {
            old: change
            for old, change in rule.arguments.items()
            if change.integer
            or change.doubt
            or (old not in names and (not self.method or change.to))
        }
        to = rule.to if step == self.source.generation == "standalone" else ()
        return Rule(to=to, arguments=changes, join=rule.join, positional=rule.positional)

    @property
    def is_doubtful(self) -> bool:
        """Whether the source is for Keras 3 as far as one sees, but may be for an older Keras."""
        source = self.source
        is_new = source.generation == "keras3" and source.path.startswith("keras.")
        return is_new and not source.exact

    def is_before(self, first: Mapping[str, str]) -> bool:
        """Whether the source is older than the first release of its flavour, or probably is."""
        source = self.source
        if not source.exact and source.generation in ("keras1", "standalone"):
            return True
        release = first.get(atlas.split_flavour(source.path)[0])
        return bool(release) and version_key(source.release) < version_key(release)

    def counterpart(self) -> str | None:
        """The path that the symbol has in the target, `None` without one."""
        path = self.path or self.target.path(self.symbol)
        return path if path and _entry(self.target, path) else None

    # Names

    def name(self) -> Plan:
        """How a name that is not called is written."""
        if not isinstance(getattr(self.source.function, "ctx", None), (ast.Load, type(None))):
            return self.when_set()
        for _, rule in self.rules():
            if rule.function:
                return self.own(rule)
        if self.symbol.startswith(_FUNCTIONS) and self.source.signature:
            for rule in self.activations():
                span = self.source.text.span(self.source.function)
                pieces = tuple(self.fill(rule.activation, {}))
                return Plan((Edit(span.start, span.end, pieces),))
            return self.passed_on(self.source.signature)
        for _, rule in self.rules():
            if frozenset() in rule.template:
                span = self.source.text.span(self.source.function)
                return Plan((Edit(span.start, span.end, (rule.template[frozenset()],)),))
            if rule.left or (not rule.to and (rule.template or rule.cases)):
                self.stay(rule.left or rule.otherwise)
            self.remember(rule)
            self.rename(rule)
        return Plan(tuple(self.function(self.path)), tuple(self.left))

    def when_set(self) -> Plan:
        """How an attribute is written that is set, not read."""
        rules = [(step, rule) for step, rule in self.rules() if rule != Rule()]
        names = [rule.set for step, rule in rules if step == self.target.generation and rule.set]
        if not all(rule.set for _, rule in rules) or not self.method:
            self.stay("it is set here, and nothing uses it there")
        return Plan(tuple(self.function(names[0])) if names else ())

    def activations(self) -> Iterator[Rule]:
        """The rules that have another way to write what is given to a layer as activation."""
        parent = self.source.parent
        if isinstance(parent, ast.keyword):
            is_activation = parent.arg in ("activation", "recurrent_activation")
        else:
            called = getattr(parent, "func", None)
            is_activation = called is not None and ast.unparse(called).endswith("Activation")
        return (rule for _, rule in self.rules() if is_activation and rule.activation)

    def passed_on(self, signature: Signature) -> Plan:
        """How a function is written that other code calls with what it must be given.

        Where such a call would change, a function of the same parameters makes the new one.
        """
        needed = [p.name for p in signature if p.default is None and not p.kind.startswith("*")]
        parameters = ", ".join(needed)
        code = f"f({parameters})"
        node = ast.parse(code, mode="eval").body
        assert isinstance(node, ast.Call)  # noqa: S101
        its = {"text": Text(code), "function": node.func, "node": node, "above": nowhere}
        call = replace(self.source, **its)
        inner = Planner(call, self.target)
        try:
            plan = inner.call(node)
        except StayError as reason:
            self.stay(reason.left.advice)
        for left in plan.left:
            self.report(left.advice, self.source.function)
        if all(edit.end == 1 for edit in plan.edits):
            return Plan(tuple(self.function(inner.path)), tuple(self.left))
        names: list[Placeholder] = []

        def mark(name: Placeholder) -> str:
            names.append(name)
            return "\0"

        first, *rest = apply(code, plan.edits, mark).split("\0")
        if not first and rest == [f"({parameters})"] and isinstance(names[0], TargetName):
            return Plan(tuple(self.function(names[0].path)), tuple(self.left))
        pieces = [first, *chain.from_iterable(zip(names, rest, strict=True))]
        span = self.source.text.span(self.source.function)
        alone = isinstance(self.source.parent, (ast.Call, ast.keyword))
        start, end = ("", "") if alone else ("(", ")")
        function = (start, f"lambda {parameters}: ", *pieces, end)
        return Plan((Edit(span.start, span.end, function),), tuple(self.left))

    def rename(self, rule: Rule) -> None:
        """Take the first of the rule's names that the target has."""
        if not rule.to:
            return
        if self.method:
            self.path = rule.to[0]
        else:
            there = [path for path in rule.to if _entry(self.target, path)]
            self.path = (there or rule.to)[0]
            entry = _entry(self.target, self.path)
            self.symbol = entry.symbol if entry else self.path

    def function(self, path: str) -> Iterator[Edit]:
        """The edit that names another function."""
        span = self.source.text.span(self.source.function)
        if self.method and path:
            last = getattr(self.source.function, "attr", "")
            yield Edit(span.end - len(last), span.end, (path,))
        elif path and _entry(self.target, path):
            yield Edit(span.start, span.end, (TargetName(path),))
        elif path:
            self.stay("")

    def own(self, rule: Rule) -> Plan:
        """The plan that names a function of the module's own instead."""
        self.left.clear()  # what was not the same is so with that
        self.remember(rule)
        span = self.source.text.span(self.source.function)
        return Plan(
            (Edit(span.start, span.end, (InsertedFunction(rule.function),)),), tuple(self.left)
        )

    # Calls

    def call(self, node: ast.Call) -> Plan:
        """How a call is written."""
        reordered = self.is_reordered(node)
        if not reordered and self.is_the_same(node):
            return Plan()
        if reordered:
            what = f"the places of the arguments of `{self.source.shown}` differ between releases"
            self.report("pass them by name", self.source.function, what)
        text, before = self.source.text, self.bound(node)
        values: list[Edit] = []
        for step, rule in self.rules():
            if rule.left:
                self.stay(rule.left)
            if rule.function:
                return self.own(rule)
            if rule.by:
                rule = self.case(rule)
            if step == "standalone" and self.reached(step):
                self.bind_as_keras_1(node, rule)
            self.apply(rule)
            values += self.compared(rule)
            if rule.template:
                plan = self.expression(node, rule)
                if plan:
                    return plan
        names: Sequence[str] | None = self.takes
        path = self.path if self.method else self.counterpart()
        if path is None and self.path:
            self.stay("")
        if path is None:
            return Plan(left=tuple(self.left))
        entry = None if self.method else _entry(self.target, path)
        if entry:
            names = _positions(entry.signature)
        if entry and entry.signature is not None:
            self.spell_out(entry.signature)
            self.refuse(entry, entry.signature)
        try:
            edits = rewrite(text, node, before, self.arguments, names)
        except PositionError:
            self.stay("pass the arguments after `*` by name")
        # What is reported may still be moved; only what stays as it is keeps its name.
        named = self.function(path if self.path or self.left else "")
        return Plan((*named, *edits, *values), tuple(self.left))

    def is_the_same(self, node: ast.Call) -> bool:
        """Whether nothing in a call can change, as in most: no rule is for what it passes."""
        source = self.source
        if self.method:
            steps = _steps(source.generation, self.target.generation)
            return not any(sections()[step].get(self.symbol) for step in steps)
        if source.signature is None or self.symbol != source.symbol:
            return False
        outline = _outline(self.target, source.generation, self.symbol, source.signature)
        if not outline.steady or len(node.args) > len(outline.order):
            return False
        given = dict(zip(outline.order, node.args, strict=False))
        given.update((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)
        return outline.taken.issuperset(given) and not any(
            isinstance(value, ast.Starred)
            or (isinstance(value, ast.Constant) and value.value in outline.watched.get(name, ()))
            or (
                name in outline.sizes
                and any(is_no_int(source.text.text, number) for number in numbers(value))
            )
            for name, value in given.items()
        )

    def is_reordered(self, node: ast.Call) -> bool:
        """Whether what an optimizer takes by position depends on the release, which is not sure."""
        source, passed = self.source, kinds(node)
        if source.exact or not source.symbol.startswith("optimizers."):
            return False
        spans = atlas.history(source.symbol).get(atlas.split_flavour(source.path)[0], ())
        orders = {
            tuple(parameter.name for parameter in span.signature[1 : len(passed)])
            for span in spans  # the first is the learning rate in all
            if span.path == source.path and span.signature and takes(span.signature, passed)
        }
        return len(orders) > 1

    def bound(self, node: ast.Call) -> list[Argument]:
        """The call's arguments as its source understands them."""
        signature = self.source.signature or ()
        names: Sequence[str] = [p.name for p in signature if p.kind == "positional"]
        if self.method:
            steps = _steps(self.source.generation, self.target.generation)
            rules = [rule for step in steps for rule in self.later(step)]
            names = next((rule.positional for rule in rules if rule.positional), ())
        self.arguments = bind(self.source.text, node, names)
        given = {argument.name for argument in self.arguments}
        self.defaults = [
            self.usual(each)[0] for each in _defaults(signature) if each.name not in given
        ]
        return [*self.arguments]

    def usual(self, argument: Argument) -> tuple[Argument, bool]:
        """A default of the source as most releases of its kind have it, and if it is certain."""
        source = self.source
        flavour = atlas.split_flavour(source.path)[0].replace("compat.v1.", "")
        if source.exact or flavour not in FLAVOURS:
            return argument, source.exact
        symbol = identity(source.path, source.symbol)
        if symbol not in kept_defaults():
            return argument, False
        text, certain = _usual(flavour, source.generation, symbol, argument.origin)
        return (_default(argument.origin, text) if text else argument), certain

    def later(self, step: str) -> Sequence[Rule]:
        """The rules for the symbol in a section that the source has not reached."""
        rules = sections()[step].get(self.symbol, ())
        return [rule for rule in rules if not self.reached(step) or self.text_first(rule)]

    def text_first(self, rule: Rule) -> bool:
        """Whether a call passes by position what a rule has, whatever its source is."""
        values = self.source.node.args if self.source.node and rule.text_first else []
        return bool(values) and _is_text(values[0])

    def case(self, rule: Rule) -> Rule:
        """The case of a rule that the literal value of its argument chooses."""
        known = {a.name: _literal(a) for a in (*self.defaults, *self.arguments)}
        value = known.get(rule.by, _NO_LITERAL)
        if value not in rule.cases:
            self.stay(rule.otherwise)
        self.arguments = [a for a in self.arguments if a.name != rule.by]
        return rule.cases[value]

    def bind_as_keras_1(self, node: ast.Call, rule: Rule) -> None:
        """Bind as Keras 1 did where 2.0 to 2.3 still do: with more than they take by position."""
        if not rule.positional or self.source.generation != "standalone":
            return
        if self.method:
            as_keras_1 = bool(node.args) and isinstance(node.args[0], (ast.Tuple, ast.List))
        else:
            parts = {part for made in rule.join.values() for part in made.of}
            known = any(p.kind == "positional" for p in self.source.signature or ())
            sizes = node.args[1:]
            by_name = any(argument.name in parts for argument in self.arguments)
            certain = self.source.exact or all(isinstance(size, ast.Constant) for size in sizes)
            as_keras_1 = by_name or not known or (len(sizes) > 1 and certain)
            if any(isinstance(size, (ast.Tuple, ast.List)) for size in sizes):
                as_keras_1 = False
        if as_keras_1:
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
        self.rename(rule)
        given = {argument.name for argument in self.arguments}
        path = None if self.method else self.counterpart()
        entry = _entry(self.target, path) if path else None
        defaults = {p.name: p.default for p in (entry and entry.signature) or ()}
        for name, value in rule.explicit.items():
            if name in given or defaults.get(name) == value:
                continue
            if not self.is_mentioned(rule.mentions):
                continue
            if "" in given:
                self.stay(f"pass the arguments one by one; `{name}` has to be among them")
            self.arguments.append(Argument(name, tuple(self.fill(value, {}))))
        self.remember(rule)
        if rule.takes is not None:
            self.takes = rule.takes

    def join(self, name: str, made: Join) -> None:
        """Make one argument of several; for a template defaults are as good as given."""
        given = {a.name: a for a in (*(self.defaults if made.text else ()), *self.arguments)}
        parts = [given[old] for old in made.of if old in given]
        there = [part for part in self.arguments if part in parts]
        if len(parts) < len(made.of) or parts[-1] not in there:
            return
        if made.text:
            value = tuple(self.fill(made.text, given))
            joined = replace(there[0], name=name, value=value, node=None)
        else:
            joined = join(name, parts, self.arguments)
        self.arguments = [
            joined if argument is there[0] else argument
            for argument in self.arguments
            if argument is there[0] or argument not in there
        ]

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
        dropped = change.drop is True or (known and change.drop and value in change.drop)
        replaced = known and (value in change.values or value in change.code)
        code = self.source.text.of(argument.node) if argument.node else ""
        end = str(value) if known else "?" + code.rstrip("'\")")
        holds = re.search(change.where, end) and (not change.beside or change.beside in given)
        if change.doubt and self.source.generation == "keras3":
            holds = holds and self.is_doubtful
        if change.note and holds and self.is_mentioned(change.mentions):
            self.differs(argument, change.note)
        if dropped:
            return
        if change.integer and argument.node and is_no_int(self.source.text.text, argument.node):
            argument = argument.valued("int(", *argument.value, ")")
        if replaced or isinstance(argument.node, (ast.List, ast.Tuple, ast.Dict)):
            argument = self.replaced(argument, change)
        if change.rest:
            shape = getattr(argument.node, "elts", None) or [None]
            if len(shape) < 2 or getattr(shape[0], "value", 0) is not None:
                self.differs(argument, change.left)
                yield argument
                return
            inner = Span(
                self.source.text.span(shape[1]).start, self.source.text.span(shape[-1]).end
            )
            argument = argument.valued("(", inner, ",)" if len(shape) == 2 else ")")
        elif change.left and not (replaced or value in change.values.values()):
            if change.stays:
                self.stay(change.left)
            if not change.values or not isinstance(argument.node, ast.Call):
                self.differs(argument, change.left)
        if change.write:
            argument = argument.valued(*self.fill(change.write, {"value": argument}))
        elif change.single and len(getattr(argument.node, "elts", ())) == 1:
            argument = argument.valued(self.source.text.span(argument.node.elts[0]))  # type: ignore
        names = [name for name in change.to or (argument.name,) if name not in given]
        names = names or [argument.name]
        yield replace(argument, name=names[0])
        for name in names[1:]:
            yield Argument(name, argument.value)

    def replaced(self, argument: Argument, change: Change) -> Argument:
        """An argument with other literal values; those in a list, too."""
        node, span = argument.node, argument.span
        items = getattr(node, "elts", None) or getattr(node, "values", None) or [node]
        if span is None:
            new = self.value_of(argument.node, change)
            return argument.valued(*new) if new else argument
        pieces: list[Piece] = []
        position = span.start
        for item in items:
            new = self.value_of(item, change)
            if new:
                place = span if item is node else self.source.text.span(item)
                pieces += [Span(position, place.start), *new]
                position = place.end
        return argument.valued(*pieces, Span(position, span.end)) if pieces else argument

    def value_of(self, node: ast.expr | None, change: Change) -> tuple[Piece, ...]:
        """What becomes of a literal value, nothing if it stays."""
        value = node.value if isinstance(node, ast.Constant) else _NO_LITERAL
        if change.integer and node and is_no_int(self.source.text.text, node):
            return ("int(", self.source.text.span(node), ")")
        if value in change.code:
            return tuple(self.fill(change.code[value], {}))
        if value not in change.values:
            return ()
        new = change.values[value]
        if not isinstance(new, str):
            return (repr(new),)
        return (self.quoted(new, node),)

    def quoted(self, new: str, node: ast.expr | None) -> str:
        """A string in the quotes of the one that it replaces."""
        end = node.end_col_offset if node else None
        text = self.source.text
        of_default = end is None or text.offset(node.lineno, end) > len(text.text)  # type: ignore
        quote = '"' if not of_default and text.of(node).endswith('"') else "'"  # type: ignore
        return f"{quote}{new}{quote}"

    def compared(self, rule: Rule) -> Iterator[Edit]:
        """The edits of what the call's result is compared with, where that is called otherwise."""
        if not rule.values:
            return
        parent = self.source.parent
        if isinstance(parent, ast.Compare):
            for side in (parent.left, *parent.comparators):
                for item in getattr(side, "elts", [side]):
                    new = self.value_of(item, Change(values=rule.values))
                    if new:
                        span = self.source.text.span(item)
                        yield Edit(span.start, span.end, new)
        elif not isinstance(parent, ast.keyword):
            self.report(rule.note, self.source.function)

    def spell_out(self, signature: Signature) -> None:
        """Pass what is not given but was the default before, where the target's differs."""
        given = {argument.name for argument in self.arguments}
        chosen = kept_defaults().get(self.symbol, ())
        defaults = {p.name: p.default for p in signature if not p.kind.startswith("*")}
        for argument in self.defaults:
            name, value = argument.name, argument.value
            if "" in given or name in given or name not in defaults:
                continue
            if value == (defaults[name],):
                self.doubted(argument, chosen)
                continue
            if name in chosen or (defaults[name] is None and argument.text != "None"):
                self.arguments.append(argument)
            if name in chosen and not self.usual(argument)[1]:
                what = f"the default of `{name}` was {argument.text}, but not in all releases"
                advice = "it is passed now; if the code is for another, say which by `--from`"
                self.report(advice, self.source.function, what)

    def doubted(self, argument: Argument, chosen: Sequence[str]) -> None:
        """Report a default that code for Keras 3 has for sure, but may be for an older Keras."""
        name = argument.name
        if name not in chosen or not self.is_doubtful:
            return
        old, _ = _usual("keras", "standalone", self.symbol, name)
        if old is not None and old != argument.text:
            what = f"the default of `{name}` is {argument.text}, and was {old} in keras 2.0 to 2.2"
            self.report("say by `--from` what the code is for", self.source.function, what)

    def refuse(self, entry: Entry, signature: Signature) -> None:
        """Report what the target does not take, or must have."""
        names = {p.name for p in signature if not p.kind.startswith("*")}
        self.arguments = [
            replace(a, name=a.origin) if a.name not in names and a.origin in names else a
            for a in self.arguments
        ]
        rest = any(p.kind == "**" for p in signature)
        family = self.symbol.partition(".")[0]
        strict = entry.kind == "class" and family in ("layers", "optimizers")
        accepted, path = table().accepted, entry.path.removeprefix(f"{self.target.flavour}.")
        for argument in self.arguments:
            name, node = argument.name, argument.node or self.source.function
            if not name or name in names or node in self.reported:
                continue
            by_rest = not strict or any(
                name in accepted.get(key, {}).get(self.target.generation, ())
                for key in (family, self.symbol)
            )
            if not (rest and by_rest):
                self.report("", node, f"`{path}` of {self.target} takes no argument `{name}`")
        given = {argument.name for argument in self.arguments}
        missing = [p.name for p in signature if not p.default and not p.kind.startswith("*")]
        if self.path and "" not in given and not given.issuperset(missing):
            self.stay(f"`{path}` needs {', '.join(missing)}")

    # Templates

    def expression(self, node: ast.Call, rule: Rule) -> Plan | None:
        """The call as another expression; nothing if it only gets another name."""
        given = {argument.name: argument for argument in self.arguments}
        template = rule.template.get(frozenset(given))
        if template is None:
            return None if rule.to else self.stay(rule.otherwise)
        if frozenset(given) in rule.notes:
            self.report(rule.notes[frozenset(given)], self.source.function)
        span, position, outside = self.source.text.span(node), 0, ""
        position = span.start
        for argument in self.arguments:
            if argument.place:
                outside += self.source.text.text[position : argument.place.start]
                position = argument.place.end
        if "#" in outside + self.source.text.text[position : span.end]:
            self.stay("a comment stands between its arguments")
        for name, argument in given.items():
            if template.count(f"{{{name}}}") > 1 and not isinstance(argument.node, _SIMPLE):
                self.stay(f"give `{name}` a name of its own: it is needed twice")
        pieces = tuple(self.fill(template, given))
        return Plan((Edit(span.start, span.end, pieces),), tuple(self.left))

    def fill(self, template: str, given: Mapping[str, Argument]) -> Iterator[Piece]:
        """The pieces of a template: `{x}` is an argument, `{@ops.mean}` a name of the target."""
        position = 0
        for slot in _SLOT.finditer(template):
            yield template[position : slot.start()]
            position = slot.end()
            if slot[1]:
                if not _entry(self.target, slot[2]):
                    self.stay("")
                yield TargetName(slot[2])
                continue
            argument = given[slot[2]]
            before, after = template[: slot.start()].rstrip(), template[position:].lstrip()
            closed = before.endswith(("(", ",", "=", "[")) and after.startswith((")", ",", "]"))
            number = isinstance(argument.node, ast.Constant) and not after.startswith((".", "["))
            if closed or number or self.is_atom(argument):
                yield from argument.value
            else:
                yield from ("(", *argument.value, ")")
        yield template[position:]

    def is_atom(self, argument: Argument) -> bool:
        """Whether a value needs no parentheses before an attribute or between operators."""
        span = argument.span
        text = self.source.text.text[span.start : span.end] if span else ""
        return "\n" not in text and isinstance(argument.node, _ATOMS)

    # Reports

    def report(self, advice: str, node: ast.AST, message: str = "") -> None:
        """Note what a person has to look at."""
        self.left.append(self.remark(advice, node, message))
        self.reported.append(node)

    def differs(self, argument: Argument, advice: str) -> None:
        """Report an argument that is not the same in the target."""
        what = f"`{argument.name}` of `{self.source.shown}` is not the same in {self.target}"
        self.report(advice, argument.node or self.source.function, what)

    def remember(self, rule: Rule) -> None:
        """Report what a rule has to say of the whole call, where the module is of that kind."""
        is_kept = rule.before and (rule.function or rule.explicit)
        is_certain = is_kept and self.source.exact
        if rule.note and not is_certain and not rule.values and self.is_mentioned(rule.mentions):
            self.report(rule.note, self.source.function)

    def is_mentioned(self, pattern: str) -> bool:
        """Whether the module has text that matches."""
        return bool(re.search(pattern, self.source.text.text))

    def stay(self, advice: str) -> NoReturn:
        """Leave the whole call as it is."""
        node = self.source.node or self.source.function
        what = f"`{self.source.shown}` has no counterpart in {self.target}"
        raise StayError(self.remark(advice, node, what))

    def remark(self, advice: str, node: ast.AST, message: str) -> Unfixed:
        """A line of the report."""
        text = self.source.text
        message = message or f"`{self.source.shown}` is not the same in {self.target}"
        span = text.span(self.source.function if not hasattr(node, "lineno") else node)
        line, column = text.place(span.start)
        code = text.text[span.start : span.end].partition("\n")[0]
        return Unfixed(line, column, code, message, advice)


@lru_cache(maxsize=1 << 12)
def _defaults(signature: Signature) -> tuple[Argument, ...]:
    """What a signature passes where nothing is given."""
    return tuple(_default(p.name, p.default) for p in signature if p.default is not None)


def _default(name: str, text: str) -> Argument:
    """What is passed for a parameter whose default has this text."""
    node = ast.parse(text, mode="eval").body
    return Argument(name, (text,), node, origin=name, text=text)


def _is_of_self(node: ast.expr) -> bool:
    """`self.name`."""
    owner = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def _is_text(node: ast.expr) -> bool:
    """Whether an expression gives a string, as far as one sees."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_text(node.func.value)
    return isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str)


def _positions(signature: Signature | None) -> list[str] | None:
    if signature is None or any(p.kind == "*" for p in signature):
        return None
    return [p.name for p in signature if p.kind == "positional"]


def _literal(argument: Argument) -> object:
    """The value of a literal that was not changed yet."""
    try:
        value = ast.literal_eval(argument.node) if argument.node else _NO_LITERAL
        hash(value)
        return value
    except (ValueError, TypeError, SyntaxError):
        return _NO_LITERAL
