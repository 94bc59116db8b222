"""Import what is used of a star by name.

    from keras.layers.core import *     from keras.layers import Dense

In a package, which others import from, the star stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, always
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
    if is_used and not is_open:
        statement.lines[alias] = []  # the uses add what they need
        return
    resolved = module.resolve(reference.path)
    counterpart = resolved and module.counterpart(resolved)
    if counterpart and not module.target.is_one_level:
        statement.lines[alias] = [Line(counterpart, "*", "*")]
        return
    if not is_open:
        statement.lines[alias] = []
    message = f"`{reference.path}` has no counterpart in {module.target}"
    yield module.unfixed(alias, message, "import what is used of it by name")
