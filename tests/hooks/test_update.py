"""A project that was copied can be updated, also from a template given by a relative path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from updating import commit, edit, fork_template, git

COPIER = [sys.executable, "-m", "copier"]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return fork_template(tmp_path / "template")


@pytest.fixture
def project(template: Path) -> Path:
    command = [*COPIER, "copy", "--trust", "--defaults", "--quiet", "-d", "validate=static"]
    subprocess.run([*command, template.name, "project"], cwd=template.parent, check=True)
    project = template.parent / "project"
    git(project, "init", "--quiet")
    commit(project)
    return project


def update(project: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*COPIER, "update", "--trust", "--defaults", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_update_brings_what_changed_and_keeps_what_the_user_changed(
    template: Path, project: Path
) -> None:
    config = template / "template/src/{{ package_name }}/config.py"
    edit(config, ("epochs: int = 40", "epochs: int = 41"))
    commit(template)
    data = project / "src/project/data.py"
    edit(data, ("test_size=0.2", "test_size=0.3"))
    (project / "src/project/mine.py").write_text("MINE = 1\n")
    (project / "Makefile").write_text("all:\n")
    commit(project)
    update(project)
    assert "epochs: int = 41" in (project / "src/project/config.py").read_text("utf-8")
    assert "test_size=0.3" in data.read_text("utf-8")
    assert (project / "src/project/mine.py").read_text("utf-8") == "MINE = 1\n"


def test_an_update_runs_no_task(template: Path, project: Path) -> None:
    """Copier would run it in throw-away folders, too."""
    edit(
        template / "hooks/after_copy.py",
        ("raise SystemExit(main(sys.argv[1]))", "raise SystemExit('the task ran')"),
    )
    commit(template)
    assert "the task ran" not in update(project)
