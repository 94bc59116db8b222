"""An update can be taken back whole, and taking it back loses nothing that came after it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import before_update
import pytest
import record
import undo
from project import TEMPLATE
from updating import commit, git, state_of, take_back

from keras_imports import git as tool_git

ANSWERS = ".copier-answers.yml"
FILES = {
    ANSWERS: "package_name: digits\n",
    "README.md": "# Ours\n",
    "src/digits/model.py": "import keras\n",
    "src/digits/ours.py": "from keras import layers\n",
    "data/table.csv": "1,2\n",
    ".gitignore": "Dockerfile\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is committed, with a file that git ignores, and one that it does not know."""
    project = tmp_path / "project"
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8")
    git(tmp_path, "init", "--quiet", str(project))
    commit(project)
    (project / "Dockerfile").write_text("FROM ours\n", "utf-8")
    (project / "notes").mkdir()
    (project / "notes/mine.txt").write_text("mine\n", "utf-8")
    (project / "empty").mkdir()
    return project


def update(project: Path, ends: bool = True) -> str:
    """Do what an update may do; give the command that takes it back."""
    begun = before_update.begin(project, ANSWERS)
    (project / "README.md").write_text("# Theirs\n", "utf-8")
    (project / "README.md").chmod(0o755)
    (project / "src/digits/ours.py").write_text("from tf_keras import layers\n", "utf-8")
    (project / "Dockerfile").unlink()
    (project / "src/digits/model.py").unlink()
    (project / ".github/workflows").mkdir(parents=True)
    (project / ".github/workflows/ci.yml").write_text("on: push\n", "utf-8")
    (project / "uv.lock").write_text("version = 1\n", "utf-8")
    (project / "src/digits/.keras-imports-abcdefgh").write_text("half", "utf-8")
    if ends:
        begun.finish()
    return begun.command()


@pytest.mark.parametrize("then", ["nothing", "add", "commit", "no untracked"])
def test_all_of_it_is_taken_back_and_nothing_else(project: Path, then: str) -> None:
    if then == "no untracked":
        git(project, "config", "status.showUntrackedFiles", "no")
    before = state_of(project)
    command = update(project)
    if then == "add":
        git(project, "add", "--all")
    if then == "commit":
        git(project, "add", "--all", "--", ":!notes")
        git(project, "commit", "--quiet", "--message", "the update")
    assert state_of(project) != before
    code, said = take_back(command)
    assert code == 0, said
    after = state_of(project)
    if then == "add":  # what was not the update's stays staged
        assert "notes/mine.txt" in str(after["index"])
        git(project, "rm", "--quiet", "--cached", "notes/mine.txt")
        after = state_of(project)
    assert after == before
    assert ("There are commits since then" in said) == (then == "commit")
    code, said = take_back(command)
    assert (code, said.splitlines()[0].startswith("No file was left to take back: ")) == (0, True)
    assert state_of(project) == after


@pytest.mark.parametrize("keep", [0, 1, 40, -2])
def test_a_damaged_record_says_what_is_left(project: Path, keep: int) -> None:
    command = update(project)
    before = state_of(project)
    (path,) = project.glob(".git/keras-update/**/update.json")
    path.write_text(path.read_text("utf-8")[:keep] if keep != 1 else "{}", "utf-8")
    code, said = take_back(command)
    assert code == 1
    assert said.startswith(f"Nothing was taken back: {path} is damaged, and nothing else")
    assert state_of(project) == before


def test_what_was_made_after_the_update_stays(project: Path) -> None:
    """A module, a file in a folder that the update made, and one that it knows nothing of."""
    command = update(project)
    later = ("src/digits/new.py", ".github/workflows/mine.yml", "data/table.csv")
    for name in later:
        (project / name).write_text("later\n", "utf-8")
    code, said = take_back(command)
    assert code == 0, said
    assert all((project / name).read_text("utf-8") == "later\n" for name in later)
    assert not (project / ".github/workflows/ci.yml").exists()


