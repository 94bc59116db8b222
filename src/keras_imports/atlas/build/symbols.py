"""One identity for each symbol, across releases and flavours.

A symbol is named by the path that people are meant to write, without its flavour:
`layers.BatchNormalization`. Of several paths of one object the one that ends in its own name
wins; and a path that means another name today (`layers.Convolution2D`) takes that one's
(`layers.Conv2D`), so that a symbol can be followed through its renamings. The class of TensorFlow 1
beside one of the same name is another symbol, `compat.v1.layers.BatchNormalization`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from keras_imports.atlas.build.extract import Release

Api = dict[str, str]  # public path without its flavour -> what it is, as a coded binding
Key = tuple[str, int]  # a release: its package, and its place among the package's releases
Trees = dict[Key, dict[str, Api]]  # the public APIs of each release, by the name of their tree
Symbols = dict[Key, dict[str, str]]  # the symbol of each definition of each release

# Where each package's public APIs begin, by the name of their tree.
ROOTS = {
    "keras": {
        "keras": "keras",
        "keras._tf_keras": "keras._tf_keras.keras",
        "keras._v2": "keras.api._v2.keras",
        "keras._v1": "keras.api._v1.keras",
    },
    "tf_keras": {"tf_keras": "tf_keras", "tf_keras._v1": "tf_keras.api._v1.keras"},
    "keras_core": {"keras_core": "keras_core"},
    "tensorflow": {
        "tensorflow": "tensorflow.keras",
        "tensorflow._v1": "tensorflow.compat.v1.keras",
        "tensorflow._v2": "tensorflow.compat.v2.keras",
    },
}
# Those without TensorFlow 1's behaviour.
MAIN = ("keras", "keras._v2", "tf_keras", "tensorflow")
# Until Keras 2.4 nothing marks what is public: what was documented is what is bound in modules
# whose like later APIs have, and comes from them or is public later; and in these modules what
# their package does not bind itself.
HISTORICAL = ("objectives", "utils.np_utils", "utils.visualize_util", "utils.io_utils")
NOT_API = frozenset({"src", "api", "protobuf", "legacy_tf_layers"})


def apis(package: str, release: Release) -> dict[str, Api]:
    """Return each generated public API of a release, by the name of its tree."""
    trees = {}
    for tree, root in ROOTS.get(package, {}).items():
        module = _module(release, root)
        if module and not (tree == "keras" and _is_of_sources(release)):
            trees[tree] = dict(_walk(release, module, "", frozenset()))
    return trees


def _is_of_sources(release: Release) -> bool:
    """Return whether `keras` is the package of the sources themselves, as until 2.12."""
    return "keras.src" not in release.bindings


def early_api(release: Release, later: set[str], generated: Api | None) -> Api:
    """Return the public API of a Keras whose package is its sources, as until 2.12.

    From 2.5 on `generated` lists it; before, it is what `later` APIs have, and what the same
    modules define.
    """
    modules = {path.rpartition(".")[0] for path in later} | set(HISTORICAL)
    packages = {name.rpartition(".")[0] for name in release.bindings}
    found: Api = {}
    for path in sorted(modules):
        name = f"keras.{path}" if path else "keras"
        for leaf, code in release.bindings.get(name, {}).items():
            public = f"{path}.{leaf}" if path else leaf
            if leaf.startswith("_") or code == "m:" + name:
                continue
            if generated is not None:
                listed = public in generated
            else:
                target = code[2:] if code[1:2] == ":" else name
                # What a package's `__init__` takes from other modules it means to hand out.
                origin = "keras" if name in packages else name
                own = (target + ":").startswith((origin + ":", origin + "."))
                if path in HISTORICAL:
                    own = leaf not in release.bindings.get(name.rpartition(".")[0], {})
                listed = public in later or (code[0] in "cf" and own and bool(path))
            if listed:
                found[public] = resolve(code, name, leaf)
        if path and name in release.bindings:
            found[path] = "m:" + name
    return found


def _module(release: Release, path: str) -> str | None:
    """Return the module that a path of attributes leads to, `None` if it leads to none."""
    parts = path.split(".")
    module = parts[0]
    for leaf in parts[1:]:
        code = release.bindings.get(module, {}).get(leaf, "")
        whole = f"{module}.{leaf}"
        if code == "m":
            module = whole
        elif code.startswith("m:"):
            module = code[2:]
        elif whole in release.bindings and not code:
            module = whole
        else:
            return None
    return module if module in release.bindings else None


def _walk(
    release: Release, module: str, path: str, above: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the public paths below a module and what each is; `path` is that of the module."""
    bound = dict(release.bindings[module])
    for name in release.bindings:  # submodules that only an import reaches
        parent, _, leaf = name.rpartition(".")
        if parent == module:
            bound.setdefault(leaf, "m")
    for leaf, code in bound.items():
        if leaf.startswith("_") or (not path and leaf in NOT_API):
            continue
        public = f"{path}.{leaf}" if path else leaf
        code = resolve(code, module, leaf)
        if code.startswith("m:"):
            target = code[2:]
            if target in above or target not in release.bindings:
                continue
            yield public, code
            yield from _walk(release, target, public, above | {module})
        else:
            yield public, code


