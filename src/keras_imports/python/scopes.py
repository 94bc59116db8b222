"""The scopes of a module while it is interpreted, and what their names stand for there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from keras_imports.python.references import Binding

if TYPE_CHECKING:
    from keras_imports.python.definitions import Callee, OwnClass

# What an expression may stand for: one binding or several, and `None` for anything untracked.
Value = tuple[Binding | None, ...]
State = dict[str, Value]
# What a branch leaves names to stand for, of which it may have deleted some.
Changes = Mapping[str, Value | None]

NO_CHANGES: Changes = {}
NOTHING: Value = ()  # nothing is known of it
UNTRACKED: Value = (None,)  # it is certainly something else


@dataclass(slots=True, eq=False)
class Scope:
    """One scope of Python.

    `local` are the names that it binds anywhere, `outer` those that it declares `global` or
    `nonlocal`, with the scopes that they live in. `state` is what its names stand for at the
    statement that is looked at, `ever` all that they were bound to. `definitions` are the functions
    and classes that it defines, `kind_of_self` is the class of `self` where it is a method's scope.
    """

    kind: Literal["module", "class", "function", "comprehension"]
    parent: Scope | None = None
    local: frozenset[str] = frozenset()
    outer: dict[str, Scope] = field(default_factory=dict)
    state: State = field(default_factory=dict)
    ever: State = field(default_factory=dict)
    definitions: dict[str, Callee | OwnClass] = field(default_factory=dict)
    kind_of_self: OwnClass | None = None
    # What the names stood for, before the branch that is walked, that it lets stand for more.
    _before: dict[str, Value | None] | None = None

    def definition(self, name: str) -> Callee | OwnClass | None:
        """Return the function or class of the program that a name stands for."""
        scope: Scope | None = self
        while scope is not None:
            if scope is self or scope.kind != "class":
                definition = scope.definitions.get(name)
                if definition is not None or name in scope.local:
                    return definition
            scope = scope.parent
        return None

    def class_of_self(self) -> OwnClass | None:
        """Return the class that `self` is an instance of, `None` outside of methods."""
        scope: Scope | None = self
        while scope is not None:
            if scope.kind_of_self is not None:
                return scope.kind_of_self
            if "self" in scope.local:
                return None
            scope = scope.parent
        return None

    def find(self, name: str) -> Value:
        """Return what a name stands for where this is the innermost scope."""
        scope: Scope | None = self
        while scope is not None:
            # Only code directly in a class body sees its names; a comprehension there does not.
            if scope is self or scope.kind != "class":
                owner = scope.outer.get(name)
                if owner is not None:
                    return owner.state.get(name, NOTHING)
                value = scope.state.get(name)
                if value is not None:
                    return value
                if name in scope.local:
                    return NOTHING
            scope = scope.parent
        return NOTHING

    def outside_comprehensions(self) -> Scope:
        """Return the scope that `:=` binds in: this one, or the one around a comprehension."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope

    def bind(self, name: str, value: Value) -> None:
        """Let a name of this scope stand for a value from now on."""
        if self.state is not self.ever:  # the scope is not closed yet
            self.set(name, value)
        self.ever[name] = union(self.ever.get(name, NOTHING), value)

    def set(self, name: str, value: Value | None) -> None:
        """Let a name stand for a value at this statement; for nothing where it is deleted."""
        if self._before is not None:
            self._before.setdefault(name, self.state.get(name))
        if value is None:
            self.state.pop(name, None)
        else:
            self.state[name] = value

    def branch(self, walk: Callable[[], bool], start: Changes = NO_CHANGES) -> tuple[bool, Changes]:
        """Walk a branch that begins with some changes, and take back what it did to the state.

        Return whether its end is reached, and what it changed in all. To note this takes no longer
        for a scope of many names, as to copy all would.
        """
        outer, self._before = self._before, {}
        self.leave(start)
        live = walk()
        changed = self._before
        changes = {name: self.state.get(name) for name in changed}
        self._before = None
        self.leave(changed)
        self._before = outer
        return live, changes

    def leave(self, changes: Changes) -> None:
        """Let names stand for what a branch, or several that are joined, left them to."""
        for name, value in changes.items():
            self.set(name, value)

    def join(self, branches: Sequence[Changes]) -> Changes:
        """Return the changes after several branches, of which one was gone through.

        A name that one branch does not bind stands for what the other branches bind it to.
        """
        if len(branches) == 1:
            return branches[0]
        joined = {}
        for name in dict.fromkeys(name for branch in branches for name in branch):
            before = self.state.get(name)
            value: Value | None = None
            for branch in branches:
                its = branch.get(name, before)
                if its is not None:
                    value = its if value is None or value is its else union(value, its)
            joined[name] = value
        return joined

    def close(self) -> None:
        """End the scope: code that runs later sees every value that a name ever had."""
        self.state = self.ever


def union(*values: Value) -> Value:
    """Return all that several values may stand for, each path once."""
    merged: dict[str | None, Binding | None] = {}
    for value in values:
        for binding in value:
            merged.setdefault(None if binding is None else binding.path, binding)
    return tuple(merged.values())
