"""Find the calls of classes and functions of Keras, and what the atlas says about them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_imports.atlas import Entry
from keras_imports.check.installed import Installed
from keras_imports.flavours import root_of
from keras_imports.python.references import Reference


@dataclass(frozen=True)
class KerasCall:
    """A call of a class or function that the atlas knows; `generation` is that of its Keras."""

    node: ast.Call
    path: str
    entry: Entry
    generation: str
    installed: Installed

    @property
    def name(self) -> str:
        """Return the last part of the path that is written: `Dense`."""
        return self.path.rpartition(".")[2]

    @property
    def symbol(self) -> str:
        """Return what the path stands for in all releases: `layers.Dense`."""
        return self.entry.symbol.removeprefix("compat.v1.")

    @property
    def release(self) -> str:
        """Return the installed release that decides about it: `keras 3.15.1`."""
        return self.installed.release(self.path)

    @property
    def raises(self) -> bool:
        """Return whether the name is a placeholder that raises whenever it is called."""
        return self.entry.note == "raises when called"

    def counterpart(self, symbol: str) -> str | None:
        """Return the path to write for another symbol in the same flavour."""
        return self.installed.counterpart(root_of(self.path), symbol)


def keras_calls(installed: Installed, names: Iterable[Reference]) -> Iterator[KerasCall]:
    """Yield the calls of names that stand for exactly one class or function of Keras."""
    for reference in names:
        path = reference.path
        if reference.call is None or len(reference.paths) > 1 or not installed.covers(path):
            continue
        entry, root = installed.entry(path), root_of(path)
        generation = installed.generation(root) if root else None
        if entry is not None and generation is not None:
            yield KerasCall(reference.call, path, entry, generation, installed)
