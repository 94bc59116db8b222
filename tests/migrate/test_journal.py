"""What a run of `migrate` wrote can be taken back, and no journal of others is believed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keras_imports.cli import main
from keras_imports.commands import migrate as command
from keras_imports.migrate import journal
from keras_imports.migrate.files import change
from keras_imports.migrate.files.atomic import TEMPORARY
from keras_imports.migrate.journal import Journal

SRC = Path(__file__).parents[2] / "src"
OLD = "from tensorflow.keras import layers\n\nlayers.Dense(3)\n"
NEW = "from keras import layers\n\nlayers.Dense(3)\n"
FOLDER = ".keras_imports_journal"
Migrate = Callable[..., int]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three files that are to be moved, in the current folder."""
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.py", "b.py", "sub/c.py"):
        (folder / name).write_text(OLD, "utf-8")
    monkeypatch.chdir(folder)
    return folder


def texts(project: Path) -> list[str]:
    return [(project / name).read_text("utf-8") for name in ("a.py", "b.py", "sub/c.py")]


def move(*paths: str, option: str = "") -> int:
    options = [option] if option else []
    return main(["migrate", *(paths or ["."]), "--to", "keras", *options])


def undo(*paths: str) -> int:
    return main(["migrate", *paths, "--undo"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# To take a run back


def test_a_run_is_taken_back(project, capsys):
    (project / "a.py").chmod(0o755)
    assert (move(), texts(project)) == (0, [NEW] * 3)
    capsys.readouterr()
    assert (undo(), texts(project)) == (0, [OLD] * 3)
    assert (project / "a.py").stat().st_mode & 0o777 == 0o755
    out, err = capsys.readouterr()
    assert out.splitlines() == ["restored a.py", "restored b.py", "restored sub/c.py"]
    assert err == "the last run was taken back: 3 files\n"
    assert names(project) == ["a.py", "b.py", "sub"]
    assert undo() == 2
    assert capsys.readouterr().err == (
        f"keras-imports: {project}: no run of migrate is there to take back; of one that was "
        "elsewhere, name a path: `keras-imports migrate --undo PATH`\n"
    )


def test_what_was_changed_since_is_left_and_named(project, capsys):
    move()
    (project / "a.py").write_text(NEW + "more\n", "utf-8")
    (project / "b.py").unlink()
    capsys.readouterr()
    assert undo() == 1
    assert (project / "a.py").read_text("utf-8") == NEW + "more\n"
    assert not (project / "b.py").exists()
    assert (project / "sub/c.py").read_text("utf-8") == OLD
    assert capsys.readouterr().err.splitlines() == [
        "a.py: changed since that run; left as it is",
        "b.py: changed since that run; left as it is",
        "the last run was taken back: 1 file",
    ]
    (project / "a.py").write_text(NEW, "utf-8")  # and the rest is not forgotten
    assert undo() == 1
    assert (project / "a.py").read_text("utf-8") == OLD


def test_what_cannot_be_restored_is_said_and_not_forgotten(project, capsys, monkeypatch):
    def full(*_: str) -> None:
        raise OSError(28, "No space left on device")

    move()
    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr(journal, "put", full)
        assert undo() == 1
    first, *_ = capsys.readouterr().err.splitlines()
    assert first == "a.py: cannot be written: no space left on device; left as it is"
    assert (undo(), texts(project)) == (0, [OLD] * 3)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["--to", "keras"], "`--to`"),
        (["--json", "r.json", "--from=keras==2", "--docs"], "`--from`, `--docs`, `--json`"),
        (["--time-limit=5", "--exclude", "a"], "`--exclude`, `--time-limit`"),
    ],
)
def test_what_says_how_to_move_is_refused_where_nothing_is_moved(project, capsys, given, named):
    assert move("a.py") == 0
    moved = (project / "a.py").read_text()
    capsys.readouterr()
    assert main(["migrate", "--undo", *given]) == 2
    said = f"`--undo` takes back what was moved, and goes without {named}"
    assert capsys.readouterr().err == f"keras-imports: {said}\n"
    assert (project / "a.py").read_text() == moved


def test_a_report_takes_the_place_of_a_report_alone(project, capsys):
    assert main(["migrate", "a.py", "--to", "keras", "--json", "b.py"]) == 2
    assert "b.py: no report of migrate, and not replaced" in capsys.readouterr().err
    assert texts(project) == [OLD] * 3
    for _ in range(2):
        assert main(["migrate", "a.py", "--to", "keras", "--json", "report.json"]) == 0


def test_a_run_that_moves_nothing_forgets_nothing(project):
    move()
    assert (move(), move(option="--check"), move(option="--diff")) == (0, 0, 0)
    (project / "empty").mkdir()
    assert move("empty") == 0
    assert (undo(), texts(project)) == (0, [OLD] * 3)


