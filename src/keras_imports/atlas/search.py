"""Find the symbols that a name may mean, and names that resemble one."""

from __future__ import annotations

import re

from keras_imports.atlas.entries import lookup
from keras_imports.atlas.environments import flavour_environment, releases
from keras_imports.atlas.public_api import ROOTS, paths_of, split_flavour
from keras_imports.atlas.storage import part_of_name, read_directory, read_part
from keras_imports.flavours import PACKAGES, flavour_of


def symbols(name: str) -> tuple[str, ...]:
    """Return the symbols that a name may mean; `""` is Keras itself.

    The name is a last part such as `Dense`, one below a module such as `layers.Dense` or `K.mean`,
    or a path of any release, private ones included.
    """
    name = written_out(name)
    rest = split_flavour(name)[1]
    if name in ROOTS:
        return ("",)
    leaf = rest.rpartition(".")[2]
    part = read_part(part_of_name(leaf))
    candidates = part["names"].get(leaf, []) if part else []
    if "." not in name:
        return tuple(candidates)
    meant = []
    for symbol in candidates:
        paths = {path for tree in paths_of(symbol).values() for path in tree}
        if rest == symbol or rest in paths or any(path.endswith("." + rest) for path in paths):
            meant.append(symbol)
    return tuple(meant) or _symbols_of_private(name)


def suggest(name: str) -> tuple[str, ...]:
    """Return up to four names that resemble an unknown one, the closest first."""
    import difflib

    leaf = name.rpartition(".")[2]
    folded = {known.lower(): known for known in reversed(read_part("names") or [])}
    close = difflib.get_close_matches(leaf.lower(), folded, n=4, cutoff=0.7)
    return tuple(folded[match] for match in close)


def private_paths(name: str, most: int = 4) -> tuple[str, ...]:
    """Return the paths of any release whose last name is this one, the shortest first.

    All modules are gone through, private ones included: this takes as long as reading the atlas.
    """
    found: set[str] = set()
    for part in read_directory()[0]:
        if part.partition("/")[0] not in PACKAGES:
            continue
        for module, record in read_part(part).items():
            if module.endswith(f".{name}"):
                found.add(module)
            if name in record.get("n", ()):
                found.add(f"{module}.{name}")
    return tuple(sorted(found, key=lambda path: (path.count("."), path))[:most])


def written_out(name: str) -> str:
    """Return a name without the usual abbreviations `K` and `tf`."""
    return re.sub(r"^K\.", "backend.", re.sub(r"^tf\.", "tensorflow.", name))


def _symbols_of_private(path: str) -> tuple[str, ...]:
    """Return the symbols that a path which is public nowhere stands for, newest release first."""
    meant: dict[str, None] = {}
    flavour = flavour_of(path)
    for release in reversed(releases(flavour)) if flavour else ():
        entry = lookup(flavour_environment(flavour, release), path)
        if entry:
            meant.setdefault(entry.symbol)
    return tuple(meant)
