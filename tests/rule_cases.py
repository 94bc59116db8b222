"""The cases of rules: calls, and what they become."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from releases import KERAS, TF_KERAS, filled

from keras_imports import atlas
from keras_imports.flavours import GENERATIONS, generation
from keras_imports.knowledge.rules import sections
from keras_imports.knowledge.target import parse_target

DATA = Path(__file__).parent / "data"
VALUES = yaml.safe_load((DATA / "renames_values.yml").read_text("utf-8"))
OLD, NEW = f"tf_keras=={TF_KERAS}", f"keras=={KERAS}"


class Case(NamedTuple):
    """A call of a source release (only found to fit, if not exact), and the call of the target.

    `reports` are parts of the lines of the report.
    """

    source: str
    target: str
    exact: bool
    code: str
    expected: str
    reports: list[str]

    def __str__(self) -> str:
        return f"{self.source} to {self.target}{'' if self.exact else ' (found)'}: {self.code}"


def cases() -> Iterator[Case]:
    """Yield the cases of `renames_cases.txt`."""
    text = filled((DATA / "renames_cases.txt").read_text("utf-8"))
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        route, _, how = head.partition(", ")
        source, _, target = route.partition(" to ")
        for part in re.split(r"\n+(?![>=?\n])", body.rstrip("\n")):
            code, result, *reports = part.split("\n")
            expected = code if result == "=" else result.removeprefix("> ")
            expected = expected.replace("\\n", "\n")
            yield Case(source, target, how != "found", code, expected, [r[2:] for r in reports])


def calls_that_stay(section: str, symbol: str) -> Iterator[tuple[str, str, str]]:
    """Yield calls of what a section only has advice for, their sources and targets."""
    for flavour, spans in atlas.history(symbol).items():
        for span in spans:
            kind = generation(flavour, span.last)
            if not atlas.lookup(atlas.flavour_environment(flavour, span.last), span.path):
                continue
            for target in (NEW, OLD):
                to = parse_target(target)
                steps = GENERATIONS[1 : GENERATIONS.index(to.generation) + 1]
                if (section in GENERATIONS and section not in steps) or to.path(symbol):
                    continue
                if section in GENERATIONS and GENERATIONS.index(kind) >= GENERATIONS.index(section):
                    continue
                code = f"{span.path.removeprefix(flavour + '.')}(first, *others)"
                yield code, f"{flavour}=={span.last}", target


def symbols_that_stay() -> list[tuple[str, str]]:
    """Return the sections and symbols of rules that only have advice."""
    return [
        (section, symbol)
        for section, rules in sections().items()
        for symbol, its in rules.items()
        if "()" not in symbol and any(rule.left for rule in its)
    ]
