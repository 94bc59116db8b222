"""A project that was copied can be updated, also from a template given by a relative path."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from rendering import plain_template

COPIER = [sys.executable, "-m", "copier"]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    template = tmp_path / "template"
    shutil.copytree(plain_template(), template)
    git(template, "init", "--quiet")
    commit(template)
    return template


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
    config.write_text(config.read_text("utf-8").replace("epochs: int = 40", "epochs: int = 41"))
    commit(template)
    data = project / "src/project/data.py"
    data.write_text(data.read_text("utf-8").replace("test_size=0.2", "test_size=0.3"))
    (project / "src/project/mine.py").write_text("MINE = 1\n")
    (project / "Makefile").write_text("all:\n")
    commit(project)
    update(project)
    assert "epochs: int = 41" in (project / "src/project/config.py").read_text("utf-8")
    assert "test_size=0.3" in data.read_text("utf-8")
    assert (project / "src/project/mine.py").read_text("utf-8") == "MINE = 1\n"


def test_an_update_runs_no_task(template: Path, project: Path) -> None:
    (template / "hooks/validate.py").write_text("raise SystemExit('the hook ran')\n")
    commit(template)
    assert "the hook ran" not in update(project)


@pytest.mark.parametrize("keras", ["tensorflow.keras", "tf_keras", "portable"])
def test_an_untouched_project_becomes_a_fresh_copy_of_another_flavour(
    keras: str, project: Path, tmp_path: Path
) -> None:
    update(project, "--vcs-ref=:current:", "-d", f"keras={keras}")
    command = [*COPIER, "copy", "--trust", "--defaults", "--quiet", "-d", "validate=skip"]
    fresh = tmp_path / "fresh" / "project"
    subprocess.run([*command, "-d", f"keras={keras}", "template", fresh], cwd=tmp_path, check=True)
    names = {p.relative_to(fresh) for p in fresh.rglob("*") if p.is_file()}
    updated = {p.relative_to(project) for p in project.rglob("*") if p.is_file()}
    assert {name for name in updated if name.parts[0] != ".git"} == names
    for name in names - {Path(".copier-answers.yml")}:
        assert (project / name).read_bytes() == (fresh / name).read_bytes(), name
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert answers["keras"] == keras
