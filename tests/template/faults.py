"""What goes wrong with data, runs and files: `test_faults.py` runs these in a generated project."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from digits import training
from digits.cli import main
from digits.config import Config
from digits.data import Data, load_data
from digits.flavour import ROOT
from digits.model import build_model
from digits.report import draw_predictions
from digits.runs import CannotGoOn, read_history, start_run, write_json, write_whole
from digits.task import compile_model
from filelock import FileLock

keras = pytest.importorskip(ROOT)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run of two epochs, which nobody changes."""
    run = start_run(tmp_path_factory.mktemp("runs"))
    training.train(Config(epochs=2, learning_rate=1e-2), run)
    return run


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """Give a copy of it, to be damaged."""
    return shutil.copytree(whole, tmp_path / "run")


def said(*arguments: str | Path) -> str:
    """Give the one line that a command ends with; only what it refuses may end it early."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert isinstance(result.exception, SystemExit), result.exception
    line = result.output.splitlines()[-1]
    assert line.startswith("Error: ")
    return line


def trained(data: Data, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Give what `train` ends with where `load_data` gives such data."""
    monkeypatch.setattr(training, "load_data", lambda _: data)
    return said("train", "--epochs", "2", "--runs", tmp_path / "runs")


def changed(change: Callable[[np.ndarray, np.ndarray], Any], split: str = "train") -> Data:
    """Give the example's data with one of the splits changed."""
    data = load_data()
    x, y = (array.copy() for array in getattr(data, split))
    return dataclasses.replace(data, **{split: change(x, y) or (x, y)})


@pytest.mark.parametrize("index", [0, 700])
def test_data_that_are_no_numbers(index, monkeypatch, tmp_path):
    data = changed(lambda x, _: x[index].fill(np.nan))
    assert "training data of load_data are not all finite" in trained(data, monkeypatch, tmp_path)
    data = changed(lambda x, _: x[index % 300].fill(np.inf), "validation")
    assert "validation data of load_data are not all" in trained(data, monkeypatch, tmp_path)


@pytest.mark.parametrize("kind", [str, object, complex])
def test_data_of_a_type_that_is_no_number(kind, monkeypatch, tmp_path):
    data = changed(lambda x, y: (x, y.astype(kind)))
    assert "training data of load_data are not all finite" in trained(data, monkeypatch, tmp_path)


def test_data_that_are_empty(monkeypatch, tmp_path):
    for nothing in ([], (np.zeros((0, 8, 8, 1)), np.zeros(0))):
        data = dataclasses.replace(load_data(), train=nothing)
        assert "gives no training examples" in trained(data, monkeypatch, tmp_path)


def test_targets_that_are_fewer_than_the_examples(monkeypatch, tmp_path):
    data = changed(lambda x, y: (x, y[1:]), "validation")
    line = trained(data, monkeypatch, tmp_path)
    assert "gives 360 validation examples, and targets of the shape (359,)" in line


def test_targets_out_of_range(monkeypatch, tmp_path):
    data = changed(lambda x, y: (x, y + 2))
    assert "go from 2 to 11, and the 10 classes" in trained(data, monkeypatch, tmp_path)


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_what_it_had(run, monkeypatch):
    before = {path.name: path.read_bytes() for path in run.glob("*.keras")}
    monkeypatch.setattr(training, "check_data", lambda _: None)
    monkeypatch.setattr(
        training, "load_data", lambda _: changed(lambda x, _: x[-1].fill(np.nan), "validation")
    )
    assert "epoch 3 ends with loss" in said("train", "--resume", run, "--epochs", "4")
    assert {path.name: path.read_bytes() for path in run.glob("*.keras")} == before
    assert "nan" not in (run / "history.csv").read_text("utf-8")


def test_a_metric_that_is_no_number_is_left_out_of_json(run, monkeypatch):
    model = keras.models.load_model(str(run / "model.keras"))
    monkeypatch.setattr(type(model), "evaluate", lambda *_, **__: {"loss": 1.0, "r2": float("nan")})
    assert training.evaluate(run) == {"val_loss": 1.0}
    with pytest.raises(ValueError, match="JSON"):
        write_json(run / "x.json", float("nan"))


@pytest.mark.parametrize(
    "setting",
    ["--learning-rate=nan", "--learning-rate=0", "--seed=-1", "--batch-size=0", "--epochs=0"],
)
def test_settings_that_cannot_be(setting, tmp_path):
    name = setting[2:].partition("=")[0].replace("-", "_")
    assert f"Error: {name} is " in said("train", setting, "--runs", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"config": {"epo',
        "",
        "[]",
        '{"config": null}',
        '{"config": {"colour": 3}}',
        '{"config": {"epochs": "many"}}',
        '{"config": {"patience": null}}',
        '{"config": {"learning_rate": NaN}}',
    ],
)
def test_a_configuration_that_cannot_be(text, run):
    (run / "config.json").write_text(text, "utf-8")
    assert "config.json" in said("evaluate", run)
    assert "config.json" in said("train", "--resume", run)


