"""What a killed update left in the folder for temporary files is removed by the next one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import temporary
import undo

ANSWERS = {"package_name": "digits", "_commit": "v1"}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What Copier makes for an update until the hook runs."""
    names = ("_vcs.clone.a", "_vcs.clone.b", "_main.old_copy.c", "_main.new_copy.d")
    made = [tmp_path / f"copier.{name}" for name in names]
    for folder in made:
        folder.mkdir()
    (made[2] / "deep").mkdir()
    (made[2] / "deep/answers.yml").write_text("package_name: digits\n_commit: v1\n", "utf-8")
    monkeypatch.setattr(temporary, "TEMPLATE", made[1])
    monkeypatch.setattr(temporary.tempfile, "gettempdir", lambda: str(tmp_path))
    return made


def test_the_folders_of_an_update_are_found(folders: list[Path], tmp_path: Path) -> None:
    before = tmp_path / "copier._main.new_copy.x"  # of another one that was killed
    before.mkdir()
    os.utime(before, (0, 0))
    found = temporary.temporary_folders("deep/", "answers.yml", ANSWERS)
    assert sorted(found) == sorted(map(str, folders))


@pytest.mark.parametrize("kind", ["_vcs.clone", "_main.new_copy"])
def test_what_may_be_another_update_s_is_left_alone(
    kind: str, folders: list[Path], tmp_path: Path
) -> None:
    (tmp_path / f"copier.{kind}.other").mkdir()
    assert temporary.temporary_folders("deep/", "answers.yml", ANSWERS) == []


def test_they_are_removed_when_nobody_uses_them_any_more(folders: list[Path]) -> None:
    running = subprocess.Popen(["sleep", "60"])
    record = {"copier": running.pid, "temporary": [str(folder) for folder in folders]}
    undo.remove_temporary(record)
    assert all(folder.is_dir() for folder in folders)
    running.kill()
    running.wait()
    undo.remove_temporary(record)
    assert not any(folder.exists() for folder in folders)
