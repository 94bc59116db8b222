"""Find where a dotted path of the source leads in the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.flavours import flavour_of, root_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.origin import Origin, entry_of
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.knowledge.target import Target

_FEW = 2  # names such as `get` and `serialize` are in every module
_LAST_ON_ITS_OWN = "2.3.1"  # of Keras 2, before it was part of TensorFlow


@dataclass(frozen=True, eq=False)
class Resolved:
    """The part of a path that is a module, class or function of some Keras.

    `rest` is how many attributes of it follow; `symbol` is its identity, without `compat.v1`.
    """

    path: str
    rest: int
    entry: Entry
    symbol: str

    @property
    def is_module(self) -> bool:
        """Whether it is a module."""
        return self.entry.kind == "module"


@lru_cache(maxsize=1 << 15)
def resolve(path: str, origin: Origin) -> Resolved | None:
    """Return what a path means in the release that the code was written for, or in any other.

    `None` if no release has it, or if it is ambiguous. A path that never was, and is one of a Keras
    but for its beginning, is taken for that: `tensorflow.keras.engine.Layer`.
    """
    resolved = _resolve(path, origin)
    if resolved is None:
        meant = (_resolve(each, by) for each, by in _meant_by(path, origin))
        resolved = next(filter(None, meant), None)
    return resolved


def _meant_by(path: str, origin: Origin) -> Iterator[tuple[str, Origin]]:
    """Yield what a search-and-replace may have made a path of, and the releases it is from."""
    flavour, relative = atlas.split_flavour(path)
    if relative.startswith("keras."):
        yield f"{flavour}.{relative.removeprefix('keras.')}", origin
    if flavour != "keras" and relative:
        yield f"keras.{relative}", Origin("keras", _LAST_ON_ITS_OWN)
    if relative.isidentifier() and f"layers.{relative}" in atlas.symbols(relative):
        yield f"{flavour}.layers.{relative}", origin  # `keras.RNN`: its module was left out


@lru_cache(maxsize=1 << 15)
def _resolve(path: str, origin: Origin) -> Resolved | None:
    """Return what a path means as it stands."""
    parts = path.split(".")
    last: Entry | None = None
    for end in range(1, len(parts) + 1):
        prefix = ".".join(parts[:end])
        if not is_keras_path(prefix):
            continue
        entry = entry_of(origin.flavour, origin.release, prefix)
        if entry is None:
            return _elsewhere(path, parts, last, origin)
        last = entry
        if entry.kind != "module":
            return Resolved(prefix, len(parts) - end, entry, shared_symbol(prefix, entry.symbol))
    return Resolved(path, 0, last, last.symbol) if last is not None else None


def _elsewhere(path: str, parts: list[str], last: Entry | None, origin: Origin) -> Resolved | None:
    """Return what a path means in the next release that has it, newer ones first."""
    if last is not None and path.rpartition(".")[2].startswith("__"):
        return Resolved(path, 0, last, f"{last.symbol}.{parts[-1]}".lstrip("."))
    for end in range(min(len(parts), atlas.DEEPEST), 1, -1):
        prefix = ".".join(parts[:end])
        flavour = atlas.split_flavour(prefix)[0].replace("compat.v1.", "").replace("compat.v2.", "")
        flavour = flavour or flavour_of(prefix)
        if not flavour:
            return None
        releases = atlas.releases(flavour)
        at = releases.index(origin.release) if origin.release in releases else 0
        for release in (*releases[at:], *reversed(releases[:at])):
            entry = entry_of(flavour, release, prefix)
            if entry is not None:
                if end < len(parts) and entry.kind == "module":
                    return None
                return Resolved(
                    prefix, len(parts) - end, entry, shared_symbol(prefix, entry.symbol)
                )
    return None


def namesakes(leaf: str, target: Target) -> list[str]:
    """Return the public paths of classes and functions of a name in the target, if they are few."""
    paths = {path for each in atlas.symbols(leaf) if (path := target.path(each))}
    entries = [atlas.lookup(target.env, f"{target.flavour}.{path}") for path in paths]
    is_module = any(entry is None or entry.kind == "module" for entry in entries)
    return [] if is_module or len(paths) > _FEW else sorted(paths)


def _private_module(relative: str, target: Target) -> str | None:
    """Return where the target has a private module: as it was, or in `src` from keras 2.13 on."""
    for path in (relative, f"src.{relative}"):
        entry = atlas.lookup(target.env, f"{target.flavour}.{path}")
        if entry is not None and entry.kind == "module":
            return path
    return None


@lru_cache(maxsize=1 << 15)
def counterpart(resolved: Resolved, target: Target) -> str | None:
    """Return the path below the target's root for what a path means, `None` if there is none."""
    flavour, relative = atlas.split_flavour(resolved.path)
    leaf = relative.rpartition(".")[2]
    if leaf.startswith("__") and leaf.endswith("__"):
        return resolved.path[len(root_of(resolved.path)) + 1 :]
    if not relative:
        return ""
    here = atlas.lookup(target.env, f"{target.flavour}.{relative}")
    if here is not None and here.public:
        same = here.symbol.removeprefix("compat.v1.") == resolved.symbol
        if same or (here.kind == resolved.entry.kind == "module"):
            return relative
    if here is not None and resolved.is_module and flavour == target.flavour:
        return relative  # it is private; the public module of its name has less in it
    path = target.path(resolved.symbol, leaf)
    if path is not None:
        return path
    if resolved.is_module:
        return _private_module(relative, target)
    if here is not None and flavour == target.flavour and here.symbol == resolved.symbol:
        return relative  # it is private, but nothing has to change
    if here is not None and here.public and here.kind == resolved.entry.kind:
        return relative
    private = atlas.lookup(target.env, f"{target.flavour}.src.{relative}")
    if private is not None and private.kind == resolved.entry.kind:
        return f"src.{relative}"  # where keras 2.13 and later have what is not public
    # The same path may have had another identity in another release.
    others = {target.path(symbol) for symbol in atlas.symbols(resolved.path)} - {None}
    others = {path for path in others if path and path.rpartition(".")[2] == leaf}
    return others.pop() if len(others) == 1 else None
