"""A tree of files is migrated by one function, whoever calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate import project
from keras_imports.migrate.project import Result, migrate_tree
from keras_imports.python.files import Problem

KERAS = parse_target("keras")
OLD = "from tensorflow.keras import layers\n\nlayers.Dense(3)\n"
NEW = "from keras import layers\n\nlayers.Dense(3)\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.py", "b.py", "sub/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(OLD, "utf-8")
    return tmp_path


def test_files_are_written_in_a_fixed_order_and_their_texts_are_not_kept(tree: Path) -> None:
    results = [*migrate_tree([str(tree)], Job(KERAS))]
    names = ("a.py", "b.py", "sub/c.py")
    assert results == [Result(str(tree / name), Outcome("", changed=True)) for name in names]
    assert {(tree / name).read_text("utf-8") for name in names} == {NEW}


def test_a_job_that_does_not_write_gives_the_texts(tree: Path) -> None:
    file = str(tree / "a.py")
    job = Job(KERAS, write=False)
    assert [*migrate_tree([file], job)] == [Result(file, Outcome(NEW, changed=True), before=OLD)]
    assert (tree / "a.py").read_text("utf-8") == OLD


def test_what_is_not_there_is_a_problem(tree: Path) -> None:
    nowhere = str(tree / "nowhere.py")
    (problem,) = migrate_tree([nowhere], Job(KERAS))
    assert isinstance(problem, Problem)
    assert problem.file == nowhere


def test_one_file_that_fails_does_not_keep_others_from_being_migrated(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_a(path: str, *rest: object) -> Outcome:
        if path.endswith("a.py"):
            raise RuntimeError("broken")
        return migrate_file(path, *rest)

    migrate_file = project.migrate_file
    monkeypatch.setattr(project, "migrate_file", fails_for_a)
    first, *others = migrate_tree([str(tree)], Job(KERAS))
    assert first == Result(str(tree / "a.py"), Outcome("", problem="RuntimeError: broken"))
    assert [result.outcome.changed for result in others] == [True, True]
