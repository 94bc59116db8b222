"""Decide whether a path works in an environment in the way in which it is used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from keras_imports.atlas import Entry
from keras_imports.check.installed import Installed
from keras_imports.check.module import CheckedModule
from keras_imports.python.references import Binding, Reference


@dataclass(frozen=True, slots=True)
class Availability:
    """What comes of a path: it fails at `missing`, or gives `entry` if that is worth a word.

    `missing` is the shortest part of the path that is not there as it is used.
    """

    missing: str | None = None
    entry: Entry | None = None


_FINE = Availability()
# `import tensorflow` loads most of its private modules, and `import keras` those of its backend.
_LOADED = ("tensorflow.python.", "tensorflow._api.", "keras.src.backend.")


def availability(module: CheckedModule, reference: Reference) -> list[Availability]:
    """Return what comes of each path of a reference, which is an import or an attribute."""
    return [
        _of_path(module, reference.kind, path, binding)
        for path, binding in zip(reference.paths, reference.bindings, strict=True)
    ]


def _of_path(module: CheckedModule, kind: str, path: str, binding: Binding) -> Availability:
    if kind != "attribute":
        return _of_import(module.installed, kind, path)
    result = _of_attribute(module.installed, path, binding.path, frozenset())
    if result.missing is None:
        return result
    return _of_attribute(module.installed, path, binding.path, module.imported)


@lru_cache(maxsize=1 << 16)
def _of_import(installed: Installed, kind: str, path: str) -> Availability:
    if not installed.covers(path):
        return _FINE
    entry = installed.entry(path)
    if kind == "from":
        if entry is not None and entry.importable:
            return Availability(None, entry)
        package = path.rpartition(".")[0]
        is_there = not installed.covers(package) or installed.entry(package) is not None
        return Availability(path if is_there else package)
    return Availability(None if entry is not None and entry.module_path else path, entry)


@lru_cache(maxsize=1 << 16)
def _of_attribute(
    installed: Installed, path: str, start: str, imported: frozenset[str]
) -> Availability:
    """Return what comes of an attribute chain; an import answers for `start`, a part of it."""
    origin = installed.entry(start) if installed.covers(start) else None
    if installed.covers(start) and (origin is None or origin.kind != "module"):
        return _FINE
    entry, prefix = origin, start
    for part in path[len(start) + 1 :].split("."):
        if part.startswith("__"):
            return _FINE  # every module has such
        prefix = f"{prefix}.{part}"
        if not installed.covers(prefix):
            continue
        entry = installed.entry(prefix)
        if entry is None or not _is_loaded(entry, imported):
            return Availability(prefix)
        if entry.kind != "module":
            entry = entry if prefix == path else None
            break
    if origin is not None and not origin.public:
        return _FINE  # its import is reported
    return Availability(None, entry)


def _is_loaded(entry: Entry, imported: frozenset[str]) -> bool:
    """Return whether a name is there without an import of its own."""
    if entry.attribute or entry.path in imported:
        return True
    if entry.path.startswith(_LOADED):
        return True
    return entry.kind != "module" and entry.path.rpartition(".")[0] in imported
