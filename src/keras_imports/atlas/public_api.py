"""The public API: which paths of a flavour people are meant to write for a symbol.

Every public API is a *tree* of paths. A flavour has one, but which one `tensorflow.keras` shows
depends on the environment: TensorFlow's own, one of the Keras beside it, or that of tf_keras.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from keras_imports.atlas.environments import Environment
from keras_imports.atlas.resolution import find, record_of, release_index
from keras_imports.atlas.storage import includes, part_of_name, read_part
from keras_imports.flavours import FLAVOURS

Paths = dict[str, dict[str, list[int]]]  # by tree and path: the runs of releases that have it

# Where public APIs begin, the longer roots first.
ROOTS = (*(root for flavour in FLAVOURS.values() for root in flavour.other_roots), *FLAVOURS)


def split_flavour(path: str) -> tuple[str, str]:
    """Return the public root that a path begins with (`""` if none), and the rest.

    TensorFlow 2 has some of Keras's modules under its own name too: `tensorflow.losses`.
    """
    if re.match(r"tensorflow\.(losses|metrics|optimizers|initializers)\b", path):
        return "tensorflow.keras", path.removeprefix("tensorflow.")
    for root in ROOTS:
        if path == root or path.startswith(root + "."):
            return root, path[len(root) + 1 :]
    return "", path


def public_path(env: Environment, flavour: str, symbol: str, like: str = "") -> str | None:
    """Return the path to write for a symbol in a flavour, such as `keras.layers.Dense`.

    Of several paths it is the one whose last name is most `like` another one, then the usual one.
    `None` if the environment has no such flavour, or the flavour no such symbol.
    """
    tree = tree_of(env, flavour)
    if not tree or not symbol:
        return flavour if tree else None
    index = release_index(env, tree.partition(".")[0])
    paths = paths_of(symbol).get(tree, {})
    valid = [path for path, bounds in paths.items() if includes(bounds, index)]
    if not valid:
        return None
    leaf = symbol.rpartition(".")[2]

    def order(path: str) -> tuple[bool | int | str, ...]:
        name = path.rpartition(".")[2]
        return (
            *(_unlike(name, like) if like else ()),
            path != symbol,
            name != leaf,
            path.count("."),
            path,
        )

    return f"{flavour}.{min(valid, key=order)}"


def _unlike(name: str, other: str) -> tuple[bool, bool, bool]:
    """Return how names differ: at all, in more than capitals and `_`, in being that of a class."""
    plain = [each.replace("_", "").lower() for each in (name, other)]
    return name != other, plain[0] != plain[1], name[:1].isupper() != other[:1].isupper()


def api(env: Environment, flavour: str) -> dict[str, str]:
    """Return the public paths of a flavour in an environment, each with its symbol."""
    tree = tree_of(env, flavour)
    if not tree:
        return {}
    index = release_index(env, tree.partition(".")[0])
    symbols = {}
    for part in sorted({part_of_name(name) for name in read_part("names") or ()}):
        for symbol, trees in read_part(part)["symbols"].items():
            for path, bounds in trees.get(tree, {}).items():
                if includes(bounds, index):
                    symbols[f"{flavour}.{path}"] = symbol
    return symbols


@functools.lru_cache(maxsize=1024)
def tree_of(env: Environment, root: str) -> str | None:
    """Return the name of the public API that a root shows in an environment, `None` if none."""
    if not root.startswith("tensorflow."):
        return root if record_of(env, root) else None
    place = find(env, root)
    if not place or place.kind != "module":
        return None
    version = re.search(r"\bapi\._(v\d)\b", place.where)
    if place.package == "tensorflow":
        name = re.search(r"compat\.(v\d)", root)
        return f"tensorflow._{name[1]}" if name else "tensorflow"
    if "_tf_keras" in place.where:
        return "keras._tf_keras"
    if place.package == "tf_keras" and version and version[1] == "v2":
        return "tf_keras"
    return f"{place.package}._{version[1]}" if version else place.package


def trees_of(env: Environment) -> Iterator[str]:
    """Yield the name of each public API that an environment has."""
    for root in ROOTS:
        tree = tree_of(env, root)
        if tree:
            yield tree


def paths_of(symbol: str) -> Paths:
    """Return the paths of a symbol in each public API, with the runs of releases that have them."""
    part = read_part(part_of_name(symbol.rpartition(".")[2]))
    paths: Paths = part["symbols"].get(symbol, {}) if part else {}
    return paths


def is_listed(env: Environment, paths: Paths, tree: str, path: str | None = None) -> bool:
    """Return whether a public API has one of a symbol's paths, or the one given."""
    index = release_index(env, tree.partition(".")[0])
    of_tree = paths.get(tree, {})
    chosen = of_tree.values() if path is None else [of_tree.get(path, [])]
    return any(includes(bounds, index) for bounds in chosen)


def symbol_at(env: Environment, tree: str, path: str) -> str:
    """Return the symbol that a public API has under a path, `""` if the path is not public."""
    leaf = path.rpartition(".")[2]
    part = read_part(part_of_name(leaf))
    for symbol in part["names"].get(leaf, ()) if part else ():
        if is_listed(env, paths_of(symbol), tree, path):
            return str(symbol)
    return ""
