"""Resolve dotted paths in an environment, as Python's import system would."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from keras_imports.atlas.environments import Environment
from keras_imports.atlas.storage import (
    ROADS,
    includes,
    is_road,
    part_of_module,
    read_meta,
    read_part,
    split_span,
    stored_releases,
    value_at,
)
from keras_imports.versions import version_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Place:
    """What a path leads to.

    `kind` is that of an `Entry`, "external" for something of another library, which exists but of
    which the atlas knows no more, or "unknown" where not even that is known. `where` is a module,
    `module:name` of a definition, or a dotted path outside the atlas.
    """

    kind: str
    package: str
    where: str


@functools.lru_cache(maxsize=64)
def release_index(env: Environment, package: str) -> int:
    """Return the place of the installed release among the package's, -1 if it is not installed."""
    if package in ("keras_applications", "keras_preprocessing"):  # there is one release of each
        required = [
            read_meta()["requires"].get(name, {}).get(getattr(env, name) or "", {})
            for name in ("keras", "tensorflow")
        ]
        return 0 if any(package in packages for packages in required) else -1
    release = getattr(env, package, None)
    return stored_releases(package).index(release) if release else -1


@functools.lru_cache(maxsize=1 << 16)
def record_of(env: Environment, module: str) -> tuple[dict[str, Any], int] | None:
    """Return what is stored of a module, and the index of the installed release of its package.

    `None` if the environment has no such module. A record has the releases that have the module
    (`i`), and of each release the names it binds (`n`), its star imports of other packages (`s`),
    its lazily loaded submodules (`l`), and the signatures of what it defines (`d`).
    """
    package = module.partition(".")[0]
    index = release_index(env, package)
    if index < 0:
        return None
    record = (read_part(part_of_module(package, module)) or {}).get(module)
    return (record, index) if record and includes(record["i"], index) else None


@functools.lru_cache(maxsize=1 << 16)
def module_at(env: Environment, path: str) -> Place | None:
    """Return the module that `import path` gives."""
    head, *rest = path.split(".")
    if head == "tensorflow_core":  # what TensorFlow 1.15 to 2.1 is inside
        if env.tensorflow is None or not (1, 15) <= version_key(env.tensorflow)[:2] <= (2, 1):
            return None
        head = "tensorflow"
    place = Place("module", head, head) if record_of(env, head) else None
    for leaf in rest:
        if place is None or place.kind != "module":
            break
        place = _submodule(env, place.where, leaf)
    return place


def _submodule(env: Environment, module: str, leaf: str) -> Place | None:
    """Return the module that `import module.leaf` finds."""
    stored = record_of(env, module)
    if not stored:
        return None
    record, index = stored
    name = f"{module}.{leaf}"
    if record_of(env, name):
        return Place("module", module.partition(".")[0], name)
    links = value_at(record.get("l", {}).get(leaf, ()), index)
    for target in links.split() if links else ():
        if target.startswith("tf_keras.") != env.legacy_env and "_tf_keras" not in target:
            continue
        place = module_at(env, target)
        if place:
            return place
    return Place("unknown", "", name) if is_road(module) and leaf not in ROADS else None


def _member(env: Environment, module: str, leaf: str) -> Place | None:
    """Return what `module.leaf` is once the module is imported."""
    stored = record_of(env, module)
    if not stored:
        return None
    record, index = stored
    code = value_at(record.get("n", {}).get(leaf, ()), index)
    if code:
        return _decode(env, code, module, leaf)
    if not leaf.startswith("_"):
        for star in reversed(stars_of(record, index)):
            place = _in_other_package(env, f"{star}.{leaf}")
            if place:
                return place
    if is_road(module) and leaf not in ROADS:
        return Place("unknown", "", f"{module}.{leaf}")
    return None


def stars_of(record: dict[str, Any], index: int) -> list[str]:
    """Return the modules that a module of a release star-imports from other packages."""
    spans = map(split_span, record.get("s", ()))
    return [star for star, bounds in spans if not bounds or includes(bounds, index)]


_KINDS = {"c": "class", "f": "function", "m": "module"}


def _decode(env: Environment, code: str, module: str, leaf: str) -> Place | None:
    """Return what the code of a binding stands for; see `build.extract.Release` for the codes."""
    package = module.partition(".")[0]
    if code == "=":
        return Place("other", package, f"{module}.{leaf}")
    if code[0] == "~":
        if package == "tensorflow" and code.startswith("~tensorflow."):
            return Place("external", "", code[1:])  # or the atlas would have the module
        place = _in_other_package(env, code[1:])
        return replace(place, kind="external") if place and place.kind == "unknown" else place
    own = f"{module}.{leaf}" if code[0] == "m" else f"{module}:{leaf}"
    where = code[2:] or own
    if code[0] == "m" and not record_of(env, where):
        return None
    return Place(_KINDS[code[0]], package, where)


def _in_other_package(env: Environment, path: str) -> Place | None:
    """Return what a path of another package is; unknown where the atlas does not reach.

    `@v2.layers` is a path in whichever Keras TensorFlow loads lazily.
    """
    if path.startswith("@"):
        version, _, rest = path[1:].partition(".")
        if env.legacy_env:
            root = f"tf_keras.api._{version}.keras"
        elif env.keras and version_key(env.keras) >= (3,):
            root = "keras._tf_keras.keras"
        else:
            root = f"keras.api._{version}.keras"
        path = f"{root}.{rest}" if rest else root
    if path.partition(".")[0] not in read_meta()["releases"]:
        return Place("unknown", "", path)
    return find(env, path)


def find(env: Environment, path: str) -> Place | None:
    """Return what a path leads to, imported or, if that fails, by attributes of its root."""
    return find_import(env, path) or find_attribute(env, path)


def find_import(env: Environment, path: str) -> Place | None:
    """Return what `import a.b` or `from a import b` gives for the path `a.b`."""
    package, _, leaf = path.rpartition(".")
    if not package:
        return module_at(env, path)
    module = module_at(env, package)
    if module is None or module.kind != "module":
        return module
    return _member(env, module.where, leaf) or _submodule(env, module.where, leaf)


def find_attribute(env: Environment, path: str) -> Place | None:
    """Return what `a.b.c` is after `import a` alone."""
    head, *rest = path.split(".")
    return _follow(env, module_at(env, head), rest)


def find_below_module(env: Environment, path: str) -> Place | None:
    """Return what the attributes of the longest module that can be imported lead to."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        place = module_at(env, ".".join(parts[:end]))
        if place:
            return _follow(env, place, parts[end:])
    return None


def _follow(env: Environment, place: Place | None, leaves: list[str]) -> Place | None:
    """Return what attributes of a place lead to; nothing is known of those of a class."""
    for leaf in leaves:
        if place is None:
            return None
        if place.kind == "function" or (place.kind == "external" and leaf in ROADS):
            return None  # TensorFlow 1.4 has a `compat`, but no `compat.v1`
        if place.kind == "module":
            place = _member(env, place.where, leaf)
        else:
            kind = "unknown" if place.kind in ("unknown", "external") else "other"
            place = Place(kind, place.package, f"{place.where}.{leaf}")
    return place


def if_known(place: Place | None) -> Place | None:
    """Return a place, `None` if nothing is known of it."""
    return None if place and place.kind == "unknown" else place
