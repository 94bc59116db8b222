"""Let the targets of assignments, loops and comprehensions stand for what they are given."""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_imports.python.bindings.functions import Functions
from keras_imports.python.definitions import OwnClass, has_object, objects
from keras_imports.python.expressions import DISPLAYS, ITERATORS, is_own
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, Value, union
from keras_imports.python.statements import target_names


class Targets(Functions):
    """Binds names, attributes of `self`, and the parts of lists and dictionaries."""

    def bind_target(self, target: ast.expr, value: Value, source: ast.expr | None = None) -> None:
        """Let the names of a target stand for a value, or for the parts of its `source`."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value or UNTRACKED)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if (
                isinstance(source, (ast.Tuple, ast.List))
                and len(source.elts) == len(target.elts)
                and not any(isinstance(e, ast.Starred) for e in (*target.elts, *source.elts))
            ):
                values = list(source.elts)
            for index, (element, given) in enumerate(zip(target.elts, values, strict=True)):
                if given is not None:
                    known = self.value(given)
                else:
                    known = self.part(value, ast.Constant(index))
                self.bind_target(element, self.assigned(known, self.statement), given)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, UNTRACKED)
        elif isinstance(target, ast.Subscript):
            self.expression(target)
            self.add_part(target.value, value)
        elif not self.bind_attribute(target, value):
            self.expression(target)

    def add_part(self, several: ast.expr, value: Value) -> None:
        """Let the parts of a list or dictionary stand for a value, too."""
        value = self.as_part(value)
        if (
            has_object(value)
            and self.follow_calls
            and isinstance(several, (ast.Name, ast.Attribute))
        ):
            known = self.value(several)
            if not any(b is not None and b.is_tracked for b in known):
                self.bind_target(several, self.several(union(self.element(known), value)))

    def bind_attribute(self, target: ast.expr, value: Value) -> bool:
        """Let an attribute of `self` stand for a value in all methods; return whether it is one."""
        if not self.follow_calls or not isinstance(target, ast.Attribute):
            return False
        if is_own(target):
            kind = self.scope.class_of_self()
            if kind is not None:
                self.set_attribute(kind, target.attr, value)
            return kind is not None
        for binding in self.value(target.value) if has_object(objects(value)) else NOTHING:
            if binding is not None and not binding.made and isinstance(binding.own, OwnClass):
                self.set_attribute(binding.own, target.attr, value)
        return False

    def bind_iteration(self, target: ast.expr, iterable: ast.expr) -> None:
        """Let the names of a target stand for what the turns of a loop give."""
        if not self.follow_calls:
            self.bind_target(target, UNTRACKED)
            return
        if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name) and iterable.args:
            name, given = iterable.func.id, iterable.args
            parts = target.elts if isinstance(target, DISPLAYS) else []
            if name == "enumerate" and len(parts) == 2:
                self.bind_target(parts[0], UNTRACKED)
                self.bind_iteration(parts[1], given[0])
                return
            if name == "zip" and len(parts) == len(given):
                for part, each in zip(parts, given, strict=True):
                    self.bind_iteration(part, each)
                return
            if name in ITERATORS:
                self.bind_iteration(target, given[0])
                return
        self.bind_target(target, self.element(self.value(iterable)))

    def assigned(self, value: Value, statement: ast.stmt) -> Value:
        """Return a value as bound by an assignment."""
        return tuple([b and replace(b, node=statement) for b in value])

    def bind_in_comprehension(self, generator: ast.comprehension) -> None:
        """Let the names of a comprehension stand for objects that it goes through."""
        bound = self.scope
        outside = Scope("function", bound.parent, bound.local, state=bound.state, ever=bound.ever)
        names = set(target_names(generator.target))
        new = names - self.names
        self.names |= new  # all their uses are in this statement
        self.scope = outside
        self.bind_iteration(generator.target, generator.iter)
        self.scope = bound
        if not any(has_object(bound.state.get(name, NOTHING)) for name in names):
            self.names -= new
