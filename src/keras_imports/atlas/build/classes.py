"""What each class of a release has of its own, and which classes it inherits from.

Nothing is run: the members of a class are what its body binds, and the attributes that its methods
set on `self`. Everything is looked at after all modules have been imported, so that it leaves no
trace in them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.atlas.build.interpret import (
    BACKEND,
    Definition,
    Frame,
    Interpreter,
    MissingImportError,
    Value,
    parameters,
)

PROPERTIES = ("property", "cached_property", "abstractproperty", "classproperty")
UNKNOWN = "?"


@dataclass(frozen=True)
class Class:
    """The bases of a class, in order, and its own members, both coded as text.

    A base is `module:name` of the package, `~path` outside of it, or `?` where the names of the
    class are not known: an expression, or the class makes its names as it runs. With `+` in front
    it is the base with another backend, with `=` the class whose instance `__new__` returns.
    A member is `a` (an attribute), `p` (a property), or `m` and the lines of a signature.
    """

    bases: tuple[str, ...]
    members: dict[str, str]


def read_class(interpreter: Interpreter, target: str) -> Class | None:
    """Return what is known of a definition, `None` if it is no class."""
    definition = interpreter.definitions[target]
    node = definition.node
    if node is None:
        return None
    module = interpreter.modules[target.partition(":")[0]]
    frame = Frame(interpreter, module, dict(module.names))
    methods = [item for item in _statements(node.body) if isinstance(item, ast.FunctionDef)]
    bases = list(_bases(frame, node, definition))
    members = {name: "a" for method in methods for name in _set_on_self(method)}
    if members.pop(UNKNOWN, None):
        bases.append(UNKNOWN)
    bases += [f"+{base}" for base in _with_other_backends(frame, node, definition)]
    bases += [f"={base}" for method in methods for base in _made(frame, method)]
    members.update(_bound_in_body(node))
    public = {name: code for name, code in members.items() if not name.startswith("__")}
    return Class(tuple(dict.fromkeys(bases)), dict(sorted(public.items())))


# Members


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a class body, those within others included, last words last."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _statements(statement.orelse)
            yield from _statements(statement.body)
        elif isinstance(statement, ast.Try):
            yield from _statements([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.With):
            yield from _statements(statement.body)
        else:
            yield statement


def _bound_in_body(node: ast.ClassDef) -> dict[str, str]:
    """Return the names that a class body binds, and the code of each."""
    bound: dict[str, str] = {}
    for item in _statements(node.body):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            bound[item.name] = _method(item)
        elif isinstance(item, ast.ClassDef):
            bound[item.name] = "a"
        elif isinstance(item, ast.Assign | ast.AnnAssign) and item.value:
            targets = item.targets if isinstance(item, ast.Assign) else [item.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name):
                        bound[part.id] = _value(item.value, bound)
    return bound


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the code of a function in a class body."""
    decorators = [_leaf(decorator) for decorator in node.decorator_list]
    if any(leaf in (*PROPERTIES, "setter", "getter", "deleter") for leaf in decorators):
        return "p"
    taken = parameters(node.args)
    if "staticmethod" not in decorators and taken and not taken[0].startswith("*"):
        taken = taken[2:] if taken[1:2] == ["/"] else taken[1:]
    return "m" + "\n".join(taken)


def _value(node: ast.expr, bound: dict[str, str]) -> str:
    """Return the code of what is assigned to a name in a class body."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, "a")
    if isinstance(node, ast.Call) and _leaf(node.func) in PROPERTIES:
        return "p"
    return "a"


def _set_on_self(method: ast.FunctionDef) -> Iterator[str]:
    """Yield the attributes that a method sets on its instance; `?` for names it makes up."""
    own = _first_argument(method)
    if method.name in ("__getattr__", "__getattribute__"):
        yield UNKNOWN
    for item in ast.walk(method):
        if isinstance(item, ast.Attribute):
            if isinstance(item.ctx, ast.Store) and _is_name(item.value, own):
                yield item.attr
        elif isinstance(item, ast.Call):
            leaf = _leaf(item.func)
            if leaf in ("setattr", "__setattr__"):
                for argument in item.args[:2]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
            if leaf == "setattr" and method.name != "__setattr__" and len(item.args) == 3:
                if _is_name(item.args[0], own) and not isinstance(item.args[1], ast.Constant):
                    yield UNKNOWN
            # `__setstate__` takes back what was there.
            elif (
                leaf == "update"
                and method.name != "__setstate__"
                and ast.unparse(item.func) == f"{own}.__dict__.update"
            ):
                yield UNKNOWN


def _first_argument(method: ast.FunctionDef) -> str:
    """Return the name of a method's first parameter, `""` if it has none."""
    given = [*method.args.posonlyargs, *method.args.args]
    return given[0].arg if given else ""


# Bases


def _bases(frame: Frame, node: ast.ClassDef, definition: Definition) -> Iterator[str]:
    """Yield the code of each base class."""
    for expression, value in zip(node.bases, definition.bases, strict=True):
        if isinstance(expression, ast.Call) and _leaf(expression.func) == "with_metaclass":
            yield from (
                _base(argument, frame.evaluate(argument)) for argument in expression.args[1:]
            )
        else:
            yield _base(expression, value)


def _base(expression: ast.expr, value: Value) -> str:
    """Return the code of a base class from its expression and what that is."""
    if value.kind == "class":
        return value.target
    if value.kind == "external":
        return f"~{value.target}"
    if isinstance(expression, ast.Subscript):  # Generic[T]
        return "~typing.Generic" if _leaf(expression.value) in ("Generic", "Protocol") else UNKNOWN
    name = _leaf(expression)
    return f"~builtins.{name}" if isinstance(getattr(builtins, name, None), type) else UNKNOWN


def _with_other_backends(frame: Frame, node: ast.ClassDef, definition: Definition) -> Iterator[str]:
    """Yield what the base classes are with another backend."""
    for expression, value in zip(node.bases, definition.bases, strict=True):
        if isinstance(expression, ast.Name) and f".backend.{BACKEND}." in value.target:
            found = frame.interpreter.find(frame.module.name)
            text = frame.interpreter.files[found[0]] if found and found[0] else ""
            yield from _imported_as(expression.id, text, value.target)


def _imported_as(name: str, text: str, known: str) -> Iterator[str]:
    """Yield what the other branches of a module import under a name."""
    for item in ast.walk(ast.parse(text)):
        if isinstance(item, ast.ImportFrom) and not item.level:
            for alias in item.names:
                target = f"{item.module}:{alias.name}"
                if (alias.asname or alias.name) == name and target != known:
                    yield target


def _made(frame: Frame, constructor: ast.FunctionDef) -> Iterator[str]:
    """Yield the other classes whose instances a `__new__` returns."""
    if constructor.name != "__new__":
        return
    for item in ast.walk(constructor):
        if isinstance(item, ast.Import | ast.ImportFrom):
            try:
                frame.block([item])
            except MissingImportError:
                continue
    for item in ast.walk(constructor):
        if isinstance(item, ast.Return) and isinstance(item.value, ast.Call):
            called = item.value.func
            for part in (called, getattr(called, "value", None)):
                value = frame.evaluate(part) if isinstance(part, ast.Name | ast.Attribute) else None
                if value is not None and value.kind == "class":
                    yield value.target


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _leaf(node: ast.expr) -> str:
    """Return the last name of an expression: `property` of `abc.property` and of `property()`."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