def test_the_second_of_two_runs_is_taken_back_and_no_more(project):
    move("a.py")
    move("b.py")
    assert len(list((project / FOLDER).glob("run-*"))) == 1
    assert (undo(), texts(project)) == (0, [NEW, OLD, OLD])
    assert undo() == 2


def test_a_repository_has_one_journal_that_git_does_not_see(project, monkeypatch, capsys):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=one"]):
        subprocess.run([*git, *words], check=True)
    monkeypatch.chdir(project / "sub")
    assert move("c.py", "..") == 0
    assert names(project / "sub") == ["c.py"]
    status = subprocess.run([*git, "status", "--short"], capture_output=True, text=True)
    assert len(status.stdout.splitlines()) == 3
    subprocess.run([*git, "commit", "--quiet", "--all", "--message=two"], check=True)
    capsys.readouterr()
    assert (undo(), texts(project)) == (0, [OLD] * 3)
    assert "restored ../a.py\n" in capsys.readouterr().out


def test_without_a_repository_the_journal_is_where_the_run_was_started(project, monkeypatch):
    assert move("sub") == 0
    assert FOLDER in names(project)
    monkeypatch.chdir(project.parent)
    assert undo() == 2
    assert (undo("project"), texts(project)) == (0, [OLD] * 3)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_odd_names_are_taken_back(project, capsys):
    odd = [os.fsdecode(b"\xe9.py"), "a b.py", "c\nd.py", "-e.py", "ü.py"]
    for name in odd:
        (project / name).write_text(OLD, "utf-8")
    move()
    assert {(project / name).read_text("utf-8") for name in odd} == {NEW}
    assert undo() == 0
    assert {(project / name).read_text("utf-8") for name in odd} == {OLD}
    assert "restored c\\nd.py\n" in capsys.readouterr().out


def test_a_notebook_whose_code_and_requirements_move_is_written_once(project, capsys):
    lines = ["!pip install keras==2.2.4\n", "from keras.layers.core import Dense\n"]
    cells = [{"cell_type": "code", "source": lines, "metadata": {}, "outputs": []}]
    book = project / "book.ipynb"
    book.write_text(json.dumps({"cells": cells, "metadata": {}}), "utf-8")
    before = book.read_bytes()
    assert main(["migrate", "book.ipynb", "--to", "keras", "--dependencies"]) == 0
    assert capsys.readouterr().out == "moved book.ipynb\n"
    first, second = json.loads(book.read_bytes())["cells"][0]["source"]
    assert first.startswith("!pip install 'keras>=3")
    assert second == "from keras.layers import Dense\n"
    assert (undo(), book.read_bytes()) == (0, before)


# What happens in the meantime


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Have something done after the plan was made, and before it is written."""

    def set_(do: Callable[[], object]) -> None:
        def planned(*arguments: object) -> object:
            report = make(*arguments)
            do()
            return report

        make = command._planned
        monkeypatch.setattr(command, "_planned", planned)

    return set_


def become_a_link(path: Path) -> None:
    path.rename(path.with_suffix(".txt"))
    path.symlink_to("a.txt")


@pytest.mark.parametrize(
    "do",
    [
        lambda path: path.write_text("other\n", "utf-8"),
        lambda path: path.write_text(OLD + "more\n", "utf-8"),
        lambda path: path.chmod(0o755),
        lambda path: path.unlink(),
        become_a_link,
    ],
    ids=["rewritten", "appended", "mode", "deleted", "link"],
)
def test_what_is_changed_while_the_plan_is_made_is_left(project, capsys, meanwhile, do):
    path = project / "a.py"
    meanwhile(lambda: do(path))
    assert main(["migrate", ".", "--to", "keras", "--json", "report.json"]) == 2
    after = path.read_text("utf-8") if path.exists() else None
    assert after != NEW
    assert texts(project)[1:] == [NEW] * 2 if after else True
    out, err = capsys.readouterr()
    assert out.splitlines() == ["moved b.py", "moved sub/c.py"]
    left, summary = err.splitlines()
    assert left == "a.py: changed while the plan was made: run it again; left as it is"
    assert summary.startswith("2 of 3 files moved to keras")
    first, *others = json.loads((project / "report.json").read_text("utf-8"))["files"]
    assert first["changed"] is False
    assert first["problem"] == "changed while the plan was made: run it again"
    assert [row["changed"] for row in others] == [True, True]


def test_a_run_that_can_write_nothing_forgets_nothing(project, meanwhile):
    move("a.py")
    meanwhile(lambda: (project / "b.py").write_text("other\n", "utf-8"))
    assert move("b.py") == 2
    assert (undo(), texts(project)) == (0, [OLD, "other\n", OLD])


def test_two_runs_at_once_are_refused(project, capsys, meanwhile):
    command_line = [sys.executable, "-m", "keras_imports", "migrate", ".", "--to", "keras"]
    environment = {**os.environ, "PYTHONPATH": str(SRC)}

    def other() -> None:
        done = subprocess.run(command_line, env=environment, capture_output=True, text=True)
        assert done.returncode == 2
        at_work = "another run of migrate is at work here; nothing is changed"
        assert done.stderr == f"keras-imports: {project}: {at_work}\n"
        assert texts(project) == [OLD] * 3

    meanwhile(other)
    assert (move(), texts(project)) == (0, [NEW] * 3)


def test_the_lock_of_a_process_that_is_gone_holds_nobody(project):
    (project / FOLDER).mkdir()
    (project / FOLDER / "lock").touch()
    assert (move(), texts(project)) == (0, [NEW] * 3)


@pytest.fixture
def unfinished(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of which a run has moved two of three files when it ended."""

    def stop_at_the_third(waiting: str, place: str) -> None:
        if place.endswith("c.py"):
            raise KeyError
        put(waiting, place)

    put = change.put
    monkeypatch.setattr(change, "put", stop_at_the_third)
    with pytest.raises(KeyError):
        move()
    monkeypatch.undo()
    monkeypatch.chdir(project)
    assert texts(project) == [NEW, NEW, OLD]
    return project


