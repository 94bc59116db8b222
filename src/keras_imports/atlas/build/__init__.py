"""Build the atlas from the archives of all releases, or add one release to it.

A release is read from its archive (`archives`) by interpreting its modules (`interpret`) into data
(`extract`, and `classes` for what classes have). All releases together decide which symbol each
path means (`symbols`), and are stored as runs of releases (`store`, and `members` for what classes
have).
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml

from keras_imports.atlas import storage
from keras_imports.atlas.build import store
from keras_imports.atlas.build.extract import Release, Releases, package_of, read_release
from keras_imports.atlas.build.members import class_parts, member_parts
from keras_imports.atlas.build.symbols import Symbols, Trees, apis, early_api, name_symbols
from keras_imports.versions import satisfies, version_key

RELEASES = Path(storage.PATH).with_name("releases.yml")
_WIDTH = 100  # of releases.yml
# Which API decides what a path means today.
ORDER = ["keras", "keras._tf_keras", "keras._v2", "tensorflow", "tf_keras", "keras_core"]


def read_all(cache: Path) -> Releases:
    """Return every release that `releases.yml` lists, from its archive."""
    releases: Releases = {}
    for distribution, versions in listed().items():
        for version in versions:
            print(f"{distribution} {version}", file=sys.stderr)
            _insert(releases, distribution, version, read_release(distribution, version, cache))
    return releases


def add(distribution: str, version: str, cache: Path) -> Releases:
    """Return the releases of the stored atlas and one more, which is read from its archive.

    Building these gives the same atlas as reading all of them again. Raises `ValueError` if the
    atlas has no such distribution, or has the release already.
    """
    names = listed()
    if distribution not in names:
        raise ValueError(f"{distribution!r} is not in the atlas, which has {', '.join(names)}")
    if version in names[distribution]:
        raise ValueError(f"{distribution} {version} is in the atlas already")
    release = read_release(distribution, version, cache)
    releases = store.load()
    _insert(releases, distribution, version, release)
    return releases


def _insert(releases: Releases, distribution: str, version: str, release: Release) -> None:
    """Add a release to those of its package, in the order of their versions."""
    of_package = releases.setdefault(package_of(distribution), [])
    of_package.append((version, release))
    of_package.sort(key=lambda item: version_key(item[0]))


def listed() -> dict[str, list[str]]:
    """Return the releases that `releases.yml` lists, oldest first, by distribution."""
    releases: dict[str, list[str]] = yaml.safe_load(RELEASES.read_text(encoding="utf-8"))
    return releases


def list_release(distribution: str, version: str) -> None:
    """Add a release to `releases.yml`, whose comments stay."""
    versions = sorted([*listed()[distribution], version], key=version_key)
    quoted = ", ".join(f'"{version}"' for version in versions)
    line = f"{distribution}: [{quoted}]"
    if len(line) > _WIDTH:
        wrapped = textwrap.fill(f"[{quoted}]", _WIDTH, initial_indent="  ", subsequent_indent="   ")
        line = f"{distribution}:\n{wrapped}"
    text = RELEASES.read_text(encoding="utf-8")
    pattern = re.compile(rf"^{re.escape(distribution)}:\s*\[[^\]]*\]", re.MULTILINE)
    RELEASES.write_text(pattern.sub(lambda _: line, text), encoding="utf-8")


def build(releases: Releases, path: Path) -> None:
    """Write the atlas of these releases."""
    trees: Trees = {
        (package, index): apis(package, release)
        for package, versions in releases.items()
        for index, (_, release) in enumerate(versions)
    }
    _add_early_apis(releases, trees)
    symbols, today = name_symbols(trees, ORDER)
    members = {**class_parts(releases), **member_parts(releases, symbols)}
    _name_the_rest(releases, symbols)
    parts = {**store.modules(releases, symbols), **store.index(trees, symbols, today)}
    names = {name for part in parts.values() for name in part.get("names", ())}
    meta = {
        "releases": {name: [version for version, _ in of] for name, of in releases.items()},
        "requires": {
            name: {version: release.requires for version, release in of if release.requires}
            for name, of in releases.items()
        },
        "brings": dict(_brought(releases)),
    }
    store.write(path, meta, {**parts, **members, "names": sorted(names)})


def _brought(releases: Releases) -> Iterator[tuple[str, str]]:
    """Yield releases of TensorFlow that require a Keras, and the newest one that satisfies them."""
    known = [version for version, _ in releases.get("keras", ())]
    for version, release in releases.get("tensorflow", ()):
        specifier = release.requires.get("keras") or release.requires.get("keras_nightly")
        fitting = [keras for keras in known if specifier and satisfies(keras, specifier)]
        if fitting:
            yield version, fitting[-1]


def _add_early_apis(releases: Releases, trees: Trees) -> None:
    """Add the public APIs of the releases of Keras that do not mark what is public."""
    later = {
        path
        for groups in trees.values()
        for tree, api in groups.items()
        if not tree.endswith("._v1")
        for path in api
    }
    bundled = next(
        (
            trees["tensorflow", index]["tensorflow"]
            for index, (version, _) in enumerate(releases.get("tensorflow", ()))
            if version.startswith("2.4.")
        ),
        {},
    )
    for index, (_, release) in enumerate(releases.get("keras", ())):
        groups = trees["keras", index]
        if "keras" in groups:
            continue
        groups["keras"] = early_api(release, later, groups.get("keras._v2"))
        if release.stars:  # 2.4 hands out what TensorFlow has
            for path in bundled:
                module = f"keras.{path}".rpartition(".")[0]
                if f"tensorflow.{module}" in release.stars.get(module, ()):
                    groups["keras"].setdefault(path, f"~tensorflow.keras.{path}")


def _name_the_rest(releases: Releases, symbols: Symbols) -> None:
    """Give what is public nowhere in its release the name that it has in others, or its own."""
    by_place: dict[str, str] = {}
    for _, named in sorted(symbols.items()):
        for target, symbol in sorted(named.items()):
            by_place[_place(target)] = symbol
    for (package, index), named in symbols.items():
        release = releases[package][index][1]
        for target in release.definitions:
            if target not in named:
                place = _place(target)
                named[target] = by_place.get(place, place.replace(":", "."))


def _place(target: str) -> str:
    """Return where something is defined, without the flavour: `layers.core:Dense`."""
    return re.sub(
        r"^(tensorflow\.(contrib\.|python\.)?|tf_)?(keras(_core)?\.)?(_impl\.keras\.|src\.)?",
        "",
        target,
    )
