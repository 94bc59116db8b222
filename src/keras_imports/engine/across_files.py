"""Find out what the files of one program tell each other of the objects that they hand around.

    model.py        def build():
                        return keras.Sequential([keras.layers.Dense(3)])
    train.py        from model import build
                    build().predict_classes(x)

What a file exports is found once, after that of the files that it imports. Then what files give to
functions of others, and set on instances of their classes, is handed to those. Files that import
each other, be it through others, are told what their models are compiled with, too, and functions
what names of files they are given.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from keras_imports.engine.metric_names import metrics_in
from keras_imports.engine.program import Names, Program
from keras_imports.engine.told import Told, texts_in
from keras_imports.knowledge.packages import packages
from keras_imports.limits import SECONDS, TookTooLong, limited
from keras_imports.python.bindings import resolve
from keras_imports.python.edits import Text
from keras_imports.python.exports import Exported, Exports, is_telling
from keras_imports.python.references import Module
from keras_imports.python.sources import read
from keras_imports.python.tracking import Tracked
from keras_imports.python.tree import Tree


def surroundings_of(
    program: Program, tracked: Callable[[str], Tracked], seconds: float = SECONDS
) -> dict[str, Told]:
    """Return what each file is told by the others of its program, of those that are told anything.

    `tracked` tells what to follow through a file. One that takes more than some `seconds` of
    processor time tells nothing: it is named when it is looked at itself.
    """
    telling = _Telling(program, tracked, seconds)
    users = program.users()
    for file in users:
        telling.exports(file)
    for file in [file for file in users if file in telling.given]:
        telling.hand_on(file)
    found = {file: telling.told(file) for file in users}
    for file, texts in telling.texts.items():
        found[file] = replace(found.get(file) or Told(file), texts=texts)
    for file, imports in program.imports.items():
        own = packages().keys() & {module.partition(".")[0] for module in imports}
        if own:
            found[file] = replace(found.get(file) or Told(file), own_packages=frozenset(own))
    told = {file: each for file, each in found.items() if _tells(each)}
    compiling = [file for file, metrics in telling.metrics.items() if metrics]
    for together in program.connected(compiling):
        metrics = frozenset().union(*[telling.metrics.get(file, ()) for file in together])
        for file in together & (told.keys() | program.keras):
            told[file] = replace(told.get(file) or Told(file), metrics=metrics)
    return told


def _tells(told: Told) -> bool:
    exports = (value for its in told.imports.values() for value in its.values())
    return bool(told.given or told.texts or told.own_packages) or any(map(is_telling, exports))


class _Telling:
    """What the files of a program export, and give to each other."""

    def __init__(self, program: Program, tracked: Callable[[str], Tracked], seconds: float) -> None:
        self.program = program
        self.tracked = tracked
        self.seconds = seconds
        self.known: dict[str, Exports] = {}
        self.given: dict[str, dict[str, dict[str, Exported]]] = {}  # by file, taker and name
        self.metrics: dict[str, frozenset[str]] = {}
        self.texts: dict[str, dict[str, dict[int | str, frozenset[str]]]] = {}  # by file, by taker

    def exports(self, file: str) -> Exports:
        """Return what other modules may import from a file."""
        if file not in self.known:
            self.known[file] = {}  # while it is being found: imports may go round in a circle
            module = self._resolved(file) if os.path.isfile(file) else None
            if module is not None:
                self.known[file] = module.exports
                self._note(module)
        return self.known[file]

    def hand_on(self, file: str) -> None:
        """Find what a file gives to others of what it is given."""
        module = self._resolved(file)
        if module is not None:
            self._note(module)

    def told(self, file: str, wanted: Names = frozenset()) -> Told:
        """Return what a file is told by the others; `wanted` is what they ask of it."""
        names = self.program.names[file]
        exports = {}
        for module, imported in self.program.imports[file].items():
            its, known = names[module], self.exports(imported)
            exports[module] = known if its is None else {n: known[n] for n in its if n in known}
        return Told(file, exports, self.given.get(file, {}), wanted)

    def _resolved(self, file: str) -> Module | None:
        source, _ = read(file)
        if source is None:
            return None
        try:
            told = self.told(file, self.program.wanted.get(file, frozenset()))  # looks at others
            with limited(self.seconds):
                if file not in self.metrics:
                    self._note_strings(file, Tree(source.tree, Text(source.text)))
                return resolve(source.text, source.tree, self.tracked(file), surroundings=told)
        except (RecursionError, TookTooLong):
            return None

    def _note_strings(self, file: str, tree: Tree) -> None:
        """Note the metrics that a file compiles models with, and the names of files it gives."""
        self.metrics[file] = metrics_in(tree)
        for taking, taker, place, end in texts_in(tree, self.program.imports[file]):
            its = self.texts.setdefault(taking, {}).setdefault(taker, {})
            its[place] = its.get(place, frozenset()) | {end}

    def _note(self, module: Module) -> None:
        """Note what a module gives to others."""
        for file, takers in module.given.items():
            for taker, its in takers.items():
                known = self.given.setdefault(file, {}).setdefault(taker, {})
                for name, value in its.items():
                    both = {each and each.path: each for each in (*known.get(name, ()), *value)}
                    known[name] = tuple(both.values())
