"""What a program defines itself: what flows into its functions and classes, and out of them.

Only *objects* are followed there, values whose path leads through a call. What a name imports is
not: `def f(layer): layer(3)` is no place to write another name of `keras.layers.Dense`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from keras_imports.python.expressions import last_name
from keras_imports.python.paths import has_call
from keras_imports.python.references import Binding, Context, Reference, TrackedCall
from keras_imports.python.scopes import NOTHING, UNTRACKED, Scope, State, Value, union

Definition = ast.FunctionDef | ast.AsyncFunctionDef
Function = Definition | ast.Lambda

_MOST_PATHS = 6  # that one parameter or attribute is followed for
_MOST_TURNS = 4  # that one function is walked
LONGEST_PATH = 240  # characters; `x = x.y()` in generated code would grow without end
_PROPERTIES = frozenset({"property", "cached_property"})
_RETURNING = frozenset(
    {*_PROPERTIES, "staticmethod", "classmethod", "function", "lru_cache", "cache"}
)


@dataclass(eq=False, slots=True)
class Task:
    """A body to walk, and what was found in it: the module's, or that of a function, later.

    `inner` are the functions defined in it. `is_due` tells that it was not walked yet, or that more
    is known now of what flows into it.
    """

    scope: Scope
    context: Context
    statement: ast.stmt
    function: Function | None = None
    own: OwnFunction | None = None
    references: list[Reference] = field(default_factory=list)
    calls: list[TrackedCall] = field(default_factory=list)
    inner: list[Task] = field(default_factory=list)
    is_due: bool = True
    turns: int = 0

    @property
    def may_be_walked(self) -> bool:
        """Whether it is worth walking: each turn may tell more, but not without end."""
        return self.is_due and self.turns < _MOST_TURNS

    @property
    def is_in_closed_scopes(self) -> bool:
        """Whether all that the body sees from outside is known."""
        scope: Scope | None = self.scope
        while scope is not None:
            if scope.state is not scope.ever:
                return False
            scope = scope.parent
        return True

    def in_order(self) -> Iterator[Task]:
        """Yield this task and all inside of it, the outer ones first."""
        tasks = [self]
        for task in tasks:  # it grows by those inside of each
            tasks += task.inner
            yield task


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names of a function's parameters, but that of the instance; `named` are all of them."""

    positional: tuple[str, ...]
    named: frozenset[str]

    def given(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """Yield those that a call gives, with the arguments."""
        for name, argument in zip(self.positional, call.args, strict=False):
            if isinstance(argument, ast.Starred):
                break
            yield name, argument
        for keyword in call.keywords:
            if keyword.arg in self.named:
                yield keyword.arg, keyword.value


@dataclass(eq=False, slots=True)
class OwnFunction:
    """A function of the module: what its parameters stand for, and what it returns.

    `users` are the bodies that its result was asked for in.
    """

    node: Definition
    kind: OwnClass | None
    parameters: State = field(default_factory=dict)
    declared: Value = NOTHING  # what its annotation says that it returns
    tried: State | None = None  # the parameters that it was walked with before its time
    task: Task | None = None
    users: dict[Task, None] = field(default_factory=dict)
    is_generator: bool = False

    @property
    def name(self) -> str:
        """Its name, `Class.method` for a method."""
        return f"{self.kind.name}.{self.node.name}" if self.kind else self.node.name

    @property
    def is_property(self) -> bool:
        """Whether it is read as an attribute."""
        return any(last_name(d) in _PROPERTIES for d in self.node.decorator_list)

    @property
    def has_result(self) -> bool:
        """Whether a call gives what the body returns: no decorator changes that."""
        if self.is_generator or not isinstance(self.node, ast.FunctionDef):
            return False
        names = (last_name(getattr(d, "func", d)) for d in self.node.decorator_list)
        return all(name in _RETURNING for name in names)

    @property
    def instance(self) -> str:
        """The name of the parameter for the instance, "" for a function that is no method."""
        arguments = self.node.args
        first = next(iter((*arguments.posonlyargs, *arguments.args)), None)
        if self.kind is None or first is None:
            return ""
        is_static = any(last_name(d) == "staticmethod" for d in self.node.decorator_list)
        return "" if is_static else first.arg

    @property
    def takes(self) -> Parameters:
        """What a call may give to it."""
        arguments = self.node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        if self.instance:
            del names[0]
        return Parameters(tuple(names), frozenset({*names, *[a.arg for a in arguments.kwonlyargs]}))


@dataclass(frozen=True, eq=False, slots=True)
class OtherFunction:
    """A function of another module of the program, `Class.method` for a method.

    `returned` are the objects that it returns.
    """

    file: str
    name: str
    takes: Parameters
    returned: Value
    is_property: bool = False


@dataclass(eq=False, slots=True)
class OwnClass:
    """A class of the program: what the attributes of its instances stand for, and its methods.

    `names` are all that it defines or sets, whatever that is. `inherited` are the attributes that
    classes derived from it set. `readers` are the bodies that read an attribute, by its name.
    `file` is the other module that it is of.
    """

    name: str = ""
    names: frozenset[str] = frozenset()
    bases: tuple[OwnClass, ...] = ()
    attributes: State = field(default_factory=dict)
    methods: dict[str, OwnFunction | OtherFunction] = field(default_factory=dict)
    inherited: State = field(default_factory=dict)
    readers: dict[str, dict[Task, None]] = field(default_factory=dict)
    file: str = ""

    def add_methods(self, node: ast.ClassDef) -> None:
        """Note the methods in which nothing of interest was seen so far, too."""
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self.methods.setdefault(statement.name, OwnFunction(statement, self))

    def lineage(self) -> Iterator[OwnClass]:
        """Yield the class and those that it is derived from."""
        yield self
        for base in self.bases:
            yield from base.lineage()

    def method(self, name: str) -> OwnFunction | OtherFunction | None:
        """Return a method that it has, be it inherited."""
        return next((kind.methods[name] for kind in self.lineage() if name in kind.methods), None)

    def attribute(self, name: str, reader: Task) -> Value:
        """Return what an attribute stands for, and note who reads it."""
        value = self.inherited.get(name, NOTHING)
        for kind in self.lineage():
            kind.readers.setdefault(name, {})[reader] = None
            value = added(value, kind.attributes.get(name, NOTHING))
        return value


@dataclass(frozen=True, eq=False, slots=True)
class Parts:
    """The parts of a tuple, list or dictionary, by their indices or keys.

    All that a comprehension makes are under the key `None`.
    """

    values: dict[object, Value]

    @property
    def path(self) -> str:
        """What stands for all of them."""
        paths = (b.path if b else "" for value in self.values.values() for b in value)
        return f":({','.join(paths)})"[:LONGEST_PATH]

    def at(self, key: ast.expr) -> Value:
        """Return the part of a key, or what any of them may be if that is not known."""
        try:
            found = ast.literal_eval(key)
            if isinstance(found, int) and found < 0:
                found += len(self.values)
            return self.values[found]
        except (ValueError, TypeError, KeyError, MemoryError, RecursionError):
            return self.any()

    def any(self) -> Value:
        """Return what any of them may be."""
        return union(*[value or UNTRACKED for value in self.values.values()])


Callee = OwnFunction | OtherFunction
Own = Callee | OwnClass | Parts


def own_path(name: str) -> str:
    """Return the path of an object that is nothing tracked, but the program's own."""
    return f":{name}()"


def objects(value: Value) -> Value:
    """Return what of a value is an object; anything else is as if it was not tracked."""
    return tuple([b if b is not None and has_call(b.path) and not b.made else None for b in value])


def has_object(value: Value) -> bool:
    """Return whether a value may be an object that is tracked."""
    return any(value)


def added(value: Value, more: Value) -> Value:
    """Return a value that may be either; the same one if that says nothing new."""
    known: dict[str | None, Binding | None] = {}
    for binding in value:
        known[None if binding is None else binding.path] = binding
    is_new = False
    for binding in more:
        path = None if binding is None else binding.path
        before = known.get(path)
        if path not in known and len(known) < _MOST_PATHS:
            known[path] = binding
            is_new = True
        elif before is not None and binding is not None and binding.symbolic > before.symbolic:
            known[path] = replace(before, symbolic=True)
            is_new = True
    return tuple(known.values()) if is_new else value
