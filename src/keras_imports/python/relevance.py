"""Which statements of a module matter: those with lines that mention a name of interest.

Names of interest are those that may come to stand for something tracked: imports of it, and what
their values are assigned to. Everything else is never looked at, which makes resolving fast.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import accumulate

from keras_imports.python.definitions import OwnClass
from keras_imports.python.imported_values import Imported, ImportedValues
from keras_imports.python.name_flow import NameFlow, name_flow
from keras_imports.python.statements import DEFINITIONS, first_line

_WORD = re.compile(r"(?:self\.)?\w+")
_STEPS = 8  # from name to name: of a longer chain all statements are read at once


class Relevance:
    """The `names` of interest in a text, and the lines that mention one of them."""

    def __init__(self, text: str, has_results: Callable[[str], bool]) -> None:
        self._has_results = has_results
        self.names: set[str] = set()
        self.has_walrus = ":=" in text
        self._text = text
        self._flags = bytearray(text.count("\n") + 2)  # 1 for each line that mentions a name
        self._counts: list[int] = []  # how many such lines there are up to each line
        self._flow = NameFlow()
        self._modules: dict[str, str | None] = {}  # the paths of names that one import binds

    def find(
        self,
        body: list[ast.stmt],
        words: Iterable[str],
        imported: ImportedValues,
        *,
        through_calls: bool,
    ) -> None:
        """Find all names of interest.

        `words` are those without which no line holds an import of something tracked. With
        `through_calls` what a call returns is followed, too.
        """
        self._body, self._imported, self._through_calls = body, imported, through_calls
        self._spread(set(words))

    def follow(self, names: set[str]) -> None:
        """Take in more names of interest, and those that they flow into; after `find`."""
        added = self._flow.reach(self.names | names) - self.names
        self.names = self.names | added
        self._spread(added)

    def _spread(self, added: set[str]) -> None:
        """Mark the lines of new names, and find the names that those flow into."""
        for wanted in (*[self.is_relevant] * _STEPS, _anything):
            if not added:
                break
            self._counts = list(accumulate(self._mark(added)))  # of new lines alone, for now
            more = name_flow(
                self._body,
                wanted,
                has_walrus=self.has_walrus,
                through_calls=self._through_calls,
                gives=self._gives,
            )
            self._flow.add(more)
            names = self._flow.reach(self.names | self._imported_names(more))
            added = names - self.names
            self.names = names
        self._mark(added)
        self._counts = list(accumulate(self._flags))

    def is_relevant(self, statement: ast.stmt) -> bool:
        """Return whether a statement has a line that mentions a name of interest."""
        first = statement.lineno
        if type(statement) in DEFINITIONS:  # decorators stand above the line of the definition
            first = first_line(statement)
        return self._counts[statement.end_lineno or first] > self._counts[first - 1]

    def _imported_names(self, flow: NameFlow) -> set[str]:
        names = set()
        for statement in flow.imports:
            for name in self._imported.of(statement):
                if name.local and name.is_of_interest:
                    names |= _inherited(name)
                    path = _path(name)
                    is_same = self._modules.setdefault(name.local, path) == path
                    self._modules[name.local] = path if is_same else None
                    names.add(name.local)
        return names

    def _gives(self, name: str, attributes: list[str]) -> bool:
        """Return whether a call of something may give a value of which anything is known."""
        path = self._modules.get(name)
        return path is None or self._has_results(".".join((path, *reversed(attributes))))

    def _mark(self, names: set[str]) -> bytearray:
        """Mark the lines that mention one of the names; return those not marked before."""
        new = bytearray(len(self._flags))
        for name in names:
            for line in self._lines_of.get(name, ()):
                if not self._flags[line]:
                    self._flags[line] = new[line] = 1
        return new

    @cached_property
    def _lines_of(self) -> dict[str, list[int]]:
        """The lines of each word, and of each attribute of `self` under its name there."""
        lines: dict[str, list[int]] = {}
        for number, line in enumerate(self._text.split("\n"), 1):
            for word in set(_WORD.findall(line)):
                for name in (word, *word.split(".")) if "." in word else (word,):
                    lines.setdefault(name, []).append(number)
        return lines


def _anything(_statement: ast.stmt) -> bool:
    return True


def _inherited(name: Imported) -> set[str]:
    """Return the names that a class may be known by in those derived from it: `self.model`."""
    kinds = [b.own for b in name.value if b is not None and isinstance(b.own, OwnClass)]
    return {f"self.{each}" for kind in kinds for each in (*kind.attributes, *kind.methods)}


def _path(name: Imported) -> str | None:
    """Return the path of a name that is imported from what is tracked."""
    binding = name.value[0] if name.kind is not None and name.value else None
    return None if binding is None else binding.path
