"""Build the atlas from the archives of all releases."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

from keras_imports.versions import version_key
from keras_imports import atlas
from keras_imports.atlas.build import archives, store
from keras_imports.atlas.build.extract import Release, read_release
from keras_imports.atlas.build.interpret import MissingImportError
from keras_imports.atlas.build.symbols import apis, early_api, name_symbols

RELEASES = Path(atlas.__file__).parent / "data" / "releases.yml"
# Which API decides what a path means today.
ORDER = ["keras", "keras._tf_keras", "keras._v2", "tensorflow", "tf_keras", "keras_core"]


def read(cache: Path) -> store.Releases:
    """Extract every release that `data/releases.yml` names."""
    listed = yaml.safe_load(RELEASES.read_text(encoding="utf-8"))
    releases: store.Releases = {}
    for distribution, versions in listed.items():
        package = "keras" if distribution == "keras_nightly" else distribution
        for version in versions:
            print(f"{distribution} {version}", file=sys.stderr)
            found = releases.setdefault(package, [])
            found.append((version, read_release(distribution, version, cache)))
    for found in releases.values():
        found.sort(key=lambda item: version_key(item[0]))
    return releases


def build(releases: store.Releases, path: Path) -> None:
    """Write the atlas of these releases."""
    trees = {
        (distribution, index): apis(distribution, release)
        for distribution, versions in releases.items()
        for index, (_, release) in enumerate(versions)
    }
    _add_early_apis(releases, trees)
    symbols, today = name_symbols(trees, ORDER)
    _name_the_rest(releases, symbols)
    parts = {**store.modules(releases, symbols), **store.index(trees, symbols, today)}
    names = {name for part in parts.values() for name in part.get("names", ())}
    meta = {
        "releases": {name: [version for version, _ in found] for name, found in releases.items()},
        "requires": {
            name: {version: release.requires for version, release in found if release.requires}
            for name, found in releases.items()
        },
    }
    store.write(path, meta, {**parts, "names": sorted(names)})


def _add_early_apis(releases: store.Releases, trees: dict) -> None:
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


def _name_the_rest(releases: store.Releases, symbols: dict) -> None:
    """Give what is public nowhere in its release the name that it has in others, or its own."""
    by_place: dict[str, str] = {}
    for (_, _), named in sorted(symbols.items()):
        for target, symbol in named.items():
            by_place[_place(target)] = symbol
    for (distribution, index), named in symbols.items():
        release: Release = releases[distribution][index][1]
        for target in release.definitions:
            if target not in named:
                place = _place(target)
                named[target] = by_place.get(place, place.replace(":", "."))


def _place(target: str) -> str:
    """Where something is defined, without the flavour: `layers.core:Dense`."""
    return re.sub(
        r"^(tensorflow\.(contrib\.|python\.)?|tf_)?(keras(_core)?\.)?(_impl\.keras\.|src\.)?",
        "",
        target,
    )
