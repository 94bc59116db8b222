"""Find out whether a file runs with the legacy Keras, by what it and its program set."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

from keras_imports.engine.program import Program, find_module
from keras_imports.knowledge.legacy_switch import (
    Step,
    Switch,
    find_switch,
    steps_of,
    through_program,
)
from keras_imports.python.sources import Source, read


def switch_of(source: Source, roots: tuple[str, ...]) -> Switch:
    """Return where a source, or a module that it imports before TensorFlow, sets the switch.

    One that comes too late counts only in the source itself.
    """
    file = os.path.abspath(source.file)

    def follow(importer: str, module: str) -> tuple[str, list[Step]] | None:
        found = find_module(importer, module, roots)
        return None if found is None else (found, _steps_of_file(found))

    steps = steps_of(source.tree)
    found = find_switch(through_program(file, steps, follow))
    is_own = any(step.statement is found.too_late for step in steps)
    return found if is_own else Switch(found.in_time)


def legacy_files(program: Program, files: Iterable[str]) -> set[str]:
    """Return the files that run with the legacy Keras: they, or an importer of them, ask for it."""
    asking = [file for file in files if _asks(file, program.roots)]
    imports: dict[str, list[str]] = {}
    for file, importers in program.imported_by.items():
        for importer in importers:
            imports.setdefault(importer, []).append(file)
    reached, stack = set(asking), asking
    while stack:
        new = set(imports.get(stack.pop(), ())) - reached
        reached |= new
        stack.extend(new)
    return reached


def _asks(file: str, roots: tuple[str, ...]) -> bool:
    source, _ = read(file)
    return source is not None and switch_of(source, roots).in_time


@cache
def _steps_of_file(file: str) -> list[Step]:
    """Return the steps of a file; none of a directory, or of what cannot be read."""
    source, _ = read(file) if os.path.isfile(file) else (None, [])
    return [] if source is None else steps_of(source.tree)
