"""What the statements of a module do to names, found before anything is interpreted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(slots=True)
class Names:
    """The names that the statements of one scope bind, and those it declares to be outer ones."""

    bound: set[str] = field(default_factory=set)
    declared: dict[str, bool] = field(default_factory=dict)  # true: `global`, false: `nonlocal`


@dataclass(slots=True)
class Outline:
    """The imports and plain assignments of a module, whatever scope they stand in.

    `flows` has, for each assignment, the names that its value starts with and those it is given
    to: `x, y = a.b, c` is `({a, c}, {x, y})`.
    """

    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    flows: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def reach(self, names: set[str]) -> set[str]:
        """`names` and all names that their values may flow into."""
        reached = set(names)
        while True:
            before = len(reached)
            for sources, targets in self.flows:
                if not reached.isdisjoint(sources):
                    reached.update(targets)
            if len(reached) == before:
                return reached


def outline(
    body: list[ast.stmt], wanted: Callable[[ast.stmt], bool], walrus: bool, results: bool
) -> Outline:
    """The outline of the `wanted` statements of a body, and of those inside of them.

    `walrus` tells whether there is any `:=` in the text, `results` whether what a call returns
    counts as a value of what is called, and a class as one of its base.
    """
    found = Outline()

    def assign(value: ast.expr, *targets: ast.expr) -> None:
        sources = list(_base_names(value, results))
        if sources:
            names = [name for target in targets for name in target_names(target)]
            found.flows.append((sources, names))

    stack = [body]
    while stack:
        for statement in stack.pop():
            if not wanted(statement):
                continue
            if walrus:
                for named in _named_expressions(statement):
                    assign(named.value, named.target)
            kind = type(statement)
            if kind is ast.Assign:
                assign(statement.value, *statement.targets)
            elif kind is ast.Import or kind is ast.ImportFrom:
                found.imports.append(statement)
            elif kind is ast.AnnAssign:
                if statement.value is not None:
                    assign(statement.value, statement.target)
            elif kind is not ast.Expr and kind is not ast.Return:
                for item in statement.__dict__.get("items", ()):
                    if item.optional_vars is not None:
                        assign(item.context_expr, item.optional_vars)
                if kind is ast.ClassDef and results:
                    for base in statement.bases:
                        assign(base, ast.Name(statement.name))
                stack.extend(blocks(statement))
    return found


def names_of(body: list[ast.stmt], wanted: Callable[[ast.stmt], bool], walrus: bool) -> Names:
    """The names of one scope: what its `wanted` statements bind, inner scopes left out."""
    names = Names()
    bound = names.bound
    stack = [body]
    while stack:
        for statement in stack.pop():
            if not wanted(statement):
                continue
            if walrus:
                bound.update(named.target.id for named in _named_expressions(statement))
            kind = type(statement)
            if kind is ast.Expr or kind is ast.Return:
                continue
            if kind is ast.Assign:
                for target in statement.targets:
                    bound.update(target_names(target))
            elif kind is ast.Import or kind is ast.ImportFrom:
                for alias in statement.names:
                    name = alias.asname or alias.name
                    bound.add(name.partition(".")[0] if kind is ast.Import else name)
            elif kind in _SCOPES:
                bound.add(statement.name)
            elif kind is ast.Global or kind is ast.Nonlocal:
                names.declared.update(dict.fromkeys(statement.names, kind is ast.Global))
            elif kind is ast.Delete:
                for target in statement.targets:
                    bound.update(target_names(target))
            else:
                if "target" in statement.__dict__:
                    bound.update(target_names(statement.target))
                for item in statement.__dict__.get("items", ()):
                    if item.optional_vars is not None:
                        bound.update(target_names(item.optional_vars))
                for handler in statement.__dict__.get("handlers", ()):
                    if handler.name is not None:
                        bound.add(handler.name)
                for case in statement.__dict__.get("cases", ()):
                    bound.update(pattern_names(case.pattern))
                stack.extend(blocks(statement))
    return names


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The lists of statements inside of a statement."""
    parts = statement.__dict__
    for part in ("body", "orelse", "finalbody"):
        if parts.get(part):
            yield parts[part]
    for part in ("handlers", "cases"):
        for inner in parts.get(part, ()):
            yield inner.body


def _named_expressions(statement: ast.stmt) -> Iterator[ast.NamedExpr]:
    """The `:=` in a statement's own expressions, and so in the scope that it stands in."""
    stack = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    for part in ("items", "cases"):
        stack.extend(statement.__dict__.get(part, ()))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.NamedExpr):
            yield node
        if not isinstance(node, ast.Lambda):
            stack.extend(c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.stmt))


def _base_names(value: ast.expr, results: bool) -> Iterator[str]:
    """The names that a value may be an attribute, or a result, of."""
    kind = type(value)
    while kind is ast.Attribute or (kind is ast.Call and results):
        value = value.value if kind is ast.Attribute else value.func
        kind = type(value)
    if kind is ast.Name:
        yield value.id
    elif kind is ast.Tuple or kind is ast.List:
        for element in value.elts:
            yield from _base_names(element, results)
    elif kind is ast.IfExp:
        yield from _base_names(value.body, results)
        yield from _base_names(value.orelse, results)
    elif kind is ast.NamedExpr:
        yield from _base_names(value.value, results)


def target_names(target: ast.expr) -> Iterator[str]:
    """The names that an assignment to `target` binds."""
    kind = type(target)
    if kind is ast.Name:
        yield target.id
    elif kind is ast.Tuple or kind is ast.List:
        for element in target.elts:
            yield from target_names(element)
    elif kind is ast.Starred:
        yield from target_names(target.value)


def pattern_names(pattern: ast.pattern) -> Iterator[str]:
    """The names that a `case` captures."""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name is not None:
            yield name
