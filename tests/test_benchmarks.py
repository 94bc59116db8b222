"""The benchmarks start: what they measure takes minutes, but a broken one is seen here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
SHARED = "measuring.py"
BENCHMARKS = sorted(path.name for path in FOLDER.glob("*.py") if path.name != SHARED)


def test_there_is_one_for_each_thing_that_is_measured():
    names = ("check", "growth", "migrate", "new_project", "update", "where")
    assert [f"{name}.py" for name in names] == BENCHMARKS


@pytest.mark.parametrize("name", [*BENCHMARKS, SHARED])
def test_it_hides_no_module_of_the_standard_library(name):
    """Python puts a script's folder first on its path."""
    assert name.removesuffix(".py") not in sys.stdlib_module_names


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_starts_and_says_what_it_measures(name):
    done = subprocess.run(
        [sys.executable, name, "--help"], cwd=FOLDER, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    [first, *_] = (FOLDER / name).read_text("utf-8").splitlines()
    assert first.strip('".') in " ".join(done.stdout.split())
