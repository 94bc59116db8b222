"""Modules before and after a migration, and what is left in them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import dedent

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.source_files import used_elsewhere

PORTABLE = "digits.keras_flavour"
CASES: list[Case] = []


@dataclass(frozen=True)
class Case:
    """A module before and after, and a part of each report on what is left in it."""

    before: str
    after: str
    to: str
    left: tuple[str, ...]
    file: str
    source: str | None


def moved(
    before: str,
    after: str,
    to: str = "keras",
    left: tuple[str, ...] = (),
    file: str = "module.py",
    source: str | None = None,
) -> Case:
    """A module that changes."""
    return Case(dedent(before), dedent(after), to, left, file, source)


def alone(
    code: str,
    to: str = "keras",
    left: tuple[str, ...] = (),
    file: str = "module.py",
    source: str | None = None,
) -> Case:
    """A module that stays byte for byte."""
    return moved(code, code, to, left, file, source)


def cases(**named: Case):
    """Run a test for each case."""
    CASES.extend(named.values())
    return pytest.mark.parametrize("case", named.values(), ids=named)


def check(case: Case) -> None:
    portable = PORTABLE if PORTABLE in case.before + case.to or case.to == "portable" else None
    to = parse_target(case.to, portable=portable)
    job = Job(to, (parse_origin(case.source),) if case.source else (), portable)
    used = used_elsewhere(case.file)
    outcome = migrate_text(case.before, job, used)
    assert outcome.problem is None
    assert outcome.text == case.after
    assert outcome.changed == (case.before != case.after)
    assert len(outcome.left) == len(case.left), outcome.left
    for place, words in zip(outcome.left, case.left, strict=True):
        assert words in f"{place.source}: {place.message}; {place.advice}"
    ast.parse(outcome.text)
    again = migrate_text(outcome.text, job, used)
    assert again.text == outcome.text
