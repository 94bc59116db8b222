"""Answer from the atlas what an environment has, as rules ask it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from keras_imports import atlas
from keras_imports.atlas import Entry, Environment
from keras_imports.flavours import FLAVOURS, flavour_of, generation, root_of
from keras_imports.knowledge.keras_names import is_keras_path, tracked
from keras_imports.python.paths import callee

_PARTS = re.compile(r"(?:layers|applications|models|optimizers)\.|(?:Input|Model|Sequential)$")


@dataclass(frozen=True)
class Part:
    """A class or function that takes part in building a model.

    `root` is the module that the code takes it from, `engine` the package whose class it is:
    `tensorflow.keras` is a root, `keras` the engine of it in TensorFlow 2.16.
    """

    root: str
    engine: str
    symbol: str

    @property
    def name(self) -> str:
        """Return its name alone: `Dense`."""
        return self.symbol.rpartition(".")[2]


class Installed:
    """What the atlas says about one environment, remembered for all modules of a tree."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.tracked = tracked(self.star_names)  # what to follow through a module
        self._entries: dict[str, Entry | None] = {}
        self._covered: dict[str, bool] = {}
        self._engines: dict[str, str | None] = {}
        self._generations: dict[str, str | None] = {}
        self._parts: dict[str, Part | None] = {}

    def entry(self, path: str) -> Entry | None:
        """Return what a dotted path is, as `atlas.lookup` does."""
        if path not in self._entries:
            self._entries[path] = atlas.lookup(self.env, path)
        return self._entries[path]

    def covers(self, path: str) -> bool:
        """Return whether a path belongs to a Keras that the atlas knows, or is not installed."""
        if path not in self._covered:
            self._covered[path] = is_keras_path(path) and (
                not self.has(path) or atlas.covers(self.env, path)
            )
        return self._covered[path]

    def has(self, path: str) -> bool:
        """Return whether the package that a path starts with is installed at all."""
        flavour = flavour_of(path)
        return bool(flavour) and self.env.release(flavour) is not None

    def engine(self, root: str) -> str | None:
        """Return the package whose classes a root hands out, as `atlas.which_keras` does."""
        if root not in self._engines:
            self._engines[root] = atlas.which_keras(self.env, root)
        return self._engines[root]

    def engines(self, roots: Iterable[str]) -> set[str]:
        """Return the engines of several roots; more than one must not be mixed."""
        return {engine for root in roots if (engine := self.engine(root)) is not None}

    def generation(self, root: str) -> str | None:
        """Return how the Keras of a root behaves, as one of `flavours.GENERATIONS`."""
        if root not in self._generations:
            self._generations[root] = self._find_generation(root)
        return self._generations[root]

    def _find_generation(self, root: str) -> str | None:
        engine = self.engine(root)
        if engine is None:
            return None
        release = self.env.release(engine) if engine in FLAVOURS else None
        return "keras2" if release is None else generation(engine, release)  # TensorFlow's copies

    def part(self, path: str) -> Part | None:
        """Return the part of a model that a path, up to its first call, names."""
        name = callee(path)
        if name not in self._parts:
            self._parts[name] = self._find_part(name)
        return self._parts[name]

    def _find_part(self, name: str) -> Part | None:
        root = root_of(name)
        if not root or not self.covers(name):
            return None
        engine, entry = self.engine(root), self.entry(name)
        if engine is None or entry is None or entry.kind == "module":
            return None
        symbol = entry.symbol.removeprefix("compat.v1.")
        return Part(root, engine, symbol) if _PARTS.match(symbol) else None

    def star_names(self, module: str) -> tuple[str, ...]:
        """Return the names that `from module import *` binds, as far as is known."""
        return atlas.names(self.env, module) if atlas.covers(self.env, module) else ()

    def release(self, path: str) -> str:
        """Return the installed release that decides about a path: `tensorflow 2.21.0`."""
        flavour = flavour_of(path)
        return f"{FLAVOURS[flavour].package} {self.env.release(flavour)}"

    def counterpart(self, root: str, symbol: str) -> str | None:
        """Return the path to write for a symbol in the flavour of another root."""
        return atlas.public_path(self.env, flavour_of(root) or "keras", symbol)


@cache
def installed(env: Environment) -> Installed:
    """Return the one `Installed` of an environment."""
    return Installed(env)
