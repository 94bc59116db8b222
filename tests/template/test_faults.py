"""A generated project refuses what it cannot use in one line, and loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from projects import Made, environment_of
from rendering import flavour_answers, render

FAULTS = {"digits": "faults.py", "images": "faults_images.py", "table": "faults_table.py"}


@pytest.mark.slow
@pytest.mark.parametrize("data", FAULTS)
def test_each_fault_ends_in_one_line(data: str, shared: Path, tmp_path: Path) -> None:
    flavour = next(flavour_answers())
    path = render(tmp_path / "project", package_name="digits", data=data, **flavour)
    shutil.copy(Path(__file__).with_name(FAULTS[data]), path / "tests/test_faults.py")
    project = Made(path, environment_of(shared, **flavour) / "bin/python", "")
    # The project's own conftest.py imports Keras, which data alone do not need.
    own = [] if data == "digits" else ["--noconftest"]
    done = project.run("pytest", "-q", "-p", "no:cacheprovider", *own, "tests/test_faults.py")
    assert done.returncode == 0, done.stdout