def resolve(code: str, module: str, leaf: str) -> str:
    """Return a binding's code with its target written out."""
    if code in ("c", "f"):
        return f"{code}:{module}:{leaf}"
    return f"m:{module}.{leaf}" if code == "m" else code


def name_symbols(trees: Trees, order: list[str]) -> tuple[Symbols, dict[str, str]]:
    """Return the symbol of each public definition of each release, and of each public path.

    `order` holds the names of trees; the first that has a path decides what it means today.
    """
    counts = Counter(
        path
        for groups in trees.values()
        for tree, api in groups.items()
        for path in api
        if not tree.endswith(("._v1", "._v2"))
    )
    canonical: Symbols = {}
    for key, groups in trees.items():
        best: dict[str, tuple[tuple[object, ...], str]] = {}
        leaves: dict[str, set[str]] = defaultdict(set)
        for tree, api in groups.items():
            for path, code in api.items():
                if code[1:2] != ":" or code[0] not in "cfm":
                    continue
                # `compat.v1` only where the release means something else by the path today.
                old = tree.endswith("._v1") and any(path in groups.get(m, ()) for m in MAIN)
                prefix = "compat.v1." if old else ""
                target = code[2:]
                own_name = target.rpartition(":")[2].rpartition(".")[2]
                leaf = path.rpartition(".")[2]
                leaves[target].add(leaf)
                rank = (
                    bool(prefix),
                    leaf != own_name,
                    "experimental" in path or "legacy" in path,
                    path.partition(".")[0] not in re.split(r"[.:]", target),
                    path.count(".") != 1,  # layers.Layer, models.Model, applications.VGG16
                    -counts[path],
                    path,
                )
                if target not in best or rank < best[target][0]:
                    best[target] = (rank, prefix + path)
        canonical[key] = {
            # One wrapper or placeholder under many names is as many symbols: its paths say which.
            target: "" if rank[1] and len(leaves[target]) > 1 else symbol
            for target, (rank, symbol) in best.items()
        }
    latest = {
        (package, target): symbol
        for (package, _), targets in sorted(canonical.items())
        for target, symbol in targets.items()
    }
    today: dict[str, str] = {}
    for tree in order:
        keys = sorted((key for key, groups in trees.items() if tree in groups), key=lambda k: -k[1])
        for key in keys:
            for path, code in trees[key][tree].items():
                today.setdefault(path, latest.get((key[0], code[2:])) or path)
    symbols = {
        key: {target: today.get(symbol, symbol) for target, symbol in targets.items()}
        for key, targets in canonical.items()
    }
    return symbols, today
