"""What `from module import *` may bind, in any of the releases that people used."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import is_keras_path

_NOT_ITS_OWN = ("keras", "tensorflow", "tf_keras", "distutils")  # the last one is gone itself

_RELEASES_OF_KERAS = ("1.2.2", "2.0.9", "2.2.4", "2.3.1", "2.12.0", "2.15.0")


@lru_cache(maxsize=256)
def star_names(module: str) -> frozenset[str]:
    """Return the public names of a module that stand for something of some Keras."""
    if module == "tensorflow":
        return frozenset({"keras"})  # and much that is no Keras
    if not is_keras_path(module):
        return frozenset()
    bound: set[str] = set()
    for env in _environments(module):
        for name in atlas.names(env, module):
            entry = atlas.lookup(env, f"{module}.{name}")
            if entry is not None and entry.kind != "other" and is_keras_path(entry.object):
                bound.add(name)
    return frozenset(bound)


@lru_cache(maxsize=256)
def handed_on(module: str) -> dict[str, str]:
    """Return what a star of a module of some Keras binds that is no Keras: `np` is `numpy`."""
    bound: dict[str, str] = {}
    for env in _environments(module):
        for name in atlas.names(env, module):
            entry = atlas.lookup(env, f"{module}.{name}")
            if entry is None or entry.kind != "other" or name.startswith("_"):
                continue
            if not hasattr(builtins, name) and not entry.object.startswith(_NOT_ITS_OWN):
                bound[name] = entry.object.replace("collections.Iter", "collections.abc.Iter")
    return bound


def _environments(module: str) -> Iterator[Environment]:
    """Yield the releases of a module's flavour that people used."""
    flavour = flavour_of(module)
    releases = atlas.releases(flavour)
    if flavour == "keras":
        releases = (*_RELEASES_OF_KERAS, releases[-1])
    else:
        releases = releases[:: max(1, len(releases) // 6)]
    for release in releases:
        yield atlas.flavour_environment(flavour, release)
