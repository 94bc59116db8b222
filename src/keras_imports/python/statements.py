"""What single statements hold and bind, read off their syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# The commonest statements that have no inner ones, or have them in a scope of their own.
_WITHOUT_BLOCKS = (ast.Assign, ast.Import, ast.ImportFrom, *DEFINITIONS)


def first_line(statement: ast.stmt) -> int:
    """Return the line that a statement starts on, counting its decorators."""
    if isinstance(statement, DEFINITIONS) and statement.decorator_list:
        return statement.decorator_list[0].lineno
    return statement.lineno


def last_line(statement: ast.AST) -> int:
    """Return the line that a statement ends on; of one with a block that of its head."""
    line: int = getattr(statement, "end_lineno", 0)
    inner = next(blocks(statement), None)
    if not inner:
        return line
    return max(getattr(statement, "lineno", 1), inner[0].lineno - 1)


def blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements directly inside of a statement or module."""
    # By `getattr`, since this runs for every statement: a test for each type takes twice as long.
    for part in ("body", "orelse", "finalbody"):
        block = getattr(statement, part, None)
        if block:
            yield block
    for part in ("handlers", "cases"):
        for arm in getattr(statement, part, ()):
            yield arm.body


def target_names(target: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment to `target` binds."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from target_names(element)
    elif isinstance(target, ast.Starred):
        yield from target_names(target.value)


def pattern_names(pattern: ast.pattern) -> Iterator[str]:
    """Yield the names that a `case` captures."""
    for node in ast.walk(pattern):
        name: str | None = None
        if isinstance(node, (ast.MatchAs, ast.MatchStar)):
            name = node.name
        elif isinstance(node, ast.MatchMapping):
            name = node.rest
        if name is not None:
            yield name


def named_expressions(statement: ast.stmt) -> Iterator[ast.NamedExpr]:
    """Yield the `:=` in a statement's own expressions, which bind in the scope it stands in."""
    stack: list[ast.AST] = [
        child
        for child in ast.iter_child_nodes(statement)
        if isinstance(child, (ast.expr, ast.withitem, ast.match_case))
    ]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.NamedExpr):
            yield node
        if not isinstance(node, ast.Lambda):
            stack.extend(c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.stmt))


@dataclass(slots=True)
class ScopeNames:
    """The names that the statements of one scope bind, and those it declares to be outer ones."""

    bound: set[str] = field(default_factory=set)
    declared: dict[str, bool] = field(default_factory=dict)  # true: `global`, false: `nonlocal`


def scope_names(
    body: list[ast.stmt], wanted: Callable[[ast.stmt], bool], has_walrus: bool
) -> ScopeNames:
    """Return the names that the `wanted` statements of one scope bind, inner scopes left out.

    `has_walrus` tells whether there is any `:=` in the text, as looking for it takes long.
    """
    names = ScopeNames()
    stack = [body]
    while stack:
        for statement in stack.pop():
            if not wanted(statement):
                continue
            if has_walrus:
                for named in named_expressions(statement):
                    names.bound.update(target_names(named.target))
            if isinstance(statement, (ast.Expr, ast.Return)):
                continue
            if isinstance(statement, (ast.Global, ast.Nonlocal)):
                is_global = isinstance(statement, ast.Global)
                names.declared.update(dict.fromkeys(statement.names, is_global))
                continue
            names.bound.update(_bound_names(statement))
            if not isinstance(statement, _WITHOUT_BLOCKS):
                stack.extend(blocks(statement))
    return names


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement itself binds, not those of statements inside of it."""
    if isinstance(statement, (ast.Assign, ast.Delete)):
        for target in statement.targets:
            yield from target_names(target)
    elif isinstance(statement, ast.Import):
        for alias in statement.names:
            # With `as` the whole name is bound, which has no dots then.
            yield (alias.asname or alias.name).partition(".")[0]
    elif isinstance(statement, ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name
    elif isinstance(statement, DEFINITIONS):
        yield statement.name
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from target_names(statement.target)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        for item in statement.items:
            if item.optional_vars is not None:
                yield from target_names(item.optional_vars)
    elif isinstance(statement, ast.Match):
        for case in statement.cases:
            yield from pattern_names(case.pattern)
    else:
        for handler in getattr(statement, "handlers", ()):  # of `try`, with `except` or `except*`
            if handler.name is not None:
                yield handler.name
