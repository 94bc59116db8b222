"""Write all releases as the parts of one file, and read them back from it.

What all releases bind is stored as runs of releases, see `keras_imports.atlas.storage`. The same
releases give the same bytes, and what is read back gives the same bytes again.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from keras_imports.atlas.build.extract import Release, Releases
from keras_imports.atlas.build.members import load_classes
from keras_imports.atlas.build.runs import indices_of, intervals, span_of, values_of
from keras_imports.atlas.build.symbols import Symbols, Trees
from keras_imports.atlas.storage import (
    FORMAT,
    checksum_of,
    part_of_module,
    part_of_name,
    read_directory,
    read_meta,
    read_part,
)


def modules(releases: Releases, symbols: Symbols) -> dict[str, Any]:
    """Return the parts that say what each module binds."""
    parts: dict[str, Any] = defaultdict(dict)
    for package, versions in releases.items():
        present: dict[str, list[int]] = defaultdict(list)
        bound: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        for index, (_, release) in enumerate(versions):
            for module, names in release.bindings.items():
                present[module].append(index)
                for leaf, code in names.items():
                    bound[module][f"n{leaf}"][code].append(index)
                for star in release.stars.get(module, ()):
                    bound[module]["s"][star].append(index)
                for leaf, targets in release.links.get(module, {}).items():
                    bound[module][f"l{leaf}"][" ".join(targets)].append(index)
            for target, (signature, raises) in release.definitions.items():
                module, _, name = target.partition(":")
                symbol = symbols[package, index].get(target, "")
                text = ("!" if raises else "") + signature
                bound[module][f"d{name}"][symbol, text].append(index)
        for module, indices in present.items():
            record: dict[str, Any] = {"i": intervals(indices)}
            for key, values in sorted(bound[module].items()):
                section, name = key[0], key[1:]
                spans = [span_of(value, where, indices) for value, where in values.items()]
                spans.sort(key=lambda span: span[1:])
                if section == "s":
                    record["s"] = spans
                else:
                    whole = len(spans) == 1 and len(spans[0]) == 1 and section == "n"
                    record.setdefault(section, {})[name] = spans[0][0] if whole else spans
            parts[part_of_module(package, module)][module] = record
    return parts


def index(trees: Trees, symbols: Symbols, today: dict[str, str]) -> dict[str, Any]:
    """Return the parts that say which paths a symbol has, and which symbols a name may mean."""
    paths: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    names: dict[str, set[str]] = defaultdict(set)
    for key, groups in trees.items():
        for tree, api in groups.items():
            for path, code in api.items():
                symbol = symbols[key].get(code[2:]) or today.get(path, path)
                paths[symbol][tree][path].append(key[1])
                names[path.rpartition(".")[2]].add(symbol)
                names[symbol.rpartition(".")[2]].add(symbol)
    parts: dict[str, Any] = defaultdict(lambda: {"names": {}, "symbols": {}})
    for name in sorted(names):
        parts[part_of_name(name)]["names"][name] = sorted(names[name])
    for symbol in sorted(paths):
        parts[part_of_name(symbol.rpartition(".")[2])]["symbols"][symbol] = {
            tree: {path: intervals(found[path]) for path in sorted(found)}
            for tree, found in sorted(paths[symbol].items())
        }
    return parts


def load() -> Releases:
    """Return the releases that the stored atlas was built from.

    Raises `AtlasError` if it cannot be read.
    """
    stored = read_meta()
    releases: Releases = {}
    for package, versions in stored["releases"].items():
        requires = stored["requires"].get(package, {})
        loaded = [Release({}, {}, {}, {}, requires.get(version, {}), {}) for version in versions]
        for part in read_directory()[0]:
            if part.startswith(f"{package}/"):
                for module, record in read_part(part).items():
                    _load_module(module, record, loaded)
        releases[package] = list(zip(versions, loaded, strict=True))
    load_classes(releases)
    return releases


def _load_module(module: str, record: dict[str, Any], releases: list[Release]) -> None:
    """Add what a module's record holds to the releases that have the module."""
    having = indices_of(record["i"])
    for index in having:
        releases[index].bindings[module] = {}
    for leaf, spans in record.get("n", {}).items():
        for code, indices in values_of([[spans]] if isinstance(spans, str) else spans, having):
            for index in indices:
                releases[index].bindings[module][leaf] = code
    for star, indices in values_of(record.get("s", []), having):
        for index in indices:
            releases[index].stars.setdefault(module, []).append(star)
    for leaf, spans in record.get("l", {}).items():
        for targets, indices in values_of(spans, having):
            for index in indices:
                releases[index].links.setdefault(module, {})[leaf] = targets.split()
    for name, spans in record.get("d", {}).items():
        for (_, text), indices in values_of(spans, having):
            for index in indices:
                signature = text.removeprefix("!")
                releases[index].definitions[f"{module}:{name}"] = signature, text != signature


def write(path: Path, meta: dict[str, Any], parts: dict[str, Any]) -> None:
    """Write the atlas; the file is the old or the new one, never half.

    Its first line says where each part begins and how long it is; the parts are compressed JSON.
    """
    directory, blocks, offset = {}, [], 0
    for name, content in [("meta", {"format": FORMAT, **meta}), *sorted(parts.items())]:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        block = zlib.compress(text.encode(), 9)
        directory[name] = [offset, len(block)]
        blocks.append(block)
        offset += len(block)
    unfinished = path.with_suffix(".unfinished")
    line = json.dumps(directory, separators=(",", ":")).encode() + b"\n"
    unfinished.write_bytes(b" ".join([checksum_of(line), line]) + b"".join(blocks))
    unfinished.replace(path)
