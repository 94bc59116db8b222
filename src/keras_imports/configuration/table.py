"""Read `[tool.keras-imports]`, and refuse what is wrong with it in one line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keras_imports import atlas
from keras_imports.configuration.codes import parse_codes, parse_selection
from keras_imports.configuration.patterns import Pattern, parse_pattern
from keras_imports.knowledge.keras_names import ROOTS
from keras_imports.knowledge.packages import KINDS, MorePackages
from keras_imports.knowledge.target import parse_target

Strings = tuple[str, ...]


@dataclass(frozen=True)
class Configuration:
    """What one file asks for; empty where no file asks for anything.

    `target` is where the code is to be moved, or stays. `installed` are the releases that it runs
    with. `select` and `ignore` are beginnings of codes, and `packages` some of the project's own,
    with the generation of Keras that they are of.
    """

    file: str = ""
    target: str = ""
    installed: Strings = ()
    select: Strings = ()
    ignore: Strings = ()
    exclude: tuple[Pattern, ...] = ()
    per_file_ignores: tuple[tuple[Pattern, Strings], ...] = ()
    packages: MorePackages = ()


def parse_table(table: Mapping[str, Any], directory: str) -> dict[str, Any]:
    """Return the values of a configuration from the table of a file in a directory.

    Raise `ValueError`, in one line that names the key, for anything that is wrong.
    """
    values = {}
    for key, value in table.items():
        if key not in _READERS:
            near = difflib.get_close_matches(key.replace("_", "-"), KEYS, n=1)
            known = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(KEYS)}"
            raise ValueError(f"there is no key `{key}`; {known}")
        try:
            values[key.replace("-", "_")] = _READERS[key](value, directory)
        except ValueError as error:
            raise ValueError(f"`{key}`: {error}") from None
    return values


def _target(value: object, _: str) -> str:
    if not isinstance(value, str):
        raise ValueError('it has to be a string, as in "keras" or "tf_keras==2.21"')
    parse_target(value, portable=value)
    return value


def _installed(value: object, _: str) -> Strings:
    releases = _strings(value, '["keras==3.15.1"]')
    atlas.environment(releases)
    return releases


def _codes(value: object, _: str = "") -> Strings:
    return parse_codes(_strings(value, '["KI2"]'))


def _selection(value: object, _: str) -> Strings:
    return parse_selection(_strings(value, '["KI2"]'))


def _exclude(value: object, directory: str) -> tuple[Pattern, ...]:
    texts = _strings(value, '["vendor", "*.ipynb"]')
    return tuple(parse_pattern(each, directory) for each in texts)


def _per_file(value: object, directory: str) -> tuple[tuple[Pattern, Strings], ...]:
    rows = _rows(value, '{ "tests/**" = ["KI2"] }')
    found = []
    for name, codes in rows.items():
        try:
            found.append((parse_pattern(name, directory), _codes(codes)))
        except ValueError as error:
            raise ValueError(f"`{name}`: {error}") from None
    return tuple(found)


def _packages(value: object, _: str) -> MorePackages:
    rows = _rows(value, '{ my_layers = "keras2" }')
    for name, kind in rows.items():
        if not name.isidentifier() or name in ROOTS:
            raise ValueError(f"{name!r} is no package beside Keras, by the name that imports it")
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of `{name}`; they are {', '.join(KINDS)}")
    return tuple(rows.items())


def _strings(value: object, example: str) -> Strings:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"it has to be a list of strings, as in {example}")
    return tuple(value)


def _rows(value: object, example: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"it has to be a table, as in {example}")
    return value


_READERS: dict[str, Callable[[object, str], object]] = {
    "target": _target,
    "installed": _installed,
    "select": _selection,
    "ignore": _codes,
    "exclude": _exclude,
    "per-file-ignores": _per_file,
    "packages": _packages,
}
KEYS = tuple(_READERS)