@pytest.mark.parametrize("end", ["2,1,1", "2,nan,nan,nan,nan,9\n", "\x00\xff", "9" * 200_000])
def test_a_history_is_good_up_to_the_first_row_that_is_not(end, run):
    with (run / "history.csv").open("a", encoding="latin-1") as file:
        file.write(end)
    assert [row["epoch"] for row in read_history(run)] == [0, 1]


@pytest.mark.parametrize("text", ["epoch\n0\n", "a,b\n1,2\n", ""])
def test_a_history_that_is_none(text, run):
    (run / "history.csv").write_text(text, "utf-8")
    assert "no whole epoch to go on from" in said("train", "--resume", run)


@pytest.mark.parametrize("content", [None, b"", b"PK"])
def test_models_that_are_not_whole(content, run):
    for name in ("last.keras", "model.keras"):
        (run / name).unlink() if content is None else (run / name).write_bytes(content)
    wrong = "missing" if content is None else "damaged"
    assert f"last.keras is {wrong}" in said("train", "--resume", run, "--epochs", "3")
    assert f"model.keras is {wrong}" in said("evaluate", run)
    assert f"model.keras is {wrong}" in said("predict", run)


def test_a_run_goes_on_where_a_best_model_that_cannot_be_used_counts_as_none(run):
    (run / "model.keras").write_bytes(b"")
    (run / "unfinished-model.keras").write_bytes(b"PK")
    training.train(Config(epochs=3), run)
    assert training.evaluate(run)["val_loss"] > 0
    written = json.loads((run / "config.json").read_text("utf-8"))
    assert written["config"]["epochs"] == 3
    assert written["commit"] is None  # the project is in no repository
    assert not list(run.glob("unfinished-*"))
    assert read_history(run)[-1]["seconds"] >= read_history(run)[0]["seconds"]


def test_the_best_model_is_kept_whatever_the_history_has_lost_of_it(run):
    best = (run / "model.keras").read_bytes()
    header, first, _ = (run / "history.csv").read_text("utf-8").splitlines()
    worst = ",".join([*first.split(",")[:-2], "99", "1"])
    (run / "history.csv").write_text(f"{header}\n{worst}\n", "utf-8")
    model = build_model(load_data())
    compile_model(model)
    model.save(str(run / "last.keras"))
    training.train(Config(epochs=2), run)
    assert read_history(run)[-1]["val_loss"] < 99
    assert (run / "model.keras").read_bytes() == best


@pytest.mark.parametrize("shape", [(5,), (8, 8, 1)])
def test_a_model_for_other_data(shape, run):
    layers = keras.layers
    other = [layers.Input(shape), layers.Flatten(), layers.Dense(3, activation="softmax")]
    model = keras.Sequential(other)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for name in ("model.keras", "last.keras"):
        model.save(str(run / name))
    for command in (["evaluate", run], ["predict", run], ["train", "--epochs=3", "--resume", run]):
        assert "is no model for this data" in said(*command)


def test_targets_of_another_rank(run, monkeypatch):
    data = changed(lambda x, y: (x, np.eye(10, dtype="int32")[y]), "validation")
    monkeypatch.setattr(training, "load_data", lambda _: data)
    assert "the model cannot be measured on this data: " in said("evaluate", run)
    resumed = said("train", "--resume", run, "--epochs", "3")
    assert "the model cannot be measured on this data: " in resumed


def test_classes_that_are_others_now(run, monkeypatch):
    data = load_data()
    classes = ("zero", *data.classes[1:])
    monkeypatch.setattr(training, "load_data", lambda _: dataclasses.replace(data, classes=classes))
    monkeypatch.setattr("digits.data.load_data", training.load_data)
    for command in (["evaluate", run], ["predict", run], ["train", "--epochs=3", "--resume", run]):
        line = said(*command)
        assert "classes of the data is ('zero', '1', " in line
        assert "and was ('0', '1', " in line


def test_a_run_that_trains_already(run):
    with FileLock(run / ".lock"):
        assert "another process trains in" in said("train", "--resume", run, "--epochs", "3")


def test_a_run_that_stopped_early(run):
    with (run / "history.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{epoch},0.1,9,0.1,9,9\n" for epoch in range(2, 9))
    assert "has stopped early after 9 epochs" in said("train", "--resume", run, "--epochs", "20")


def test_what_cannot_be_written_stays_as_it_was(run, tmp_path):
    before = (run / "config.json").read_bytes()

    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotGoOn, match=r"config\.json cannot be written, and stays as it was"):
        write_whole(run / "config.json", full)
    assert (run / "config.json").read_bytes() == before
    assert not list(run.glob("unfinished-*"))
    (tmp_path / "file").touch()
    for runs in (tmp_path / "file", "/dev/null/runs"):
        assert "Not a directory" in said("train", "--runs", runs)


