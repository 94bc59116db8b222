"""git is asked in foreign repositories: nothing that they configure is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import git as hooks_git
import pytest

from keras_imports.cli import main
from keras_imports.git import NotAskedError, ignored_in, run_git

OLD = "from keras.layers.core import Dense\n"
NEW = "from keras.layers import Dense\n"


def repository(folder: Path, *settings: str) -> Path:
    """Make a repository in which every program that git could be told to run leaves a file."""
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    ran = folder.parent / "ran"
    program = folder / "program"
    program.write_text(f'#!/bin/sh\necho "$0" >> "{ran}"\nexit 1\n', "utf-8")
    program.chmod(0o755)
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (hooks / hook).symlink_to(program)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "core.editor", *settings):
        subprocess.run(["git", "config", name, program], cwd=folder, check=True)
    return ran


def test_no_program_of_a_repository_is_run(tmp_path):
    project = tmp_path / "project"
    ran = repository(project)
    (project / "mine.py").write_text(OLD, "utf-8")
    (project / "made.py").write_text(OLD, "utf-8")
    (project / ".gitignore").write_text("made.py\n", "utf-8")
    main(["check", str(project)])
    main(["migrate", str(project), "--to", "keras"])
    hooks_git.mark_merged(project, "mine.py")
    assert hooks_git.tracked_files(project, (".py",)) == ["mine.py"]
    assert hooks_git.conflicts(project) == []
    hooks_git.rejects(project)
    assert not ran.exists(), ran.read_text("utf-8")
    subprocess.run(["git", "status"], cwd=project, capture_output=True)
    assert ran.exists(), "the trap does not work"


def test_a_folder_that_looks_like_a_repository_is_none(tmp_path, capsys):
    """As one may be committed: `git clone` brings its settings along."""
    folder = tmp_path / "data"
    ran = repository(folder)
    for name in ("HEAD", "config", "objects", "refs"):
        (folder / ".git" / name).rename(folder / name)
    (folder / "mine.py").write_text(OLD, "utf-8")
    subprocess.run(["git", "config", "--file", "config", "core.bare", "true"], cwd=folder)
    subprocess.run(["rm", "-r", folder / ".git"], check=True)
    assert main(["migrate", str(folder), "--to", "keras"]) == 2
    assert "safe.bareRepository" in capsys.readouterr().err
    assert (folder / "mine.py").read_text("utf-8") == OLD
    assert not ran.exists()


def test_the_folder_counts_and_not_what_the_environment_says(tmp_path, monkeypatch):
    """A hook of git's own runs with such variables, which are about another repository."""
    for name in ("one", "other"):
        repository(tmp_path / name)
        (tmp_path / name / ".gitignore").write_text(f"{name}.py\n", "utf-8")
        (tmp_path / name / "one.py").touch()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert ignored_in(str(tmp_path / "one")) == {str((tmp_path / "one" / "one.py").resolve())}
    assert run_git(tmp_path / "one", "rev-parse", "--show-prefix").stdout == b"\n"


def test_no_repository_ignores_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert ignored_in(str(tmp_path)) == frozenset()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ignored_in(str(tmp_path)) == frozenset()


def damaged(folder, monkeypatch):
    (folder / ".git" / "index").write_bytes(b"no index")


def without_git(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))


def of_somebody_else(folder, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (damaged, "index"),
        (without_git, "it cannot be run"),
        (of_somebody_else, "dubious ownership"),
    ],
)
def test_where_git_cannot_be_asked_it_is_said_and_nothing_is_written(
    tmp_path, monkeypatch, capsys, harm, reason
):
    project = tmp_path / "project"
    repository(project)
    (project / "mine.py").write_text(OLD, "utf-8")
    harm(project, monkeypatch)
    with pytest.raises(NotAskedError, match=reason):
        ignored_in(str(project))
    assert main(["check", str(project), "--installed", "keras==3.15.1"]) == 1
    out, err = capsys.readouterr()
    assert "mine.py" in out
    said, _ = err.splitlines()
    assert said.startswith(f"{project}: git could not say which files it ignores here: ")
    assert reason in said
    assert main(["migrate", str(project), "--to", "keras"]) == 2
    said, _ = capsys.readouterr().err.splitlines()
    assert reason in said
    assert "nothing in it is changed" in said
    assert (project / "mine.py").read_text("utf-8") == OLD
    assert main(["migrate", str(project / "mine.py"), "--to", "keras"]) == 0
    assert (project / "mine.py").read_text("utf-8") == NEW


@pytest.mark.parametrize("command", [["check"], ["migrate", "--to", "keras"]])
def test_check_and_migrate_leave_out_what_git_ignores_and_say_so(
    tmp_path, monkeypatch, capsys, command
):
    project = tmp_path / "project"
    repository(project)
    repository(project / "inner")
    monkeypatch.chdir(project)
    files = ("mine.py", "made.py", "out/a.py", "out/deep/b.py", "inner/own.py", "inner/made.py")
    for name in files:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(OLD, "utf-8")
    Path(".gitignore").write_text("made.py\nout/\n", "utf-8")
    Path("inner/.gitignore").write_text("made.py\n", "utf-8")
    name, *options = command

    def seen(*paths: str) -> tuple[set[str], str]:
        main([name, *paths, *options, *(["--check"] if name == "migrate" else [])])
        out, err = capsys.readouterr()
        return {file for file in files if file in out}, err

    found, said = seen(".")
    assert found == {"mine.py", os.path.join("inner", "own.py")}
    assert "not looked at: 4 files that git ignores\n" in said
    found, said = seen("made.py", "out")
    assert found == {"made.py", os.path.join("out", "a.py"), os.path.join("out", "deep", "b.py")}
    assert "git ignores" not in said
