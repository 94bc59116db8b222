"""Look up a dotted path: what it is, what may be passed to it, how it can be imported."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from keras_imports.atlas.environments import Environment
from keras_imports.atlas.public_api import (
    is_listed,
    paths_of,
    split_flavour,
    symbol_at,
    tree_of,
    trees_of,
)
from keras_imports.atlas.resolution import (
    Place,
    find,
    find_attribute,
    find_below_module,
    find_import,
    if_known,
    module_at,
    record_of,
    stars_of,
)
from keras_imports.atlas.storage import (
    read_directory,
    read_meta,
    read_part,
    value_at,
)
from keras_imports.python.signatures import Signature, parse_signature


@dataclass(frozen=True)
class Entry:
    """What a dotted path is in one environment."""

    path: str
    kind: str  # "module", "class", "function" or "other"
    symbol: str  # one identity across releases and flavours: "layers.BatchNormalization"
    object: str  # defining module and name: "keras.src.layers.core.dense.Dense"
    public: bool  # the path is one that people are meant to write
    symbol_public: bool  # the symbol has such a path in this environment
    importable: bool  # `from a import b` works
    module_path: bool  # `import a.b` works, too
    attribute: bool  # `a.b` works after `import a` alone
    signature: Signature | None
    note: str | None  # e.g. "raises when called"


DEEPEST = 16  # parts of a path, more than any release has


@functools.lru_cache(maxsize=1 << 16)
def lookup(env: Environment, path: str) -> Entry | None:
    """Return what a dotted path, as code writes it, is in an environment; `None` if nothing.

    What a class has is asked of `member`: `keras.Model.fit` is an entry of kind "other".
    """
    if path.count(".") >= DEEPEST:
        return None
    imported = if_known(find_import(env, path))
    attribute = if_known(find_attribute(env, path))
    place = imported or attribute or if_known(find_below_module(env, path))
    if place is None:
        return None
    symbol, signature, note = describe(env, place)
    flavour, rest = split_flavour(path)
    tree = tree_of(env, flavour) if flavour else None
    if tree and place.kind != "module":
        symbol = symbol or symbol_at(env, tree, rest)
    symbol = symbol or without_flavour(path)
    paths = paths_of(symbol)
    public = tree is not None and (not rest or is_listed(env, paths, tree, rest))
    return Entry(
        path=path,
        kind="other" if place.kind == "external" else place.kind,
        symbol=symbol,
        object=place.where.replace(":", "."),
        public=public,
        symbol_public=public or any(is_listed(env, paths, name) for name in trees_of(env)),
        importable=imported is not None,
        module_path=if_known(module_at(env, path)) is not None,
        attribute=attribute is not None,
        signature=signature,
        note=note,
    )


def covers(env: Environment, path: str) -> bool:
    """Return whether the atlas can say anything about a path: not about `tensorflow.nn.relu`."""
    if path.partition(".")[0] not in (*read_meta()["releases"], "tensorflow_core"):
        return False
    place = find(env, path)
    return place is None or place.kind != "unknown"


def modules(env: Environment, package: str) -> tuple[str, ...]:
    """Return every module of an installed package that can be imported, also the private ones."""
    parts = [part for part in read_directory()[0] if part.startswith(package + "/")]
    stored = {module for part in parts for module in read_part(part)}
    return tuple(sorted(module for module in stored if record_of(env, module)))


def names(env: Environment, module: str) -> tuple[str, ...]:
    """Return the names that `from module import *` binds in an environment."""
    place = module_at(env, module)
    stored = record_of(env, place.where) if place and place.kind == "module" else None
    if not stored:
        return ()
    record, index = stored
    bound = {leaf for leaf, values in record.get("n", {}).items() if value_at(values, index)}
    for star in stars_of(record, index):
        bound.update(names(env, star))
    return tuple(sorted(name for name in bound if not name.startswith("_")))


def describe(env: Environment, place: Place) -> tuple[str, Signature | None, str | None]:
    """Return the symbol of a place (`""` if only its path tells), its signature and a note."""
    if place.kind == "module":
        return without_flavour(place.where), None, None
    if place.kind not in ("class", "function"):
        return "", None, None
    module, _, name = place.where.partition(":")
    record, index = record_of(env, module) or ({}, -1)
    definition = value_at(record.get("d", {}).get(name, ()), index)
    if definition is None:
        return "", None, None
    symbol, text = definition
    note = "raises when called" if text.startswith("!") else None
    return symbol, parse_signature(text.lstrip("!")), note


def without_flavour(where: str) -> str:
    """Return a place without what differs between flavours: `layers` of `keras.src.layers`."""
    return re.sub(
        r"^(tensorflow\.(contrib\.|python\.)?|tf_)?(keras(_core)?(\.|$))?"
        r"(_impl\.keras\.|src\.|(api\._v\d|_tf_keras|api)\.(keras(\.|$))?)?",
        "",
        where.replace(":", "."),
    )
