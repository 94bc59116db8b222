"""Which names the values of others may flow into, found before anything is interpreted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from keras_imports.python.statements import blocks, named_expressions, target_names


@dataclass(slots=True)
class NameFlow:
    """The imports and plain assignments of a module, whatever scope they stand in.

    `flows` has, for each assignment, the names that its value starts with and those it is given
    to: `x, y = a.b, c` is `(["a", "c"], ["x", "y"])`.
    """

    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    flows: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def add(self, other: NameFlow) -> None:
        """Take in the imports and assignments of other statements of the module."""
        self.imports += other.imports
        self.flows += other.flows

    def reach(self, names: set[str]) -> set[str]:
        """Return `names` and all names that their values may flow into."""
        reached = set(names)
        while True:
            before = len(reached)
            for sources, targets in self.flows:
                if not reached.isdisjoint(sources):
                    reached.update(targets)
            if len(reached) == before:
                return reached


def name_flow(
    body: list[ast.stmt],
    wanted: Callable[[ast.stmt], bool],
    *,
    has_walrus: bool,
    through_calls: bool,
) -> NameFlow:
    """Return the flow in the `wanted` statements of a body, and in those inside of them.

    `has_walrus` tells whether there is any `:=` in the text. With `through_calls` what is called
    flows into what the call returns, and the base of a class into the class.
    """
    flow = NameFlow()

    def assign(value: ast.expr, targets: list[ast.expr]) -> None:
        sources = list(_first_names(value, through_calls))
        if sources:
            flow.flows.append((sources, [n for target in targets for n in target_names(target)]))

    stack = [body]
    while stack:
        for statement in stack.pop():
            if not wanted(statement):
                continue
            if has_walrus:
                for named in named_expressions(statement):
                    assign(named.value, [named.target])
            if isinstance(statement, ast.Assign):
                assign(statement.value, statement.targets)
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                flow.imports.append(statement)
            elif isinstance(statement, ast.AnnAssign):
                if statement.value is not None:
                    assign(statement.value, [statement.target])
            elif not isinstance(statement, (ast.Expr, ast.Return)):
                if isinstance(statement, (ast.With, ast.AsyncWith)):
                    for item in statement.items:
                        if item.optional_vars is not None:
                            assign(item.context_expr, [item.optional_vars])
                elif isinstance(statement, ast.ClassDef) and through_calls:
                    for base in statement.bases:
                        assign(base, [ast.Name(statement.name)])
                stack.extend(blocks(statement))
    return flow


def _first_names(value: ast.expr, through_calls: bool) -> Iterator[str]:
    """Yield the names that a value may be, or be an attribute of, or a result of."""
    while True:
        if isinstance(value, ast.Attribute):
            value = value.value
        elif isinstance(value, ast.Call) and through_calls:
            value = value.func
        else:
            break
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, (ast.Tuple, ast.List)):
        for element in value.elts:
            yield from _first_names(element, through_calls)
    elif isinstance(value, ast.IfExp):
        yield from _first_names(value.body, through_calls)
        yield from _first_names(value.orelse, through_calls)
    elif isinstance(value, ast.NamedExpr):
        yield from _first_names(value.value, through_calls)
