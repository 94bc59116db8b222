"""What the statements of a module do to names: one pass, made before anything is interpreted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Names:
    """The names that the statements of one scope bind, and those it declares to be outer ones."""

    bound: set[str] = field(default_factory=set)
    declared: dict[str, bool] = field(default_factory=dict)  # true: `global`, false: `nonlocal`


@dataclass(slots=True)
class Outline:
    """All imports, scopes and plain assignments of a module.

    `flows` has, for each assignment, the names that its value starts with and those it is given
    to: `x, y = a.b(), c` is `({a, c}, {x, y})`.
    """

    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    flows: list[tuple[list[str], list[str]]] = field(default_factory=list)
    scopes: dict[ast.AST, Names] = field(default_factory=dict)

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


def outline(body: list[ast.stmt], walrus: bool) -> tuple[Outline, Names]:
    """The outline of a body, and its own names; `walrus` if there is any `:=` in the text."""
    result, names = Outline(), Names()
    stack = [(statement, names) for statement in reversed(body)]
    while stack:
        statement, here = stack.pop()
        kind = type(statement)
        if walrus:
            _named_expressions(statement, here, result)
        if kind is ast.Expr or kind is ast.Return:
            continue
        if kind is ast.Assign:
            targets = [name for target in statement.targets for name in target_names(target)]
            _assign(statement.value, targets, here, result)
            continue
        if kind is ast.Import or kind is ast.ImportFrom:
            result.imports.append(statement)
            for alias in statement.names:
                name = alias.asname or alias.name
                here.bound.add(name.partition(".")[0] if kind is ast.Import else name)
            continue
        inner = here
        if kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
            here.bound.add(statement.name)
            inner = result.scopes[statement] = Names()
        elif kind is ast.Global or kind is ast.Nonlocal:
            here.declared.update(dict.fromkeys(statement.names, kind is ast.Global))
        elif kind is ast.AnnAssign:
            if statement.value is not None:
                targets = list(target_names(statement.target))
                _assign(statement.value, targets, here, result)
            elif isinstance(statement.target, ast.Name):
                here.bound.add(statement.target.id)
        elif kind in (ast.For, ast.AsyncFor, ast.AugAssign):
            here.bound.update(target_names(statement.target))
        elif kind is ast.With or kind is ast.AsyncWith:
            for item in statement.items:
                if item.optional_vars is not None:
                    targets = list(target_names(item.optional_vars))
                    _assign(item.context_expr, targets, here, result)
        elif kind is ast.Delete:
            for target in statement.targets:
                here.bound.update(target_names(target))
        for part in ("finalbody", "orelse", "body"):
            block = statement.__dict__.get(part)
            if block:
                stack.extend([(child, inner) for child in reversed(block)])
        for handler in statement.__dict__.get("handlers", ()):
            if handler.name is not None:
                here.bound.add(handler.name)
            stack.extend([(child, here) for child in reversed(handler.body)])
        if kind is ast.Match:
            for case in statement.cases:
                here.bound.update(pattern_names(case.pattern))
                stack.extend([(child, here) for child in reversed(case.body)])
    return result, names


def _assign(value: ast.expr, targets: list[str], names: Names, result: Outline) -> None:
    names.bound.update(targets)
    if targets:
        sources = list(_base_names(value))
        if sources:
            result.flows.append((sources, targets))


def _named_expressions(statement: ast.stmt, names: Names, result: Outline) -> None:
    """The `:=` in a statement's own expressions, and so in the scope that it stands in."""
    stack = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    for part in ("items", "cases"):
        stack.extend(statement.__dict__.get(part, ()))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.NamedExpr):
            _assign(node.value, [node.target.id], names, result)
        if not isinstance(node, ast.Lambda):
            stack.extend(c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.stmt))


def _base_names(value: ast.expr) -> Iterator[str]:
    """The names that a value may be an attribute or a result of."""
    kind = type(value)
    while kind is ast.Attribute or kind is ast.Call:
        value = value.value if kind is ast.Attribute else value.func
        kind = type(value)
    if kind is ast.Name:
        yield value.id
    elif kind is ast.Tuple or kind is ast.List:
        for element in value.elts:
            yield from _base_names(element)
    elif kind is ast.IfExp:
        yield from _base_names(value.body)
        yield from _base_names(value.orelse)
    elif kind is ast.NamedExpr:
        yield from _base_names(value.value)


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
