"""What import statements bind: tracked packages, or what other modules of the program export.

A module of the same program is a value, too, so that its attributes can be followed: its path is
its name, as an import statement has it, after a colon.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from keras_imports.python.definitions import Own
from keras_imports.python.exports import Exports, Surroundings, imported, is_telling
from keras_imports.python.paths import root
from keras_imports.python.references import Binding, Kind
from keras_imports.python.scopes import UNTRACKED, Value
from keras_imports.python.tracking import Tracked

_WORDS = re.compile(r"[^\W\d]\w*")
_OF_PROGRAM = ":"  # what the path of a module of the program begins with


class Imported(NamedTuple):
    """One name of an import statement, which binds `local` to `value`.

    `path` is that of what is imported, and `kind` that of the reference which `alias` is, where it
    is a reference to something tracked. `local` is "" for the `*` itself; the names that it binds
    come one by one. `taker` is a function or class that gives nothing tracked, but may take it.
    """

    alias: ast.alias
    local: str
    value: Value
    path: str = ""
    kind: Kind | None = None
    taker: Own | None = None

    @property
    def is_of_interest(self) -> bool:
        """Whether the local name may stand for something tracked."""
        return self.kind is not None or self.value != UNTRACKED


class ImportedValues:
    """Looks up what import statements give, in the tracked packages and in the program."""

    def __init__(self, text: str, tracked: Tracked, surroundings: Surroundings | None) -> None:
        self._text = text
        self._tracked = tracked
        self._program: Mapping[str, Exports] = surroundings.imports if surroundings else {}

    @cached_property
    def _words(self) -> frozenset[str]:
        """All words of the module: no other name that a `*` binds is used."""
        return frozenset(_WORDS.findall(self._text))

    def of(self, statement: ast.Import | ast.ImportFrom) -> Iterator[Imported]:
        """Yield what a statement imports."""
        if isinstance(statement, ast.Import):
            yield from self._modules(statement)
            return
        module = self._tracked_module(statement)
        if module is not None:
            yield from self._from_tracked(statement, module)
        else:
            yield from self._from_program(statement)
            yield from self._stand_ins(statement)

    def members(self, value: Value, names: list[str]) -> Value:
        """Return what the attributes `names`, last one first, of a module of the program are.

        The names that are followed are taken out of the list.
        """
        while names and value and value[0] is not None and _is_module(value[0]):
            value = self._exported(value[0].path[1:], names.pop(), value[0].node)
        return value

    def _modules(self, statement: ast.Import) -> Iterator[Imported]:
        stand_in = self._tracked.stand_in
        for alias in statement.names:
            name, first = alias.name, root(alias.name)
            local = alias.asname or first
            if stand_in is not None and name == stand_in.module:
                # Without `as` it is the package of the stand-in that is bound.
                binding = Binding(stand_in.package, statement)
                value: Value = (binding,) if alias.asname else UNTRACKED
                yield Imported(alias, local, value, stand_in.package, "import")
            elif first in self._tracked.roots:
                value = (Binding(name if alias.asname else first, statement),)
                yield Imported(alias, local, value, name, "import")
            else:
                value = self._program_module(name if alias.asname else first, statement)
                yield Imported(alias, local, value)

    def _tracked_module(self, statement: ast.ImportFrom) -> str | None:
        """Return the path of the module that names are imported from, `None` if not tracked."""
        module, stand_in = statement.module, self._tracked.stand_in
        if module is None:
            return None
        if stand_in is not None and module == (
            stand_in.leaf if statement.level else stand_in.module
        ):
            return stand_in.package
        return module if not statement.level and root(module) in self._tracked.roots else None

    def _from_tracked(self, statement: ast.ImportFrom, module: str) -> Iterator[Imported]:
        for alias in statement.names:
            if alias.name == "*":
                yield Imported(alias, "", (), module, "star")
                for name in self._words.intersection(self._tracked.star_names(module)):
                    yield Imported(alias, name, (Binding(f"{module}.{name}", statement),))
            else:
                # A stand-in for `keras` has the package by this name, and no `keras.keras`.
                is_package = alias.name == module != statement.module
                path = module if is_package else f"{module}.{alias.name}"
                value = (Binding(path, statement),)
                yield Imported(alias, alias.asname or alias.name, value, path, "from")

    def _stand_ins(self, statement: ast.ImportFrom) -> Iterator[Imported]:
        """Yield the stand-in where its package is imported from: `from app import backend`."""
        stand_in = self._tracked.stand_in
        if stand_in is None or statement.module != (None if statement.level else stand_in.parent):
            return
        for alias in statement.names:
            if alias.name == stand_in.leaf:
                value = (Binding(stand_in.package, statement),)
                yield Imported(alias, alias.asname or alias.name, value, stand_in.package, "from")

    def _from_program(self, statement: ast.ImportFrom) -> Iterator[Imported]:
        module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            if alias.name != "*":
                yield self._from_module(alias, alias.asname or alias.name, module, statement)
            else:
                for name in self._words.intersection(self._program.get(module, ())):
                    yield self._from_module(alias, name, module, statement)

    def _from_module(
        self, alias: ast.alias, local: str, module: str, statement: ast.ImportFrom
    ) -> Imported:
        name = local if alias.name == "*" else alias.name
        value = self._exported(module, name, statement)
        if is_telling(self._program.get(module, {}).get(name, ())) or not any(value):
            return Imported(alias, local, value)
        taker = next((b.own for b in value if b is not None), None)
        return Imported(alias, local, value if taker is None else UNTRACKED, taker=taker)

    def _exported(self, module: str, name: str, node: ast.stmt) -> Value:
        """Return what `from module import name` gives: an export, or a module of a package."""
        exports = self._program.get(module)
        if exports is not None and name in exports:
            return imported(exports[name], node)
        path = module + name if module.endswith(".") else f"{module}.{name}"
        return self._program_module(path, node)

    def _program_module(self, name: str, node: ast.stmt) -> Value:
        """Return what stands for a module that is not tracked."""
        return (Binding(_OF_PROGRAM + name, node),) if name in self._program else UNTRACKED


def _is_module(binding: Binding) -> bool:
    return binding.path.startswith(_OF_PROGRAM) and binding.own is None