def changed(project: Path) -> None:
    (project / "src/digits/ours.py").write_text("later\n", "utf-8")


def made_anew(project: Path) -> None:
    (project / ".github/workflows/ci.yml").write_text("later\n", "utf-8")


def restored(project: Path) -> None:
    (project / "src/digits/model.py").write_text("later\n", "utf-8")


def staged(project: Path) -> None:
    text = (project / "README.md").read_text("utf-8")
    (project / "README.md").write_text("later\n", "utf-8")
    git(project, "add", "README.md")
    (project / "README.md").write_text(text, "utf-8")


def committed(project: Path) -> None:
    changed(project)
    commit(project)


@pytest.mark.parametrize("work", [changed, made_anew, restored, staged, committed])
def test_it_is_refused_where_later_work_would_go(project: Path, work) -> None:
    command = update(project)
    work(project)
    before = state_of(project)
    code, said = take_back(command)
    assert code == 1
    assert said.startswith("Nothing was taken back: these were changed after the update")
    assert state_of(project) == before


def test_where_later_work_was_put_elsewhere_it_is_taken_back(project: Path) -> None:
    command = update(project)
    changed(project)
    (project / "src/digits/ours.py").unlink()
    assert take_back(command)[0] == 0
    text = (project / "src/digits/ours.py").read_text("utf-8")
    assert text == FILES["src/digits/ours.py"]


def test_of_an_update_that_was_cut_off_nothing_is_lost(project: Path) -> None:
    """Nobody knows what it would have made of a file: what is there is kept elsewhere."""
    before = state_of(project)
    command = update(project, ends=False)
    code, said = take_back(command)
    assert code == 0, said
    assert state_of(project) == before
    (aside,) = (project / ".git/keras-update" / undo.ASIDE).iterdir()
    assert str(aside) in said
    assert (aside / "README.md").read_text("utf-8") == "# Theirs\n"
    assert (aside / ".github/workflows/ci.yml").is_file()
    changed(project)  # is later work now, and what was put aside stays through the next update
    assert take_back(command)[0] == 1
    git(project, "checkout", "--quiet", ".")
    take_back(update(project, ends=False))
    assert (aside / "README.md").read_text("utf-8") == "# Theirs\n"


def test_of_an_update_that_was_refused_later_commits_are_not_taken_back(project: Path) -> None:
    command = before_update.begin(project, ANSWERS).command()
    committed(project)
    before = state_of(project)
    code, said = take_back(command)
    assert (code, "there are commits since then" in said) == (1, True)
    assert state_of(project) == before


def test_the_command_of_an_earlier_update_does_nothing(project: Path) -> None:
    command = update(project)
    git(project, "add", "--all")
    commit(project)
    before_update.begin(project, ANSWERS).finish()
    before = state_of(project)
    code, said = take_back(command)
    assert (code, said.startswith("Nothing was taken back: the last update was one of")) == (
        1,
        True,
    )
    assert state_of(project) == before


def test_in_a_repository_of_several_projects_the_others_are_left_alone(
    project: Path, tmp_path: Path
) -> None:
    top = tmp_path / "top"
    shutil.copytree(project, top / "deep/a project", ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "--quiet", str(top))
    (top / "README.md").write_text("top\n", "utf-8")
    commit(top)
    inner = top / "deep/a project"
    before = state_of(inner)
    command = update(inner)
    (top / "README.md").write_text("later\n", "utf-8")
    git(top, "add", "--all")
    index = git(top, "ls-files", "--stage", "README.md")
    code, said = take_back(command)
    assert code == 0, said
    assert state_of(inner) == before
    assert (top / "README.md").read_text("utf-8") == "later\n"
    assert git(top, "ls-files", "--stage", "README.md") == index


def test_line_ends_that_git_converts_come_back_as_they_were(project: Path) -> None:
    (project / ".gitattributes").write_text("*.md text eol=lf\n*.py text\n", "utf-8")
    git(project, "config", "core.autocrlf", "input")
    (project / "src/digits/ours.py").write_bytes(b"from keras import layers\r\n")
    commit(project)
    before = state_of(project)
    assert take_back(update(project))[0] == 0
    assert state_of(project) == before


