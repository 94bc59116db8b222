"""An interpreter is asked what it has, and nothing of the project is run for that."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest
from environment import describe


def test_a_module_of_the_project_that_hides_python_s_own_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("open('ran', 'w')", "utf-8")
    described = describe(Path(sys.executable))
    assert described is not None
    assert described.version == platform.python_version()
    assert "pytest" in described.installed
    assert not (tmp_path / "ran").exists()
