"""Import what is used of a star by name.

    from keras.layers.core import *     from keras.layers import Dense
    from keras.callbacks import *       import numpy as np

That is what the module imported itself, and the star handed on. In a package, which others import
from, the star stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports.engine.around import reads_of
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.star_names import handed_on
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.import_statements import Line
from keras_imports.python.references import Reference

applies = always  # every target has its own modules


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Say what takes the place of each star; yield those that have no counterpart."""
    for reference in module.references:
        if reference.kind == "star":
            yield from _star(module, reference)


def _star(module: ModuleInMigration, reference: Reference) -> Iterator[Fix]:
    statement = module.bound_names.statement(reference.statement, module.tree)
    alias = statement.node.names[0]
    statement.lines[alias] = [statement.old(alias)]
    if not is_keras_path(reference.path):
        return
    is_used = any(name.alias is alias for name in module.bound_names.by_place.values())
    is_open = module.used.is_open
    lost = list(_handed_on(module, reference.path))
    if is_used and not is_open:
        statement.lines[alias] = lost  # the uses add what they need
        return
    resolved = module.resolve(reference.path)
    counterpart = "" if resolved is None else module.counterpart(resolved) or ""
    is_private = counterpart.startswith(f"{module.target.root}.src.")
    if counterpart and not is_private and not module.target.is_one_level:
        statement.lines[alias] = [Line(counterpart, "*", "*"), *lost]
        return
    if not is_open:
        statement.lines[alias] = lost
    message = f"`{reference.path}` has no counterpart in {module.target}"
    yield module.unfixed(alias, message, "import what is used of it by name")


def _handed_on(module: ModuleInMigration, path: str) -> Iterator[Line]:
    """Yield imports of what is no Keras, was bound by `from path import *`, and is used."""
    for name, meant in handed_on(path).items():
        is_unbound = name in module.text.text and not module.tree.binders(name)
        if is_unbound and any(reads_of(module.tree, name)):
            parent, _, leaf = meant.rpartition(".")
            yield Line(parent, leaf, name)
