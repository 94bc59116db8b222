"""Keep what is known of a module while it is walked: scopes, values, and what was found."""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from keras_imports.python.bindings.values import replaced, symbolic_parts
from keras_imports.python.definitions import (
    Definition,
    OwnClass,
    Parts,
    Task,
    added,
    has_object,
    objects,
)
from keras_imports.python.exports import Surroundings
from keras_imports.python.imported_values import ImportedValues
from keras_imports.python.paths import has_call
from keras_imports.python.references import Binding, Context, Kind, Reference
from keras_imports.python.relevance import Relevance
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, State, Value, union
from keras_imports.python.statements import ScopeNames, scope_names
from keras_imports.python.tracking import Tracked

_DEFINED = re.compile(r"\b(?:def|class)\s+(\w+)")


class Walk(ABC):
    """What is known so far of a module that is walked, and of where in it the walk is."""

    def __init__(
        self,
        text: str,
        tree: ast.Module,
        tracked: Tracked,
        follow_calls: bool,
        surroundings: Surroundings | None,
    ) -> None:
        self.text = text
        self.tree = tree
        self.tracked = tracked
        self.follow_calls = follow_calls
        self.surroundings = surroundings
        self.imported = ImportedValues(text, tracked, surroundings)
        self.relevance = Relevance(text, tracked.has_results)
        self.names: set[str] = set()  # those of interest
        self.is_relevant = self.relevance.is_relevant
        self.returned: dict[ast.AST, Value] = {}  # what each function returns
        self.globals: State = {}  # what functions bind by `global`
        self.parameters: set[str] = set()  # those that something tracked is given to
        self.given: dict[str, dict[str, State]] = {}  # to other files: by function, by parameter
        # What each class sets, and what those derived from it do: kept when all is walked again.
        self.attributes: dict[ast.ClassDef, tuple[State, State]] = {}
        self.is_due_again = False  # whether the module itself has to be walked once more
        self.start()

    def start(self) -> None:
        """Begin with the module's own statements."""
        self.context = Context()
        self.statement: ast.stmt = ast.Pass()
        self.scope = Scope("module", state=dict(self.globals), ever=dict(self.globals))
        self.task = Task(self.scope, self.context, self.statement)
        self.agenda: list[Task] = []
        self.walked: set[Task] = set()  # those that are being walked
        self.own_class: OwnClass | None = None  # that whose body is walked

    def bind(self, name: str, value: Value) -> None:
        """Let a name stand for a value from now on, in the scope that an assignment here binds."""
        if name not in self.names:
            return
        scope = self.scope.outside_comprehensions()
        owner = scope.outer.get(name)
        if owner is not None:
            scope = owner
            if owner.kind == "module" and value != UNTRACKED:
                self.globals[name] = union(self.globals.get(name, NOTHING), value)
        scope.bind(name, value)

    def define(self, name: str, value: Value) -> None:
        """Let a name stand for a function or class of the program.

        What runs after the module does not see what the name was before, such as an import, unless
        it is defined in a branch alone.
        """
        if self.scope.kind == "module" and not self.context.arms:
            self.scope.ever.pop(name, None)
        self.bind(name, value)

    def set_attribute(self, kind: OwnClass, name: str, value: Value) -> None:
        """Let an attribute of the instances of a class stand for a value, too."""
        value = objects(value) or UNTRACKED
        for each in kind.lineage():
            if each.file:
                self.give_to_other(each.file, each.name, name, value)
                continue
            state = each.attributes if each is kind else each.inherited
            before = state.get(name, NOTHING)
            after = added(before, value)
            if after is not before:
                state[name] = after
                if has_object(after):
                    self.walk_again(each.readers.get(name, ()))

    def give_to_other(self, file: str, taker: str, name: str, value: Value) -> None:
        """Note what is given to a parameter of a function of another file, or set on a class."""
        if has_object(value):
            state = self.given.setdefault(file, {}).setdefault(taker, {})
            state[name] = added(state.get(name, NOTHING), value)

    def element(self, value: Value) -> Value:
        """Return what each of several objects stands for."""
        found = NOTHING
        for binding in value:
            if binding is not None and isinstance(binding.own, Parts):
                found = union(found, binding.own.any())
            else:
                found = union(found, replaced((binding,), self.tracked.element) or UNTRACKED)
        return found if has_object(found) else NOTHING

    def as_part(self, value: Value) -> Value:
        """Return what of a value is followed in a list or dictionary.

        That is an object, a function or class of the program's own, or a class that is tracked.
        """
        parts: list[Binding | None] = []
        for binding in value:
            is_object = binding is not None and has_call(binding.path)
            if binding is not None and not is_object and self.tracked.is_class(binding.path):
                parts.append(replace(binding, is_part=True))
            else:
                parts.append(binding if is_object else None)
        return tuple(parts)

    def value(self, node: ast.expr) -> Value:
        """Return what an expression stands for, without reporting its references again."""
        task = self.task
        references, calls, inner = len(task.references), len(task.calls), len(task.inner)
        value = self.expression(node)
        del task.references[references:], task.calls[calls:], task.inner[inner:]
        return value

    def returned_by(self, task: Task) -> Value:
        """Return the objects that a function returns, as far as it was walked."""
        return objects(self.returned.get(task.function, NOTHING)) if task.function else NOTHING

    def walk_again(self, tasks: Iterable[Task]) -> None:
        """Have bodies walked once more, as more is known now of what flows into them."""
        for task in tasks:
            if task.function is None:
                self.is_due_again = True
            elif not task.is_due:
                task.is_due = True
                self.agenda.append(task)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the module."""
        return self.text.split("\n")

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of all functions and classes of the module."""
        return frozenset(_DEFINED.findall(self.text))

    def own_names(self, node: Definition | ast.ClassDef) -> ScopeNames:
        """Return the names that a function or class binds and declares."""
        return scope_names(node.body, self.is_relevant, self.relevance.has_walrus)

    def declared(self, names: ScopeNames, parent: Scope) -> dict[str, Scope]:
        """Return the names declared `global` or `nonlocal`, and the scopes that they live in."""
        declared: dict[str, Scope] = {}
        for name, is_global in names.declared.items():
            scope = parent
            while scope.parent is not None and (
                is_global or scope.kind != "function" or name not in scope.local
            ):
                scope = scope.parent
            if name in self.names:
                declared[name] = scope
        return declared

    def part(self, value: Value, key: ast.expr) -> Value:
        """Return what stands at an index or key of an object."""
        own = value[0].own if len(value) == 1 and value[0] is not None else None
        return own.at(key) if isinstance(own, Parts) else self.element(value)

    def several(self, *values: Value, keys: Iterable[object] = (None,)) -> Value:
        """Return what stands for several objects, by their indices or keys."""
        parts = Parts(dict(zip(keys, values, strict=True)))
        return (Binding(parts.path, self.statement, own=parts),)

    def refer(
        self,
        value: Value,
        kind: Kind,
        node: ast.expr | ast.alias,
        call: ast.Call | None = None,
        suffix: str = "",
    ) -> None:
        """Report a reference, if it may be to something tracked."""
        bindings = tuple([b for b in value if b is not None and b.is_tracked])
        if kind == "name" and not bindings:
            bindings = symbolic_parts(value)
        is_part = any(binding.is_part for binding in bindings)
        is_name = bool(bindings) and not has_call(bindings[0].path + suffix)
        if is_name and bindings[0].origin and not is_part:
            return  # what another file imports is written there
        if bindings:
            self.task.references.append(
                Reference(
                    paths=tuple([binding.path + suffix for binding in bindings]),
                    kind="part" if is_part else kind,
                    node=node,
                    statement=self.statement,
                    context=self.context,
                    call=call,
                    bindings=bindings,
                    certain=len(bindings) == len(value),
                )
            )

    @abstractmethod
    def expression(self, node: ast.expr, call: ast.Call | None = None) -> Value:
        """Report the references in an expression, and return what it stands for.

        `call` is the call whose function the expression is.
        """

    @abstractmethod
    def annotation(self, node: ast.expr) -> None:
        """Report the references in an annotation, and in what it says in quotes."""

    @abstractmethod
    def block(self, body: list[ast.stmt]) -> bool:
        """Walk statements; return whether control reaches their end."""
