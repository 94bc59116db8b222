"""A tree of files is migrated by one function, whoever calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from keras_imports.engine import across_files
from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate import project
from keras_imports.migrate.files import source_files
from keras_imports.migrate.files.source_files import Planned
from keras_imports.migrate.files.walk import project_files
from keras_imports.migrate.project import Result, migrate_tree, plan_tree
from keras_imports.python.files import Problem

Moved = Callable[..., tuple[dict[str, str], set[str]]]
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
    results = [*migrate_tree(project_files([str(tree)]), Job(KERAS))]
    names = ("a.py", "b.py", "sub/c.py")
    assert results == [Result(str(tree / name), Outcome("", changed=True)) for name in names]
    assert {(tree / name).read_text("utf-8") for name in names} == {NEW}


def test_a_plan_writes_nothing_but_what_files_were_and_are_to_be(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file, folder = str(tree / "a.py"), str(tmp_path_factory.mktemp("waiting"))
    (result,) = plan_tree(project_files([file]), Job(KERAS), folder)
    assert result == Result(file, Outcome("", changed=True))
    assert isinstance(result, Result)
    assert result.change
    texts = [Path(result.change.waiting + end).read_text("utf-8") for end in (".old", ".new")]
    assert texts == [OLD, NEW]
    assert (tree / "a.py").read_text("utf-8") == OLD


@pytest.mark.parametrize("name", ["link.py", "sub/../a.py", "a.py"])
def test_a_file_of_two_names_is_moved_once(tree: Path, name: str) -> None:
    (tree / "link.py").symlink_to("a.py")
    paths = [str(tree / "a.py"), str(tree / name)]
    for given in (paths, paths[::-1]):
        (tree / "a.py").write_text(OLD, "utf-8")
        (result,) = migrate_tree(project_files(given), Job(KERAS))
        assert isinstance(result, Result)
        assert result.outcome == Outcome("", changed=True)
        assert (tree / "a.py").read_text("utf-8") == NEW
    assert (tree / "link.py").is_symlink()


def test_what_is_not_there_is_a_problem(tree: Path) -> None:
    nowhere = str(tree / "nowhere.py")
    (problem,) = migrate_tree(project_files([nowhere]), Job(KERAS))
    assert isinstance(problem, Problem)
    assert problem.file == nowhere


def test_one_file_that_fails_does_not_keep_others_from_being_migrated(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_a(path: str, *rest: object) -> Planned:
        if path.endswith("a.py"):
            raise RuntimeError("broken")
        return plan_file(path, *rest)

    plan_file = project.plan_file
    monkeypatch.setattr(project, "plan_file", fails_for_a)
    first, *others = migrate_tree(project_files([str(tree)]), Job(KERAS))
    assert first.file == str(tree / "a.py")
    assert "a defect of keras-imports, and not of the file (RuntimeError: broken" in (
        first.outcome.problem
    )
    assert [result.outcome.changed for result in others] == [True, True]


def endless_in(do: Callable[..., object]) -> Callable[..., object]:
    """A function that never ends for some texts."""

    def endless(text: str, *rest: object, **options: object) -> object:
        while "endless = " in text:
            pass
        return do(text, *rest, **options)

    return endless


def test_a_file_that_takes_too_long_is_named_and_tells_nothing(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((across_files, "resolve"), (source_files, "migrate_text")):
        monkeypatch.setattr(module, name, endless_in(getattr(module, name)))
    (tree / "a.py").write_text(f"{OLD}endless = layers.Dense(3)\n", "utf-8")
    (tree / "b.py").write_text(f"from a import endless\n{OLD}", "utf-8")
    job = Job(KERAS, seconds=0.4)
    first, *others = migrate_tree(project_files([str(tree)]), job)
    assert first == Result(
        str(tree / "a.py"),
        Outcome("", problem="took longer than 0.4 s; `--time-limit` gives it more"),
    )
    assert [result.outcome.changed for result in others] == [True, True]


LSTM = "from {}.layers import LSTM\n\nx = LSTM(3)\n"
OPEN = LSTM.format("keras")
SURELY_OLD = "from keras.layers.core import Dense\n\nDense(output_dim=3)\n"
SURELY_NEW = "from keras import ops\n\nops.mean(x)\n"


@pytest.fixture
def moved(tmp_path: Path) -> Moved:
    """Write files and migrate them: the texts, and what told the age of the code."""

    def move(
        files: dict[str, str], *paths: str, to: str = "keras"
    ) -> tuple[dict[str, str], set[str]]:
        (tmp_path / ".git").mkdir(exist_ok=True)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        given = [str(tmp_path / path) for path in paths or [""]]
        results = [*migrate_tree(project_files(given), Job(parse_target(to)))]
        reasons = {reason for each in results for reason in getattr(each, "reasons", ())}
        return {name: (tmp_path / name).read_text("utf-8") for name in files}, reasons

    return move


def has_old_default(text: str) -> bool:
    """Whether a default that an older Keras had is written out."""
    return "recurrent_activation" in text


def test_the_nearest_declaration_counts_in_any_order(moved: Moved) -> None:
    files = {
        "a/requirements.txt": "keras==2.2.4\n",
        "a/net.py": OPEN,
        "b/requirements.txt": "keras==2.3.1\n",
        "b/net.py": OPEN,
        "net.py": OPEN,
    }
    expected = {name: name == "a/net.py" for name in files if name.endswith(".py")}
    for paths in ((), ("a", "b", "net.py"), ("net.py", "b", "a")):
        texts, reasons = moved(files, *paths)
        assert {name: has_old_default(texts[name]) for name in expected} == expected
        told = sorted(reason.partition(" in ")[0].partition(", by ")[2] for reason in reasons)
        assert told == ["keras==2.2.4", "keras==2.3.1"]


@pytest.mark.parametrize(
    ("required", "is_old"),
    [
        ("tensorflow==2.10.1", True),
        ("tensorflow<2.16", True),
        ("tensorflow>=2.16", False),
        ("tensorflow==2.17.0", False),
        ("tensorflow", True),  # nothing tells, and most is
    ],
)
def test_a_release_of_tensorflow_tells_what_its_keras_is(
    moved: Moved, required: str, is_old: bool
) -> None:
    code = "from tensorflow.keras.layers import ConvLSTM2D\n\nx = ConvLSTM2D(3, 3)\n"
    texts, _ = moved({"requirements.txt": required, "net.py": code})
    assert has_old_default(texts["net.py"]) is is_old


def test_a_notebook_declares_for_itself_alone(moved: Moved) -> None:
    lines = ["!pip install keras==2.2.4\n", "from keras.layers import LSTM\n", "x = LSTM(3)\n"]
    cells = [{"cell_type": "code", "source": lines}]
    texts, _ = moved({"n.ipynb": json.dumps({"cells": cells, "metadata": {}}), "net.py": OPEN})
    assert has_old_default(texts["n.ipynb"])
    assert not has_old_default(texts["net.py"])


@pytest.mark.parametrize(
    ("others", "speaks"),
    [
        ({"old.py": SURELY_OLD}, True),
        ({"z/old.py": SURELY_OLD}, True),
        ({"old.py": "from keras.optimizers import Adam\n\nAdam(lr=0.1)\n"}, True),
        ({"old.py": "import keras\n\nkeras.Model().fit_generator(x)\n"}, True),
        ({}, False),
        ({"other.py": OPEN}, False),
        ({"old.py": SURELY_OLD, "new.py": SURELY_NEW}, False),
        ({"new.py": SURELY_NEW}, False),
        ({"b/setup.py": "", "b/old.py": SURELY_OLD}, False),
    ],
)
def test_a_file_that_is_surely_old_speaks_for_its_project(
    moved: Moved, others: dict[str, str], speaks: bool
) -> None:
    _, reasons = moved({"net.py": OPEN} | others)
    assert any("surely written for Keras 2" in reason for reason in reasons) is speaks


def test_neighbours_tell_the_same_to_one_process_and_to_several(
    moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"m{number}.py": OPEN for number in range(9)} | {"zz.py": SURELY_OLD}
    alone = moved(files)
    monkeypatch.setattr(project, "_ALONE", 2)
    assert moved(files) == alone
    assert moved(files, *reversed(files)) == alone


def test_what_was_moved_once_stays(moved: Moved) -> None:
    files = {"net.py": OPEN, "tf.py": LSTM.format("tensorflow.keras"), "old.py": SURELY_OLD}
    once, _ = moved(files)
    assert moved(once)[0] == once


def test_a_file_that_takes_too_long_takes_nothing_from_those_that_import_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(across_files, "resolve", endless_in(across_files.resolve))
    (tree / "a.py").write_text(f"{OLD}endless = layers.Dense(3)\n", "utf-8")
    made = "import keras\n\n\ndef make():\n    return keras.Sequential()\n"
    (tree / "b.py").write_text(made, "utf-8")
    (tree / "both.py").write_text("from a import endless\nfrom b import make\n", "utf-8")
    using = "from both import make\n\nmake().fit_generator(None, workers=3)\n"
    (tree / "0.py").write_text(using, "utf-8")
    first, *_ = migrate_tree(project_files([str(tree)]), Job(KERAS, seconds=0.4))
    assert first.outcome.changed
