"""The work for a file is in proportion to its size: shapes of which it once grew by the square."""

from __future__ import annotations

import cProfile
import runpy
from pathlib import Path

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
SIZES = (60, 240)
NAMES = (
    *("imports in branches", "imports of modules", "imports in functions"),
    *("imports of everything", "sizes that are named", "weights of a layer"),
)


def calls(text: str) -> int:
    """The calls of functions that migrating a text takes, those of built-in ones included."""
    profile = cProfile.Profile()
    outcome = profile.runcall(migrate_text, text, Job(parse_target("keras")))
    assert not outcome.problem
    return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture(scope="module")
def shapes():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        return runpy.run_path(str(BENCHMARKS / "growth.py"))["SHAPES"]


@pytest.mark.parametrize("name", NAMES)
def test_four_times_the_size_is_four_times_the_work(name, shapes):
    migrate_text(shapes[name](2), Job(parse_target("keras")))  # what is read but once
    small, large = (calls(shapes[name](size)) for size in SIZES)
    assert large / small < SIZES[1] / SIZES[0]