def test_nothing_that_a_repository_configures_is_run(project: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", "utf-8")
    program.chmod(0o755)
    command = update(project)
    git(project, "config", "core.fsmonitor", str(program))
    git(project, "config", "core.hooksPath", str(tmp_path))
    program.rename(tmp_path / "post-index-change")
    assert take_back(command)[0] == 0
    assert not (tmp_path / "ran").exists()


def test_the_record_has_every_path_that_the_template_writes() -> None:
    """Parts of a path that are Jinja are those that are known here."""
    paths = list(record.template_paths(ANSWERS, "digits"))
    assert {ANSWERS, "Dockerfile", "src/digits/keras_flavour.py", ".gitignore"} <= {*paths}
    assert not [path for path in paths if "{" in path or path.endswith(".jinja")]


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda project: git(project, "rm", "--cached", ANSWERS), "git has no .copier-answers.yml"),
        (lambda project: (project / ANSWERS).write_text("- 1\n"), "does not name the project's"),
    ],
)
def test_an_update_that_git_could_not_take_back_is_refused(
    project: Path, prepare, reason: str
) -> None:
    """Before anything is changed, in one line."""
    prepare(project)
    git(project, "commit", "--quiet", "--all", "--message", "without")
    before = state_of(project)
    done = subprocess.run(
        [sys.executable, TEMPLATE / "hooks/before_update.py", ANSWERS, "[]"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("\n") == 1
    assert done.stdout.startswith("The update is not made, and nothing was changed: ")
    assert reason in done.stdout
    assert state_of(project) == before


@pytest.mark.parametrize("inner", ["", "deep/a project"])
@pytest.mark.parametrize("move", [shutil.move, shutil.copytree])
def test_a_project_that_was_moved_or_copied_is_taken_back_where_it_is(
    project: Path, tmp_path: Path, inner: str, move
) -> None:
    top = tmp_path / "top"
    shutil.copytree(project, top / inner, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "--quiet", str(top))
    commit(top)
    before = state_of(top / inner)
    command = update(top / inner)
    updated = state_of(top / inner)
    move(top, tmp_path / "other")
    code, said = take_back(command.replace(str(top), str(tmp_path / "other")))
    assert code == 0, said
    assert state_of(tmp_path / "other" / inner) == before
    if move is shutil.copytree:
        assert state_of(top / inner) == updated


def test_a_record_without_its_project_says_so(project: Path) -> None:
    command = update(project)
    shutil.move(project / ".git", project.parent / "history")
    shutil.rmtree(project)
    code, said = take_back(command.replace(str(project / ".git"), str(project.parent / "history")))
    assert code == 1
    assert said.startswith("Nothing was taken back: fatal: not a git repository")


@pytest.mark.parametrize("then", ["nothing", "add"])
def test_what_stops_on_its_way_says_how_far_it_came_and_goes_on(project: Path, then: str) -> None:
    before = state_of(project)
    command = update(project)
    if then == "add":
        git(project, "add", "--all", "--", ":!notes")
    module = project / "src/digits"
    shutil.rmtree(module)
    module.write_text("in the way\n", "utf-8")
    code, said = take_back(command)
    assert code == 1
    assert said.startswith("Stopped after 3 of ")
    assert (project / "README.md").read_text("utf-8") == FILES["README.md"]
    module.unlink()
    code, said = take_back(command)
    assert code == 0, said
    assert state_of(project) == before


def test_git_is_called_as_the_tool_calls_it() -> None:
    """The file stands alone in a project, and has a copy of what keeps git from running things."""
    theirs = (tool_git._SETTINGS, tool_git._ENVIRONMENT, tool_git._ELSEWHERE)
    assert theirs == (undo.SETTINGS, undo.ENVIRONMENT, undo.ELSEWHERE)
