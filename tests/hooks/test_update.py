"""A project that was copied can be updated, also from a template given by a relative path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from updating import commit, edit, fork_template, git

COPIER = [sys.executable, "-m", "copier"]


@pytest.mark.slow
def test_an_update_brings_what_changed_and_keeps_what_the_user_changed(tmp_path: Path) -> None:
    """And runs no task of the copy, which Copier would do in throw-away folders, too."""
    template = fork_template(tmp_path / "template")
    command = [*COPIER, "copy", "--trust", "--defaults", "--quiet", "-d", "validate=static"]
    subprocess.run([*command, template.name, "project"], cwd=tmp_path, check=True)
    project = tmp_path / "project"
    git(project, "init", "--quiet")
    data = project / "src/project/data.py"
    edit(data, ("test_size=0.2", "test_size=0.3"))
    (project / "src/project/mine.py").write_text("MINE = 1\n")
    (project / "Makefile").write_text("all:\n")
    commit(project)
    config = template / "template/src/{{ package_name }}/config.py.jinja"
    edit(config, ("epochs: int = 40", "epochs: int = 41"))
    edit(
        template / "hooks/after_copy.py",
        ("raise SystemExit(main(sys.argv[1]))", "raise SystemExit('the task ran')"),
    )
    commit(template)
    done = subprocess.run(
        [*COPIER, "update", "--trust", "--defaults"], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "the task ran" not in done.stdout + done.stderr
    assert "epochs: int = 41" in (project / "src/project/config.py").read_text("utf-8")
    assert "test_size=0.3" in data.read_text("utf-8")
    assert (project / "src/project/mine.py").read_text("utf-8") == "MINE = 1\n"
    assert (project / "Makefile").read_text("utf-8") == "all:\n"
