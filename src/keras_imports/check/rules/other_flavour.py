"""KI005: find imports of another flavour than the one that the project wants to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keras_imports import atlas
from keras_imports.check.module import CheckedModule
from keras_imports.check.replacement import as_written
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.check.rules.unavailable_paths import unavailable_paths
from keras_imports.engine.findings import Code, Example
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.references import Reference

KI005 = Code(
    "KI005",
    "warning",
    "not the flavour of the project",
    "The import works, but names another flavour than the one that the project wants to be, "
    "by `--flavour`.",
    "style",
    since="every release; asked for by `--flavour`",
    example=Example.of(
        """
        from tensorflow.keras.layers import Dense
        """,
        """
        from keras.layers import Dense
        """,
    ),
)


def other_flavour(module: CheckedModule) -> Violations:
    """Find imports that work, of another flavour than the project's."""
    wanted = module.setting.flavour
    if wanted is None:
        return
    others = list(_of_other_flavours(module.names, wanted))
    if not others:
        return
    failing = {violation.node for violation in unavailable_paths(module) if violation.is_error}
    for reference in others:
        if reference.node in failing:
            continue
        path, write = reference.path, None
        entry = module.installed.entry(path) if module.installed.covers(path) else None
        if entry is not None:
            public = atlas.public_path(module.installed.env, wanted, entry.symbol)
            write = None if public is None else as_written(reference, public)
        message = f"`{path}` is of {flavour_of(path)}, but the project is of {wanted}"
        yield Violation(KI005, reference.node, message, write)


RULE = Rule(other_flavour, (KI005,))


def _of_other_flavours(names: Iterable[Reference], wanted: str) -> Iterator[Reference]:
    """Yield the imports, and attributes of packages that are no Keras, that lead to others."""
    for reference in names:
        path = reference.path
        if reference.kind == "name" or not is_keras_path(path):
            continue
        if reference.kind == "attribute" and is_keras_path(reference.bindings[0].path):
            continue  # its import is reported
        if wanted not in {flavour_of(path) for path in reference.paths}:
            yield reference
