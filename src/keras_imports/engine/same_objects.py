"""Tell which variables of a module hold the same object, as it is handed from function to function.

    d = build()             `model` in `build`, `d` here, `judge` in `join`, and `self.d` of what
    gan = join(d)           is made by `GAN(d)` are one object

A parameter that is given several objects stands for none of them. A variable that is assigned anew
stands for another object from there on, if all its assignments are made one after the other.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from keras_imports.python.definitions import Definition
from keras_imports.python.expressions import DISPLAYS
from keras_imports.python.tree import children, walk

_JOINING = (ast.Assign, ast.Return, ast.Call)


@dataclass(frozen=True)
class Place:
    """The function and class that a piece of code stands in, of which either may be missing."""

    function: Definition | None = None
    kind: str = ""

    @property
    def name(self) -> str:
        """What tells its variables from those of other places."""
        return f"{self.kind}.{self.function.name}" if self.function else ""


@dataclass
class SameObjects:
    """The variables of a module, by names that are the same for what holds the same object."""

    module: ast.Module
    nodes: list[tuple[ast.AST, Place]] = field(default_factory=list)
    functions: dict[str, list[tuple[Definition, str]]] = field(default_factory=dict)
    calls: set[str] = field(default_factory=set)  # the functions that are called, by their places
    _same: dict[str, str] = field(default_factory=dict)
    _kinds: set[str] = field(default_factory=set)
    _local: dict[Definition, set[str]] = field(default_factory=dict)
    _given: dict[str, set[str]] = field(default_factory=dict)  # to parameters
    _assigned: dict[tuple[Definition | None, str], list[ast.Assign]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._read(self.module, Place())
        self._note_assigned()
        joining = [each for each in self.nodes if isinstance(each[0], _JOINING)]
        for _ in range(3):  # what is joined may tell more of what is given
            self._given.clear()
            for node, place in joining:
                self._join(node, place)
            for parameter, given in self._given.items():
                if len({self._first(each) for each in given}) == 1:
                    self._unite(parameter, next(iter(given)))

    def of(self, node: ast.AST, place: Place) -> str:
        """Return the name of the object that an expression is, "" if it is no variable."""
        name = self._variable(node, place)
        return self._first(name) if name else ""

    def is_open(self, name: str) -> bool:
        """Return whether an object may be given to the module by another one."""
        return any(
            self._first(f"{kind}.{function.name}:{argument.arg}") == name
            for found in self.functions.values()
            for function, kind in found
            for argument in function.args.args
            if f"{kind}.{function.name}" not in self.calls
        )

    def callees(self, call: ast.Call) -> Iterator[tuple[Definition, str]]:
        """Yield the functions of the module that a call may be of, and their classes."""
        match call.func:
            case ast.Name(id=name) if name in self._kinds:
                yield from ((f, k) for f, k in self.functions.get("__init__", ()) if k == name)
            case ast.Name(id=name):
                yield from ((f, k) for f, k in self.functions.get(name, ()) if not k)
            case ast.Attribute(attr=name):
                found = [each for each in self.functions.get(name, ()) if each[1]]
                yield from found if len(found) == 1 else ()

    def given(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """Yield the variables that a call of functions of the module sets, and their values."""
        for function, kind in self.callees(call):
            names = [argument.arg for argument in function.args.args][bool(kind) :]
            place = f"{kind}.{function.name}"
            yield from ((f"{place}:{n}", v) for n, v in zip(names, call.args, strict=False))
            yield from ((f"{place}:{k.arg}", k.value) for k in call.keywords if k.arg)

    def _read(self, node: ast.AST, place: Place) -> None:
        """Note all nodes below one, and where they stand."""
        for child in children(node):
            self.nodes.append((child, place))
            if isinstance(child, ast.ClassDef):
                self._kinds.add(child.name)
                self._read(child, Place(None, child.name))
            elif isinstance(child, Definition):
                self.functions.setdefault(child.name, []).append((child, place.kind))
                self._local[child] = {a.arg for a in child.args.args} | {
                    n.id
                    for n in walk(child)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
                self._read(child, Place(child, place.kind))
            else:
                self._read(child, place)

    def _note_assigned(self) -> None:
        """Note where variables are assigned that are bound in no branch, loop or other block."""
        bound = Counter(
            (place.function, node.id)
            for node, place in self.nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
        scopes: list[Definition | None] = [None, *self._local]
        for scope in scopes:
            for statement in (scope or self.module).body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id=name)]):
                        self._assigned.setdefault((scope, name), []).append(statement)
        self._assigned = {k: v for k, v in self._assigned.items() if len(v) == bound[k]}

    def _version(self, node: ast.Name, scope: Definition | None, is_inside: bool) -> str:
        """Return what tells the object that a name stands for from those it stood for before."""
        assigned = self._assigned.get((scope, node.id), [])
        if is_inside:  # else it is read by a function that is called later
            place = (node.lineno, node.col_offset)
            if isinstance(node.ctx, ast.Store):
                assigned = [a for a in assigned if (a.lineno, a.col_offset) <= place]
            else:
                assigned = [a for a in assigned if (a.end_lineno, a.end_col_offset) <= place]
        return f"#{len(assigned)}" if assigned else ""

    def _variable(self, node: ast.AST, place: Place) -> str:
        """Return the name of a variable or attribute, "" if an expression is neither."""
        match node:
            case ast.Name(id="self") if place.kind:
                return f"{place.kind}()"
            case ast.Name(id=name):
                is_local = place.function is not None and name in self._local[place.function]
                scope = place.function if is_local else None
                version = self._version(node, scope, scope is place.function)
                return f"{place.name if is_local else ''}:{name}{version}"
            case ast.Attribute(value=value, attr=attr):
                owner = self._variable(value, place)
                return f"{self._first(owner)}.{attr}" if owner else ""
            case ast.Call(func=ast.Name(id=name)) if name in self._kinds:
                return f"{name}()"
            case ast.Call():
                found = [*self.callees(node)]
                return f"{found[0][1]}.{found[0][0].name}()" if len(found) == 1 else ""
        return ""

    def _join(self, node: ast.AST, place: Place) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, place)
            case ast.Return(value=ast.expr() as value) if place.function is not None:
                self._hold(f"{place.name}()", value, place)
            case ast.Call():
                self.calls.update(f"{kind}.{f.name}" for f, kind in self.callees(node))
                for parameter, value in self.given(node):
                    name = self._variable(value, place)
                    self._given.setdefault(parameter, set()).add(name or ast.unparse(value))

    def _assign(self, target: ast.expr, value: ast.expr, place: Place) -> None:
        name = self._variable(target, place)
        if isinstance(target, DISPLAYS):
            its = self._variable(value, place)
            for index, element in enumerate(target.elts):
                part = self._variable(element, place)
                if isinstance(value, DISPLAYS) and index < len(value.elts):
                    self._assign(element, value.elts[index], place)
                elif its and part:
                    self._unite(part, f"{its}[{index}]")
        elif name:
            self._hold(name, value, place)

    def _hold(self, name: str, value: ast.expr, place: Place) -> None:
        """Let a name stand for a value, or its parts for those of a tuple."""
        if isinstance(value, DISPLAYS):
            for index, element in enumerate(value.elts):
                its = self._variable(element, place)
                if its:
                    self._unite(f"{name}[{index}]", its)
            return
        its = self._variable(value, place)
        if its:
            self._unite(name, its)

    def _first(self, name: str) -> str:
        while name in self._same:
            name = self._same[name]
        return name

    def _unite(self, first: str, second: str) -> None:
        first, second = self._first(first), self._first(second)
        if first != second:
            self._same[first] = second
