"""Say which lines take the place of each import of some Keras."""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.bound_names import BoundName
from keras_imports.engine.name_writer import ROOT, NameWriter
from keras_imports.engine.unused_tensorflow import is_removed
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.python.import_statements import Line, import_line


def say_lines(writer: NameWriter) -> None:
    """Say what the import of each bound name becomes, once all names are written."""
    for bound in writer.names:
        statement = writer.statements.get(bound.statement)
        if statement is None or bound.alias is None:
            continue
        old, lines = statement.old(bound.alias), statement.lines.setdefault(bound.alias, [])
        if bound.is_fixed:
            lines[:] = [old]
        elif bound.is_module:
            lines += _module_lines(writer, bound, old)
        elif bound.stays or (not bound.is_used and bound.target is None):
            if all(line.local != old.local for line in lines):
                lines.insert(0, old)
        elif writer.is_below(bound.target):
            lines += [old] if bound.keeps_name else []
        elif not bound.is_used:
            module, _, leaf = (bound.target or "").rpartition(".")
            is_renamed = bound.alias.asname is not None or bound.keeps_name
            lines.append(Line(module, leaf, bound.local if is_renamed else leaf))
        for twin in bound.twins:
            is_gone = is_keras_path(twin.name) and not _is_module(writer.target, twin.name)
            if is_gone or lines != [old]:
                statement.lines[twin] = []


def _module_lines(writer: NameWriter, bound: BoundName, old: Line) -> Iterator[Line]:
    """Yield what becomes of the import of a module, which may be nothing."""
    if not bound.is_kept or is_removed(writer.module, bound):
        return
    if bound.target is None or bound.path == bound.target == old.name:
        yield old
        return
    if bound.path == "tensorflow":
        yield from _tensorflow_lines(writer, bound, old)
        return
    if bound.target == writer.target.root:
        is_below = not old.module and old.name.startswith(writer.target.root + ".")
        stays = is_below and _is_module(writer.target, old.name)
        yield old if stays else writer.root_line(bound.local)
        return
    module, _, leaf = bound.target.rpartition(".")
    if writer.is_below(bound.target):
        if bound.keeps_name or bound.stays:
            yield old
    elif not old.module and _is_module(writer.target, bound.target):
        yield import_line(bound.target, bound.local)
    else:
        yield Line(module, leaf, bound.local)


def _tensorflow_lines(writer: NameWriter, bound: BoundName, old: Line) -> Iterator[Line]:
    """Yield what becomes of `import tensorflow.keras.layers`, which binds `tensorflow`."""
    is_keras = is_keras_path(old.name) and not old.module
    if is_keras and writer.target.root != "tensorflow.keras":
        root = writer.root_line(writer.free(ROOT, writer.target.root))
        yield Line("", "tensorflow", "tensorflow") if bound.stays else root
    else:
        yield old


def _is_module(target: Target, path: str) -> bool:
    """Return whether `import path` works in the target."""
    entry = atlas.lookup(target.env, path)
    return entry is not None and entry.module_path and not target.is_one_level
