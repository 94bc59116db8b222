"""Know packages whose layers and models belong to one Keras: `data/packages.yml`."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from keras_imports.knowledge import tables
from keras_imports.python import bindings
from keras_imports.python.references import Reference
from keras_imports.python.tracking import Tracked

_KERAS = {"keras2": "Keras 2", "keras3": "Keras 3"}
KINDS = (*_KERAS, "any")  # what the layers of a package may be of

# Import names of packages that the table does not know, or is wrong about, each with its kind.
MorePackages = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Package:
    """A row of the table, which `packages.yml` describes."""

    name: str
    distribution: str
    read: tuple[str, ...]
    needs: str
    of: str
    instead: str
    supports: str | None = None
    parts: tuple[str, ...] = (".*",)
    fails: bool = False
    is_told: bool = False  # by the configuration of a project, and not by the table
    uses: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        return re.compile(rf"({'|'.join(self.parts)})(?:\..*)?")

    @property
    def is_bound_as_a_whole(self) -> bool:
        """Whether all of it belongs to one Keras, and not only parts."""
        return self.parts == (".*",)

    @property
    def other(self) -> str:
        """The Keras that it does not work with, in words."""
        return _KERAS["keras3" if self.needs == "keras2" else "keras2"]

    def bound(self, path: str) -> str | None:
        """Return the part of a dotted path that names something bound to one Keras.

        That is `transformers.TFBertModel` of `transformers.TFBertModel.from_pretrained`.
        """
        inside = path.partition(".")[2]
        if not inside:
            return path if self.is_bound_as_a_whole else None
        match = self._parts.fullmatch(inside)
        return f"{self.name}.{match[1]}" if match else None

    def replacement(self, path: str) -> str:
        """Return what to write instead of a part of it, or of the whole."""
        use = self.uses.get(path.partition(".")[2])
        return f"use {use}" if use else self.instead

    def message(self, path: str) -> str:
        """Return what is wrong with a path of it beside the other Keras."""
        if self.is_told:
            return f"`{path}` needs {self.of}, as the configuration says"
        if self.fails and path == self.name:
            return f"`{path}` cannot be imported beside {self.other}: it needs {self.of}"
        return f"`{path}` needs {self.of}; no release of {self.distribution} supports {self.other}"


@dataclass(frozen=True)
class Misuse:
    """A place where something of a package is used beside the Keras that it does not work with."""

    node: ast.expr | ast.alias
    message: str
    advice: str


@cache
def packages(more: MorePackages = ()) -> dict[str, Package]:
    """Return the table with some more packages, by import name."""
    rows = tables.read("packages.yml")
    table = {
        name: Package(name, **{key: _frozen(value) for key, value in row.items()})
        for name, row in rows.items()
    }
    table |= {name: _told(name, kind) for name, kind in more if kind in _KERAS}
    return {name: row for name, row in table.items() if (name, "any") not in more}


def _told(name: str, kind: str) -> Package:
    """Return the row of a package of which only its import name and its kind are known."""
    instead = "take a release of it for the Keras of this file, or write it with Keras alone"
    return Package(name, name, (), kind, _KERAS[kind], instead, is_told=True)


@cache
def words(more: MorePackages = ()) -> tuple[str, ...]:
    """Return the words of which a text has one if it uses one of the packages."""
    return tuple(name if len(name) > 2 else f" {name}" for name in packages(more))


def may_import_package(text: str, more: MorePackages = ()) -> bool:
    """Return whether a text may use one of the packages: a quick test, never wrongly false."""
    return any(word in text for word in words(more))


def misuses(
    text: str,
    tree: ast.Module,
    generations: Collection[str],
    own: Collection[str] = (),
    more: MorePackages = (),
) -> Iterator[Misuse]:
    """Yield what a module uses of packages that need none of these generations of Keras.

    Without `generations` nothing is known of the Keras beside them. A package of which some
    release works with the other Keras is left out: that release may be the one that is used. So is
    one of the `own`: its name stands for a module of the program itself. `more` are packages that
    the table lacks.
    """
    if not may_import_package(text, more):
        return
    seen: set[tuple[int, str]] = set()
    for reference in bindings.resolve(text, tree, _tracked(more), follow_calls=False).references:
        package = packages(more)[reference.path.partition(".")[0]]
        path = package.bound(reference.path)
        is_other = bool(generations) and package.needs not in generations
        if (
            (package.name in own and not package.is_told)
            or package.supports
            or not is_other
            or path is None
            or _is_bare(reference, package)
        ):
            continue
        at = reference.node.lineno, path
        if at not in seen:
            seen.add(at)
            yield Misuse(reference.node, package.message(path), package.replacement(path))


def _is_bare(reference: Reference, package: Package) -> bool:
    """Return whether a reference uses the package itself, and nothing of it: `tfa`."""
    return reference.kind in ("name", "attribute") and reference.path == package.name


@cache
def _tracked(more: MorePackages) -> Tracked:
    return Tracked(roots=frozenset(packages(more)))


def _frozen(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else value
