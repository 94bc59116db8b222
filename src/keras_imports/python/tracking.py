"""What to follow through a module: the packages of interest, and what is true of their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

_IMPORT = re.compile(r"\b(?:import|from)\b")


@dataclass(frozen=True)
class StandIn:
    """A module that hands out a tracked package under its own name.

    A project may have a module `app.backend` that says `import keras`, so that
    `from app.backend import keras` and `from app import backend as keras` give the package. Then
    `module` is `app.backend` and `package` is `keras`.
    """

    module: str
    package: str

    @property
    def parent(self) -> str:
        """The package that the module lies in, "" if it lies in none."""
        return self.module.rpartition(".")[0]

    @property
    def leaf(self) -> str:
        """The module's own name."""
        return self.module.rpartition(".")[2]


def _no_names(_: str) -> Iterable[str]:
    return ()


def _nothing(_: str) -> bool:
    return False


def _no_path(_: str) -> str | None:
    return None


@dataclass(frozen=True)
class Tracked:
    """The packages whose names are followed through a module, and what is known of them.

    `roots` are the top-level packages.
    `has_results` tells of a dotted path whether it is worth knowing what its calls return.
    `star_names` gives the names that `from module import *` binds.
    `gives_symbolic` tells of a path whether its call gives a *symbolic* value, one that describes a
    computation that runs later; what is made of such a value by calls of anything but a class is
    symbolic, too, and so are the attributes `symbolic_attributes` of anything.
    `element` gives the path of what a path of several objects holds, and `made_by` that of what a
    call of a method gives, where either is known to be an object of some class; else `None`.
    `is_class` tells of a path whether it is that of a class.
    `stand_in` is a module of the project that hands out one of the packages.
    """

    roots: frozenset[str]
    has_results: Callable[[str], bool] = _nothing
    star_names: Callable[[str], Iterable[str]] = _no_names
    gives_symbolic: Callable[[str], bool] = _nothing
    symbolic_attributes: frozenset[str] = frozenset()
    element: Callable[[str], str | None] = _no_path
    made_by: Callable[[str], str | None] = _no_path
    is_class: Callable[[str], bool] = _nothing
    stand_in: StandIn | None = None

    @cached_property
    def _needles(self) -> tuple[str, ...]:
        """The roots that all others contain: a text without any of them mentions no root."""
        roots = self.roots
        return tuple(r for r in sorted(roots) if not any(o != r and o in r for o in roots))

    @cached_property
    def _root(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self.roots)))})\b")

    def _imports_in(self, line: str) -> bool:
        for part in line.split("#"):  # what stands behind one may be a comment
            begun = _IMPORT.search(part)
            if begun and self._root.search(part, begun.end()):
                return True
        return False

    def may_be_imported_in(self, text: str) -> bool:
        """Return whether `text` may import a root: a quick test that is never wrongly false."""
        for needle in self._needles:
            place = text.find(needle)
            while place >= 0:
                start = text.rfind("\n", 0, place)
                while start > 0 and text[start - 1] == "\\":
                    start = text.rfind("\n", 0, start)
                end = text.find("\n", place)
                while end > 0 and text[end - 1] == "\\":
                    end = text.find("\n", end + 1)
                line = text[start + 1 : end if end >= 0 else None]
                if "import" in line and self._imports_in(line):
                    return True
                place = text.find(needle, end) if end >= 0 else -1
        return False
