"""What the modules of one program tell each other of their names, as plain data.

Out of a module go its objects, and what its functions return and its instances hold; into it goes
what others give to its functions and set on its instances.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from keras_imports.python.definitions import (
    Callee,
    OtherFunction,
    Own,
    OwnClass,
    OwnFunction,
    Parameters,
    Parts,
)
from keras_imports.python.references import Binding
from keras_imports.python.scopes import Value

_DEEPEST = 2  # objects in objects that are told of


@dataclass(frozen=True, slots=True)
class Export:
    """One thing that a name may stand for, as in `Binding`."""

    path: str
    symbolic: bool = False
    made: bool = False
    origin: str | None = None
    own: ExportedOwn | None = None
    is_part: bool = False


Exported = tuple[Export | None, ...]
Exports = Mapping[str, Exported]


@dataclass(frozen=True, slots=True)
class ExportedFunction:
    """A function, or `Class.method`, and the objects that it returns."""

    file: str
    name: str
    takes: Parameters
    returned: Exported
    is_property: bool


@dataclass(frozen=True, slots=True)
class ExportedClass:
    """A class, and the attributes and methods that its instances have."""

    file: str
    name: str
    names: frozenset[str]
    attributes: Exports
    methods: Mapping[str, ExportedFunction]


@dataclass(frozen=True, slots=True)
class ExportedParts:
    """The parts of a tuple, list or dictionary."""

    values: Mapping[object, Exported]


ExportedOwn = ExportedFunction | ExportedClass | ExportedParts


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a module knows of the others of its program.

    `imports` are the exports of those that it imports, by their names as its statements have them:
    with the leading dots of a relative one. `given` is what they give to its functions and methods,
    by parameter, and to its classes, by attribute. `wanted` are the names that others import from
    it, `None` for all.
    """

    file: str = ""
    imports: Mapping[str, Exports] = field(default_factory=dict)
    given: Mapping[str, Exports] = field(default_factory=dict)
    wanted: frozenset[str] | None = frozenset()


class Exporter:
    """Turns values of a module into exports; `result` tells what a function of it returns."""

    def __init__(self, file: str, result: Callable[[OwnFunction], Value]) -> None:
        self._file = file
        self._result = result
        self._known: dict[tuple[Own, int], ExportedOwn] = {}

    def value(self, value: Value, depth: int = _DEEPEST) -> Exported:
        """Return a value for other modules."""
        return tuple([None if b is None else self._export(b, depth) for b in value])

    def _export(self, binding: Binding, depth: int) -> Export | None:
        own = self._own(binding.own, depth) if binding.own and depth else None
        if own is None and not binding.is_tracked:
            return None
        origin = binding.origin or self._file
        return Export(binding.path, binding.symbolic, binding.made, origin, own, binding.is_part)

    def _own(self, own: Own, depth: int) -> ExportedOwn:
        if (own, depth) not in self._known:
            self._known[own, depth] = self._exported(own, depth)
        return self._known[own, depth]

    def _exported(self, own: Own, depth: int) -> ExportedOwn:
        if isinstance(own, OwnClass):
            attributes: dict[str, Exported] = {}
            methods: dict[str, ExportedFunction] = {}
            names = frozenset().union(*[kind.names for kind in own.lineage()])
            for kind in reversed([*own.lineage()]):
                for name, value in kind.attributes.items():
                    attributes[name] = self.value(value, depth - 1)
                for name, method in kind.methods.items():
                    methods[name] = self._function(method, depth)
            return ExportedClass(own.file or self._file, own.name, names, attributes, methods)
        if isinstance(own, Parts):
            return ExportedParts({k: self.value(v, depth - 1) for k, v in own.values.items()})
        return self._function(own, depth)

    def _function(self, own: Callee, depth: int) -> ExportedFunction:
        if isinstance(own, OtherFunction):
            returned = self.value(own.returned, depth - 1)
            return ExportedFunction(own.file, own.name, own.takes, returned, own.is_property)
        returned = self.value(self._result(own), depth - 1)
        return ExportedFunction(self._file, own.name, own.takes, returned, own.is_property)


def imported(exported: Exported, node: ast.stmt) -> Value:
    """Return what another module tells of a name, as bound by a statement."""
    return tuple([None if each is None else _binding(each, node) for each in exported])


def _binding(export: Export, node: ast.stmt) -> Binding:
    own = None if export.own is None else _own(export.own, node)
    return Binding(
        export.path, node, export.symbolic, export.made, export.origin, own, export.is_part
    )


def _own(own: ExportedOwn, node: ast.stmt) -> Own:
    if isinstance(own, ExportedParts):
        return Parts({key: imported(value, node) for key, value in own.values.items()})
    if isinstance(own, ExportedFunction):
        return _function(own, node)
    kind = OwnClass(own.name, own.names, file=own.file)
    kind.attributes.update({n: imported(value, node) for n, value in own.attributes.items()})
    kind.methods.update({name: _function(method, node) for name, method in own.methods.items()})
    return kind


def _function(own: ExportedFunction, node: ast.stmt) -> OtherFunction:
    returned = imported(own.returned, node)
    return OtherFunction(own.file, own.name, own.takes, returned, own.is_property)


def is_telling(exported: Exported) -> bool:
    """Return whether a name stands for something that others have to follow."""
    return any(map(_tells, exported))


def _tells(export: Export | None) -> bool:
    if export is None:
        return False
    if not export.path.startswith(":"):
        return True
    own = export.own
    if isinstance(own, ExportedFunction):
        return is_telling(own.returned)
    if isinstance(own, ExportedParts):
        return any(map(is_telling, own.values.values()))
    return own is not None and (
        any(map(is_telling, own.attributes.values()))
        or any(is_telling(method.returned) for method in own.methods.values())
    )
