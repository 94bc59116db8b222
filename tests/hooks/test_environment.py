"""An interpreter is asked what it has, and nothing of the project is run for that."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import environment
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


@pytest.mark.parametrize(
    "script",
    ["exec sleep 100", "echo hello", "exit 3", "cat", "echo '{\"version\": 3}'", "printf '\\377'"],
)
def test_what_says_nothing_of_itself_is_no_interpreter(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PATIENCE", 1)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    assert describe(python) is None
