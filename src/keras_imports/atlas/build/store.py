"""The atlas as a file: what all releases bind, as intervals of releases, in small parts.

`atlas.bin` holds one JSON text for each group of modules and for each initial letter of a symbol,
so that a look-up reads a few of them. The same releases give the same bytes.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

from keras_imports.atlas import FORMAT, letter, shard_of
from keras_imports.atlas.build.extract import Release
from keras_imports.atlas.build.symbols import Api

Releases = dict[str, list[tuple[str, Release]]]  # by distribution, oldest first


def intervals(indices: Iterable[int]) -> list[int]:
    """First and last of each run of consecutive numbers, one after the other."""
    runs: list[int] = []
    for index in sorted(indices):
        if runs and runs[-1] == index - 1:
            runs[-1] = index
        else:
            runs += [index, index]
    return runs


def modules(releases: Releases, symbols: dict[tuple[str, int], dict[str, str]]) -> dict[str, Any]:
    """The parts that say what each module binds."""
    parts: dict[str, Any] = defaultdict(dict)
    for distribution, versions in releases.items():
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
                symbol = symbols[distribution, index].get(target, "")
                text = ("!" if raises else "") + signature
                bound[module][f"d{name}"][symbol, text].append(index)
        for module, indices in present.items():
            record: dict[str, Any] = {"i": intervals(indices)}
            for key, values in sorted(bound[module].items()):
                section, name = key[0], key[1:]
                spans = [_span(value, where, indices) for value, where in values.items()]
                spans.sort(key=lambda span: span[1:])
                if section == "s":
                    record["s"] = spans
                else:
                    whole = len(spans) == 1 and len(spans[0]) == 1 and section == "n"
                    record.setdefault(section, {})[name] = spans[0][0] if whole else spans
            parts[shard_of(distribution, module)][module] = record
    return parts


def _span(value: Hashable, indices: list[int], whole: list[int]) -> list[Any]:
    """A value and its releases; without them where they are the module's own."""
    return [value] if indices == whole else [value, *intervals(indices)]


def index(trees: dict[tuple[str, int], dict[str, Api]], symbols, today) -> dict[str, Any]:
    """The parts that say which paths each symbol has, and which symbols each name may mean."""
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
        parts[letter(name)]["names"][name] = sorted(names[name])
    for symbol in sorted(paths):
        parts[letter(symbol.rpartition(".")[2])]["symbols"][symbol] = {
            tree: {path: intervals(found[path]) for path in sorted(found)}
            for tree, found in sorted(paths[symbol].items())
        }
    return parts


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
    unfinished.write_bytes(line + b"".join(blocks))
    unfinished.replace(path)