def test_an_unfinished_run_is_taken_back_by_the_next_one(unfinished, capsys):
    capsys.readouterr()
    left_over = unfinished / "sub" / f"{TEMPORARY}x"
    left_over.touch()
    assert (move(), texts(unfinished)) == (0, [NEW] * 3)
    assert not left_over.exists()
    out, err = capsys.readouterr()
    assert out.splitlines() == ["moved a.py", "moved b.py", "moved sub/c.py"]
    assert err.splitlines()[0] == "the interrupted run was taken back first: 2 files"
    assert (undo(), texts(unfinished)) == (0, [OLD] * 3)


def test_who_only_looks_takes_nothing_back(unfinished, capsys):
    for option in ("--check", "--diff"):
        capsys.readouterr()
        move(option=option)
        assert texts(unfinished) == [NEW, NEW, OLD]
        first = capsys.readouterr().err.splitlines()[0]
        assert first.startswith("a run was interrupted when it had moved 2 of 3 files")
    assert (undo(), texts(unfinished)) == (0, [OLD] * 3)


# Journals that were made to do harm


def test_a_folder_that_is_a_link_is_refused(project, tmp_path, capsys):
    (tmp_path / "outside").mkdir()
    (project / FOLDER).symlink_to(tmp_path / "outside")
    assert (move(), undo()) == (2, 2)
    assert texts(project) == [OLD] * 3
    assert names(tmp_path / "outside") == []
    assert "a link, which is not followed; remove it" in capsys.readouterr().err