def test_a_folder_that_is_no_run(tmp_path):
    assert "config.json" in said("evaluate", tmp_path)
    assert "no whole epoch" in said("train", "--resume", tmp_path)


class Predicts:
    """A model that predicts, whatever its data."""

    def __init__(self, outputs: Callable[[np.ndarray], Any]) -> None:
        self.outputs = outputs

    def predict(self, x: np.ndarray, verbose: int) -> Any:
        return self.outputs(x)


@pytest.mark.parametrize(
    ("outputs", "y", "classes", "drawn"),
    [
        (lambda x: 2 * x, np.arange(5.0), (), True),
        (lambda x: 2 * x[:, np.newaxis], np.arange(5.0), (), True),
        (lambda x: np.eye(3)[x], np.arange(5) % 3, ("$a", "$\\b$", "<"), True),
        (lambda x: np.eye(3)[[x, x]].swapaxes(0, 1), np.zeros((5, 2)), ("a", "b", "c"), True),
        (lambda x: [x, x], np.arange(5.0), (), False),
        (lambda x: {"a": x}, np.arange(5.0), ("a", "b", "c"), False),
        (lambda x: np.ones((len(x), 7)), np.arange(5.0), (), False),
    ],
)
def test_predictions_are_drawn_where_they_can_be(outputs, y, classes, drawn):
    x = np.arange(5) % 3
    batches = [(x[:2], y[:2]), (x[2:], y[2:])]
    for split in ((x, y), batches, iter(batches)):
        picture = draw_predictions(Predicts(outputs), Data(None, split, classes))
        assert (picture is not None) == drawn


class Executed:
    """An object whose pickle makes a folder when it is loaded."""

    def __reduce__(self):
        return os.mkdir, ("executed",)


IMAGES = np.ones((2, 8, 8, 1), "float32")
FILES = {
    "empty.npy": lambda path: np.save(path, IMAGES[:0]),
    "one.npy": lambda path: np.save(path, IMAGES[0]),
    "none.npy": lambda path: np.save(path, np.float32(3)),
    "strings.npy": lambda path: np.save(path, np.full((2, 8, 8, 1), "a")),
    "nan.npy": lambda path: np.save(path, IMAGES * np.nan),
    "bytes.npy": lambda path: np.save(path, (IMAGES * 16).astype("uint8")),
    "long.npy": lambda path: np.save(path, IMAGES.astype("complex128")),
    "zero.npy": lambda path: path.write_bytes(b""),
    "pickle.npy": lambda path: path.write_bytes(pickle.dumps(Executed())),
    "object.npy": lambda path: np.save(path, np.array([Executed()], object), allow_pickle=True),
    "pickle.png": lambda path: path.write_bytes(pickle.dumps(Executed())),
    "zip.npy": lambda path: np.savez(path.open("wb"), x=IMAGES),
    "zip.npz": lambda path: np.savez(path, x=IMAGES),
    "huge.npy": lambda path: header(path, 2_000_000_000),
    "negative.npy": lambda path: header(path, -5),
    "bomb.png": lambda path: picture(path, 60_000),
    "large.png": lambda path: picture(path, 28),
}


def header(path: Path, count: int) -> None:
    """Write a file of no numbers that says it has them, 477 GiB for two billion images."""
    about = {"descr": "<f4", "fortran_order": False, "shape": (count, 8, 8, 1)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, about)


def picture(path: Path, size: int) -> None:
    """Write a black image, which says that it has another size where that is too much."""
    from PIL import Image

    Image.new("L", (28, 28)).save(path)
    content = path.read_bytes()
    path.write_bytes(content.replace((28).to_bytes(4, "big") * 2, size.to_bytes(4, "big") * 2))


def test_a_file_of_the_other_byte_order(whole, tmp_path):
    np.save(tmp_path / "big.npy", IMAGES.astype(">f4"))
    result = CliRunner().invoke(main, ["predict", str(whole), "--input", str(tmp_path / "big.npy")])
    assert result.output.count("class ") == 2


@pytest.mark.parametrize(
    "text", ["{}", "[]", "7", '{"shape": [8, 8, 1], "low": "a", "high": 1}', '{"shape": 3}', "{"]
)
def test_a_description_of_examples_that_cannot_be(text, run):
    (run / "examples.json").write_text(text, "utf-8")
    assert "examples.json" in said("predict", run)


@pytest.mark.parametrize("name", FILES)
def test_files_that_predict_cannot_take(name, whole, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FILES[name](tmp_path / name)
    line = said("predict", whole, "--input", tmp_path / name)
    assert "cannot be read: " in line or line.startswith("Error: the examples ")
    assert not (tmp_path / "executed").exists()
