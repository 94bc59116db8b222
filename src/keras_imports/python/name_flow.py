"""Which names the values of others may flow into, found before anything is interpreted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from keras_imports.python.expressions import HANDING_ON, dotted, is_own, last_name, parameters
from keras_imports.python.statements import blocks, named_expressions, target_names

Gives = Callable[[str, list[str]], bool]


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
        targets_of: dict[str, list[list[str]]] = {}
        for sources, targets in self.flows:
            for source in sources:
                targets_of.setdefault(source, []).append(targets)
        reached, left = set(names), list(names)
        while left:
            for targets in targets_of.get(left.pop(), ()):
                new = set(targets) - reached
                reached |= new
                left += new
        return reached


def name_flow(
    body: list[ast.stmt],
    wanted: Callable[[ast.stmt], bool],
    *,
    has_walrus: bool,
    through_calls: bool,
    gives: Gives,
) -> NameFlow:
    """Return the flow in the `wanted` statements of a body, and in those inside of them.

    `has_walrus` tells whether there is any `:=` in the text. With `through_calls` what is called
    flows into what the call returns, what a function returns into its name, what is appended into
    the list, and into a class its base, and what its methods set on `self` or return. An attribute
    of `self` has its own name then: `self.model`. `gives` tells of the name that a called function
    starts with, and of its attributes, last one first, whether anything is known of what that call
    returns.
    """
    flow = NameFlow()

    def assign(value: ast.expr, targets: Iterable[str], kind: str = "") -> None:
        """Note where a value flows: with an attribute of `self` into the class of that, too."""
        sources = list(_first_names(value, through_calls, gives))
        if sources:
            names = list(targets)
            if kind and any(name.startswith("self.") for name in names):
                names.append(kind)
            flow.flows.append((sources, names))

    stack: list[tuple[list[ast.stmt], str, str, str]] = [(body, "", "", "")]
    while stack:
        # `returning` is the function that the block is in, `owner` is "self." in a class, and
        # `kind` is the class of `self`.
        block, returning, owner, kind = stack.pop()
        for statement in block:
            if not wanted(statement):
                continue
            if has_walrus:
                for named in named_expressions(statement):
                    assign(named.value, target_names(named.target))
            if isinstance(statement, ast.Assign):
                names = [n for target in statement.targets for n in _targets(target)]
                if owner:
                    names += [owner + name for name in names]
                assign(statement.value, names, kind)
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                flow.imports.append(statement)
            elif isinstance(statement, ast.AnnAssign):
                if statement.value is not None:
                    assign(statement.value, _targets(statement.target))
            elif isinstance(statement, ast.Return):
                if returning and statement.value is not None:
                    assign(statement.value, [returning, kind] if kind else [returning])
            elif through_calls and isinstance(statement, ast.Expr):
                match statement.value:
                    case ast.Call(
                        func=ast.Attribute(attr="append", value=several), args=[appended]
                    ):
                        assign(appended, _targets(several), kind)
            elif not through_calls:
                if not isinstance(statement, ast.Expr):
                    for item in getattr(statement, "items", ()):
                        if item.optional_vars is not None:
                            assign(item.context_expr, target_names(item.optional_vars))
                    stack.extend((inner, "", "", "") for inner in blocks(statement))
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                name = owner + statement.name
                if statement.returns is not None:
                    assign(statement.returns, [name])
                for argument in parameters(statement.args):
                    if argument.annotation is not None:
                        assign(argument.annotation, [argument.arg])
                stack.append((statement.body, name, "", kind))
            else:
                if isinstance(statement, (ast.With, ast.AsyncWith)):
                    for item in statement.items:
                        if item.optional_vars is not None:
                            assign(item.context_expr, target_names(item.optional_vars))
                elif isinstance(statement, (ast.For, ast.AsyncFor)):
                    assign(statement.iter, target_names(statement.target))
                elif isinstance(statement, ast.ClassDef):
                    for base in statement.bases:
                        assign(base, [statement.name])
                    stack.append((statement.body, "", "self.", statement.name))
                    continue
                stack.extend((inner, returning, owner, kind) for inner in blocks(statement))
    return flow


def _targets(target: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment to `target` binds, those of attributes of `self` too."""
    if is_own(target):
        yield f"self.{target.attr}"
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element)
    elif isinstance(target, ast.Subscript):
        yield from _targets(target.value)
    else:
        yield from target_names(target)


def _first_names(value: ast.expr, through_calls: bool, gives: Gives) -> Iterator[str]:
    """Yield the names that a value may be, or be a part of, or a result of."""
    while True:
        if isinstance(value, ast.Attribute):
            if is_own(value):
                yield f"self.{value.attr}"
                return
            value = value.value
        elif isinstance(value, ast.Call) and through_calls:
            if last_name(value.func) in HANDING_ON:
                for argument in value.args:
                    yield from _first_names(argument, through_calls, gives)
            value = value.func
            start, attributes = dotted(value)
            if isinstance(start, ast.Name) and not gives(start.id, attributes):
                return
        elif isinstance(value, ast.Subscript) and through_calls:
            value = value.value
        else:
            break
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, (ast.Tuple, ast.List)):
        for element in value.elts:
            yield from _first_names(element, through_calls, gives)
    elif isinstance(value, ast.IfExp):
        yield from _first_names(value.body, through_calls, gives)
        yield from _first_names(value.orelse, through_calls, gives)
    elif isinstance(value, ast.BoolOp) and through_calls:
        for part in value.values:
            yield from _first_names(part, through_calls, gives)
    elif isinstance(value, ast.NamedExpr):
        yield from _first_names(value.value, through_calls, gives)
    elif isinstance(value, ast.Dict) and through_calls:
        for each in value.values:
            yield from _first_names(each, through_calls, gives)
    elif isinstance(value, (ast.ListComp, ast.GeneratorExp)) and through_calls:
        yield from _first_names(value.elt, through_calls, gives)
        yield from _first_names(value.generators[0].iter, through_calls, gives)
