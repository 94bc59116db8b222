"""What the rules share: the module that is checked, what the atlas says, how a finding is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from keras_imports import atlas
from keras_imports.atlas import Entry, Environment
from keras_imports.flavours import FLAVOURS, flavour_of, generation, root_of
from keras_imports.knowledge.keras_names import is_keras_path, tracked
from keras_imports.python.bindings import resolve
from keras_imports.python.paths import callee
from keras_imports.python.references import Exports, Module
from keras_imports.python.sources import Source
from keras_imports.report import Finding, codes

_PARTS = re.compile(r"(?:layers|applications|models|optimizers)\.|(?:Input|Model|Sequential)$")
_CONSTANT_TRAINING = re.compile(r"training\s*=\s*(?:True|False)\b")


@dataclass(frozen=True)
class Part:
    """A class or function that takes part in building a model, and whose classes it hands out."""

    root: str
    engine: str
    symbol: str


class Knowledge:
    """What the atlas says about one environment, remembered for all modules of a tree."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.tracked = tracked(self.star)
        self._entries: dict[str, Entry | None] = {}
        self._covered: dict[str, bool] = {}
        self._engines: dict[str, str | None] = {}
        self._parts: dict[str, Part | None] = {}

    def entry(self, path: str) -> Entry | None:
        """`atlas.lookup`."""
        if path not in self._entries:
            self._entries[path] = atlas.lookup(self.env, path)
        return self._entries[path]

    def covers(self, path: str) -> bool:
        """Whether `path` belongs to a Keras that the atlas knows, or that is not installed."""
        if path not in self._covered:
            self._covered[path] = is_keras_path(path) and (
                not self.has(path) or atlas.covers(self.env, path)
            )
        return self._covered[path]

    def has(self, path: str) -> bool:
        """Whether the package that a path starts with is installed at all."""
        flavour = flavour_of(path)
        return bool(flavour) and self.env.release(flavour) is not None

    def engine(self, root: str) -> str | None:
        """`atlas.which_keras`."""
        if root not in self._engines:
            self._engines[root] = atlas.which_keras(self.env, root)
        return self._engines[root]

    def generation(self, root: str) -> str | None:
        """How the Keras of a root behaves: keras1, standalone (2.0 to 2.3), keras2 or keras3."""
        engine = self.engine(root)
        if engine is None:
            return None
        release = self.env.release(engine) if engine in FLAVOURS else None
        return "keras2" if release is None else generation(engine, release)  # TensorFlow's copies

    def part(self, path: str) -> Part | None:
        """The part of a model that a path, up to its first call, names."""
        name = callee(path)
        if name not in self._parts:
            self._parts[name] = self._find_part(name)
        return self._parts[name]

    def _find_part(self, callee: str) -> Part | None:
        root = root_of(callee)
        if not root or not self.covers(callee):
            return None
        engine, entry = self.engine(root), self.entry(callee)
        if engine is None or entry is None or entry.kind == "module":
            return None
        symbol = entry.symbol.removeprefix("compat.v1.")
        return Part(root, engine, symbol) if _PARTS.match(symbol) else None

    def star(self, module: str) -> tuple[str, ...]:
        """The names that `from module import *` binds, as far as is known."""
        return atlas.names(self.env, module) if atlas.covers(self.env, module) else ()

    def release(self, path: str) -> str:
        """The installed release that decides about a path, as messages name it."""
        flavour = flavour_of(path)
        return f"{FLAVOURS[flavour].package} {self.env.release(flavour)}"

    def counterpart(self, root: str, symbol: str) -> str | None:
        """The path to write for a symbol below another root."""
        return atlas.public_path(self.env, flavour_of(root) or "keras", symbol)


@cache
def knowledge(env: Environment) -> Knowledge:
    """The one `Knowledge` of an environment."""
    return Knowledge(env)


@dataclass(frozen=True)
class Subject:
    """One module, and the environment and flavour that it is checked against."""

    source: Source
    env: Environment
    flavour: str | None = None
    program: Callable[[str], Exports | None] | None = None  # the modules that belong to it

    @cached_property
    def known(self) -> Knowledge:
        """What the atlas says."""
        return knowledge(self.env)

    @cached_property
    def module(self) -> Module:
        """What the module refers to by the names of imports, which is all that most rules need."""
        return self.flow if self.calls_with_training else self._resolve(results=False)

    @cached_property
    def calls_with_training(self) -> bool:
        """Whether `training=` is given a constant somewhere, which only the flow can judge."""
        text = self.source.text
        return "training" in text and _CONSTANT_TRAINING.search(text) is not None

    @cached_property
    def flow(self) -> Module:
        """The same, with what calls return and where that goes."""
        return self._resolve(results=True)

    def _resolve(self, results: bool) -> Module:
        program = self.program if results else None
        text, tree = self.source.text, self.source.tree
        return resolve(text, tree, self.known.tracked, follow_calls=results, program=program)

    @cached_property
    def imported(self) -> frozenset[str]:
        """What some statement imports, and all modules above it."""
        modules: set[str] = set()
        for reference in self.module.references:
            if reference.kind in ("import", "from", "star"):
                modules.add(reference.path)
        for module in tuple(modules):
            while "." in module:
                module = module.rpartition(".")[0]
                modules.add(module)
        return frozenset(modules)

    @property
    def is_stub(self) -> bool:
        """Whether only type checkers read it: then all that matters is which names exist."""
        return self.source.file.endswith(".pyi")


@dataclass(frozen=True)
class Found:
    """A finding and the node that it is about."""

    finding: Finding
    node: ast.AST


Findings = Iterator[Found]


def found(
    subject: Subject,
    node: ast.AST,
    code: str,
    message: str,
    replacement: str | None = None,
    severity: str | None = None,
) -> Found:
    """A finding at the place of a node; its severity is that of its code unless given."""
    source = subject.source
    line, offset = node.lineno, node.col_offset  # type: ignore[attr-defined]
    column = len(source.lines[line - 1].encode()[:offset].decode(errors="replace")) + 1
    cell, place = source.place(line)
    severity = severity or codes()[code].severity
    row = Finding(source.file, place, column, code, severity, message, replacement, cell)
    return Found(row, node)
