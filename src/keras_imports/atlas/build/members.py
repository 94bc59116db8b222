"""The parts of the atlas that hold the members of classes.

They are apart from the others, so that a look-up that asks for no member reads none of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from keras_imports.atlas.build.classes import Class
from keras_imports.atlas.build.extract import Release, Releases
from keras_imports.atlas.build.runs import indices_of, intervals, span_of, values_of
from keras_imports.atlas.build.symbols import Symbols
from keras_imports.atlas.storage import part_of_class, part_of_member, read_directory, read_part


def class_parts(releases: Releases) -> dict[str, Any]:
    """Return the parts that say what each class has of its own, by its name and its module."""
    having: dict[str, list[int]] = defaultdict(list)
    bases: dict[str, Any] = defaultdict(lambda: defaultdict(list))
    members: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for versions in releases.values():
        for index, (_, release) in enumerate(versions):
            for target, read in release.classes.items():
                having[target].append(index)
                bases[target][" ".join(read.bases)].append(index)
                for name, code in read.members.items():
                    members[target][name][code].append(index)
    parts: dict[str, Any] = defaultdict(lambda: defaultdict(dict))
    for target, indices in having.items():
        module, _, name = target.partition(":")
        parts[part_of_class(name)][name][module] = {
            "i": intervals(indices),
            "b": _spans(bases[target], indices),
            "m": {leaf: _spans(codes, indices) for leaf, codes in members[target].items()},
        }
    return parts


def _spans(values: dict[str, list[int]], whole: list[int]) -> Any:
    """Return values with their releases; a lone text if it is that of all."""
    spans = sorted((span_of(*item, whole) for item in values.items()), key=lambda span: span[1:])
    return spans[0][0] if len(spans[0]) == 1 else spans


def load_classes(releases: Releases) -> None:
    """Add the classes of the stored atlas to its releases."""
    parts = (read_part(part) for part in read_directory()[0] if part.startswith("classes/"))
    records = (
        (f"{module}:{name}", record)
        for part in parts
        for name, modules in part.items()
        for module, record in modules.items()
    )
    for target, record in records:
        of_package = releases[target.partition(":")[0].partition(".")[0]]
        having = indices_of(record["i"])
        for bases, indices in values_of(_as_spans(record["b"]), having):
            for index in indices:
                of_package[index][1].classes[target] = Class(tuple(bases.split()), {})
        for name, spans in record["m"].items():
            for code, indices in values_of(_as_spans(spans), having):
                for index in indices:
                    of_package[index][1].classes[target].members[name] = code


def _as_spans(spans: Any) -> list[Any]:
    return [[spans]] if isinstance(spans, str) else list(spans)


def member_parts(releases: Releases, symbols: Symbols) -> dict[str, Any]:
    """Return the parts that say which public classes have a member that their bases do not have."""
    owners: dict[str, set[str]] = defaultdict(set)
    for (package, index), named in symbols.items():
        release = releases[package][index][1]
        public = {target: symbol for target, symbol in named.items() if target in release.classes}
        names = {target: _all_members(release, target) for target in public}
        for target, symbol in public.items():
            if not symbol or symbol.startswith("compat."):
                continue
            above = _above(release, target) - {target}
            inherited = {name for base in above if base in public for name in names[base]}
            for name in names[target] - inherited:
                owners[name].add(symbol)
    parts: dict[str, Any] = defaultdict(dict)
    for name, having in owners.items():
        parts[part_of_member(name)][name] = sorted(having)
    return parts


def _all_members(release: Release, target: str) -> set[str]:
    """Return the names that a class has, inherited ones included."""
    return {name for base in _above(release, target) for name in release.classes[base].members}


def _above(release: Release, target: str) -> set[str]:
    """Return a class and the classes of the release that it inherits from."""
    above: set[str] = set()
    todo = [target]
    while todo:
        current = todo.pop()
        if current in release.classes and current not in above:
            above.add(current)
            todo += release.classes[current].bases
    return above