@pytest.mark.parametrize("name", [".gitignore", "lock", "last.json", "run-x"])
def test_links_in_it_are_not_followed(project, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept", "utf-8")
    (project / FOLDER).mkdir()
    (project / FOLDER / name).symlink_to(outside if name == "run-x" else outside / "kept")
    move()
    assert (outside / "kept").read_text("utf-8") == "kept"
    assert names(outside) == ["kept"]


@pytest.mark.parametrize("place", ["../outside.py", ".git/config", "/outside.py", "link/x.py"])
@pytest.mark.parametrize("is_copied", [True, False])
def test_nothing_outside_of_the_project_is_touched(project, tmp_path, place, is_copied):
    (project / ".git").mkdir()
    (project / "link").symlink_to(tmp_path)
    path = tmp_path / place if place.startswith("/") else Path(os.path.abspath(project / place))
    if place.startswith("link"):
        path = tmp_path / "x.py"
    path = path if str(path).startswith(str(tmp_path)) else tmp_path / "outside.py"
    path.write_text("theirs", "utf-8")
    place = str(path) if place.startswith("/") else place
    run = project / FOLDER / "run-x"
    run.mkdir(parents=True)
    waiting = run / change.waiting_name(os.path.join(project, place))
    waiting.with_suffix(".old").write_text("evil", "utf-8")
    (run / "unfinished").touch()
    about = {"inode": run.stat().st_ino, "count": 1}
    row = [place, change.digest(b"evil"), change.digest(b"theirs")]
    (run / "files.jsonl").write_text(f"{json.dumps(about)}\n{json.dumps(row)}\n", "utf-8")
    row = {"run": "run-x", "inode": run.stat().st_ino + is_copied}
    (project / FOLDER / "last.json").write_text(json.dumps(row), "utf-8")
    undo()
    move()
    assert path.read_text("utf-8") == "theirs"


def test_a_journal_that_came_with_a_copy_is_not_believed(unfinished, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    shutil.copytree(unfinished, copy)
    monkeypatch.chdir(copy)
    assert undo() == 2
    assert (move(), texts(copy)) == (0, [NEW] * 3)
    assert (undo(), texts(copy)) == (0, [NEW, NEW, OLD])


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"run": 3, "inode": 1}', "[" * 100_000, "\x00"])
def test_a_journal_that_is_broken_is_none(project, text):
    (project / FOLDER).mkdir()
    (project / FOLDER / "last.json").write_text(text, "utf-8")
    assert not Journal.of(["."]).has_run
    assert (move(), texts(project)) == (0, [NEW] * 3)
    assert (undo(), texts(project)) == (0, [OLD] * 3)


# Journals that are damaged


def damaged(project: Path, keep: int, of: str = "files.jsonl") -> Path:
    """Cut a file of the journal off after some lines and a half; return the folder of the run."""
    (run,) = (project / FOLDER).glob("run-*")
    path = run / of if of == "files.jsonl" else project / FOLDER / of
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:keep]) + lines[keep][: len(lines[keep]) // 2], "utf-8")
    return run


def test_what_a_damaged_journal_still_names_is_brought_back(project, capsys):
    move()
    run = damaged(project, 2)
    capsys.readouterr()
    assert (undo(), texts(project)) == (1, [OLD, NEW, NEW])
    out, err = capsys.readouterr()
    assert out == "restored a.py\n"
    first, *others, last = err.splitlines()
    files = os.path.relpath(run / "files.jsonl")
    assert first == (
        f"{files}: damaged: it does not name all files of that run any more; left as it is"
    )
    assert len(others) == 2
    for line in others:
        place, _, kept = line.partition(": what it was is kept in ")
        assert Path(kept.removesuffix("; left as it is")).read_text("utf-8") == OLD
        assert place in ("b.py", os.path.join("sub", "c.py"))
    assert last == "the last run was taken back: 1 file"


def test_a_run_is_refused_as_long_as_a_damaged_one_keeps_something(project, capsys):
    move()
    run = damaged(project, 1)
    (project / "b.py").write_text(OLD, "utf-8")
    assert (move(), texts(project)) == (2, [NEW, OLD, NEW])
    assert "; then remove " in capsys.readouterr().err.splitlines()[-1]
    assert len(list(run.glob("*.old"))) == 3


def lose_last(project: Path) -> None:
    (project / FOLDER / "last.json").unlink()


def damage_last(project: Path) -> None:
    damaged(project, 0, "last.json")


def lose_files(project: Path) -> None:
    next((project / FOLDER).glob("run-*/files.jsonl")).unlink()


@pytest.mark.parametrize("do", [lose_last, damage_last])
def test_a_run_is_found_without_the_file_that_leads_to_it(project, do):
    move()
    do(project)
    assert (move(), undo(), texts(project)) == (0, 0, [OLD] * 3)
    assert names(project) == ["a.py", "b.py", "sub"]


def test_a_damaged_journal_is_judged_when_no_other_run_is_at_work(project, monkeypatch):
    def after_another(self: Journal) -> object:
        with monkeypatch.context() as patched:
            patched.setattr(Journal, "opened", opened)
            assert undo() == 1  # what it can; then the damaged journal is removed
        shutil.rmtree(project / FOLDER)
        return opened(self)

    move()
    damaged(project, 2)
    opened = Journal.opened
    monkeypatch.setattr(Journal, "opened", after_another)
    assert (move(), texts(project)) == (0, [NEW] * 3)


def test_what_a_run_planned_and_did_not_write_is_removed(project):
    run = project / FOLDER / "run-x"
    run.mkdir(parents=True)
    (run / "x.old").touch()
    (run / "x.new").touch()
    assert (undo(), move(), texts(project)) == (2, 0, [NEW] * 3)
    assert not run.exists()


@pytest.mark.parametrize("of_last", [lose_last, damage_last])
@pytest.mark.parametrize("of_files", [lose_files, lambda project: damaged(project, 0)])
def test_what_is_kept_is_named_where_nothing_is_known_of_it(project, capsys, of_last, of_files):
    move()
    of_files(project)
    of_last(project)
    (run,) = (project / FOLDER).glob("run-*")
    for do in (undo, move):
        capsys.readouterr()
        assert (do(), texts(project)) == (2, [NEW] * 3)
        (line,) = capsys.readouterr().err.splitlines()
        assert f"what they were is kept in {run}" in line
    assert len(list(run.glob("*.old"))) == 3


def test_a_full_disk_changes_nothing(project, capsys, monkeypatch):
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_synced", fail)
    assert (move(), texts(project)) == (2, [OLD] * 3)
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("cannot be written: no space left on device; nothing is changed")
    assert names(project) == ["a.py", "b.py", "sub"]
