"""A generated project refuses what it cannot use in one line, and loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from projects import Made, environment_of
from rendering import flavour_answers, render


@pytest.mark.slow
def test_each_fault_ends_in_one_line(shared: Path, tmp_path: Path) -> None:
    flavour = next(flavour_answers())
    path = render(tmp_path / "project", package_name="digits", **flavour)
    shutil.copy(Path(__file__).with_name("faults.py"), path / "tests/test_faults.py")
    project = Made(path, environment_of(shared, **flavour) / "bin/python", "")
    done = project.run("pytest", "-q", "-p", "no:cacheprovider", "tests/test_faults.py")
    assert done.returncode == 0, done.stdout
