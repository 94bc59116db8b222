"""Real projects of every flavour, backend, data and model: installed, validated, tested, typed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from _pytest.mark import ParameterSet
from own_data import IMAGES, TABLE
from projects import Made, environment, environment_of, make, name_of, sampled, versions_of
from rendering import (
    EXAMPLES,
    FACTS,
    flavour_answers,
    render,
    rendered,
    sampled_answers,
)

pytestmark = pytest.mark.slow
FLAVOURS = list(flavour_answers())
SAMPLE = sampled_answers()
MODELS = FACTS["data"]["digits"]["models"]


def flavour_of(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: answers[name] for name in answers if name in ("keras", "backend")}


def parameters(all_answers: list[dict[str, Any]], sample: list[str]) -> list[ParameterSet]:
    """Give answers as parameters; those outside of the sample run with --all."""
    return [
        pytest.param(
            answers,
            id=name_of(answers),
            marks=[
                # What shares an environment runs in one process, which has nothing to wait for.
                pytest.mark.xdist_group(name_of(flavour_of(answers))),
                *([] if name_of(answers) in sample else [pytest.mark.rest]),
            ],
        )
        for answers in all_answers
    ]


# What makes a project portable asks for no backend: the first one stands for all.
PROJECTS = parameters(
    [flavour | example for flavour in FLAVOURS for example in EXAMPLES],
    [
        name_of(answers)
        for answers in SAMPLE
        if answers["keras"] != "portable" or answers["backend"] == FLAVOURS[0]["backend"]
    ],
)
# One of these for each backend.
BACKENDS = parameters(
    FLAVOURS,
    [name_of(next(f for f in FLAVOURS if f.get("backend") == each)) for each in FACTS["backends"]],
)


def made(shared: Path, answers: dict[str, Any]) -> Made:
    """Make a project; all of a flavour share the environment of the one that is in the sample."""
    if answers in SAMPLE:
        return make(shared, **answers)
    return make(shared, environment_of(shared, **flavour_of(answers)), **answers)


@pytest.mark.parametrize("answers", PROJECTS)
def test_a_copy_is_validated_and_keeps_its_own_rules(answers: dict[str, Any], shared: Path) -> None:
    project = made(shared, answers)
    assert "\nVALIDATED\n" in project.output
    assert f"model      {answers['model']}, " in project.output
    assert answers["keras"] in project.output or answers["keras"] == "portable"
    for command in (
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["basedpyright"],
        ["pytest", "-q", "-p", "no:cacheprovider"],
    ):
        done = project.run(*command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    # The GPU test, and where tf_keras is not installed a portable project's test of it.
    assert f"{2 if answers['keras'] == 'portable' else 1} skipped" in done.stdout


@dataclass(frozen=True)
class Own:
    """Data of the owner's: what writes them, what `train` is told, and what is learnt of them."""

    write: str
    options: tuple[str, ...]
    learnt: Callable[[dict[str, float]], bool]
    prediction: str


OWN = {
    "digits": Own("", (), lambda metrics: metrics["val_accuracy"] > 0.8, "class "),
    "table": Own(
        TABLE,
        ("--data", "data/table.csv", "--target", "target"),
        lambda metrics: metrics["val_mae"] < 75,
        "target ",
    ),
    "images": Own(
        IMAGES,
        ("--data", "data", "--image-size", "16"),
        lambda metrics: metrics["val_accuracy"] > 0.5,
        "class ",
    ),
}


# Each backend has other data, so that all are tried in the time of one.
@pytest.mark.parametrize("flavour", BACKENDS)
def test_the_commands(flavour: dict[str, Any], shared: Path, tmp_path: Path) -> None:
    data = list(OWN)[FLAVOURS.index(flavour) % len(OWN)]
    own = OWN[data]
    path = render(tmp_path / "project", package_name="digits", data=data, **flavour)
    project = Made(path, environment_of(shared, **flavour) / "bin/python", "")
    assert project.run("python", "-c", own.write).returncode == 0
    settings = ["--epochs", "3", "--learning-rate", "0.01", *own.options]
    trained = project.run("digits", "train", *settings)
    assert trained.returncode == 0, trained.stderr
    (run,) = (project.path / "runs").iterdir()
    history = (run / "history.csv").read_text("utf-8").splitlines()
    assert len(history) == 4
    assert json.loads((run / "config.json").read_text("utf-8"))["config"]["epochs"] == 3
    evaluated = project.run("digits", "evaluate")
    assert own.learnt(json.loads(evaluated.stdout)), evaluated.stderr
    assert project.run("digits", "predict").stdout.count(f": {own.prediction}") == 10
    healthy = project.run("digits", "doctor")
    assert healthy.returncode == 0, healthy.stdout
    assert "no problem" in healthy.stdout
    (project.path / "keras.py").touch()
    ill = project.run("digits", "doctor")
    assert ill.returncode == 1
    assert "keras.py hides the library keras" in ill.stdout


def test_a_package_may_have_keras_in_its_name(shared: Path, tmp_path: Path) -> None:
    path = render(tmp_path / "project", package_name="my_keras_digits")
    project = Made(path, environment_of(shared, **FLAVOURS[0]) / "bin/python", "")
    done = project.run("pytest", "-q", "-p", "no:cacheprovider", "tests/test_imports.py")
    assert done.returncode == 0, done.stdout


def test_the_hooks_of_pre_commit_need_no_uv(shared: Path, tmp_path: Path) -> None:
    made = sampled(shared, **FLAVOURS[0])
    path = tmp_path / "project"
    shutil.copytree(made.path, path, ignore=shutil.ignore_patterns(".venv", "uv.lock"))
    (path / ".venv").symlink_to(made.path / ".venv")
    project = Made(path, made.python, "")
    folders = [str(made.python.parent), *os.defpath.split(os.pathsep)]
    own = {"PATH": os.pathsep.join(folders), "PRE_COMMIT_HOME": str(tmp_path / "cache")}
    assert not shutil.which("uv", path=own["PATH"])
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=path, check=True)
    done = project.run("pre-commit", "run", "--all-files", env=own)
    assert done.returncode == 0, done.stdout + done.stderr
    (path / "src/digits/mine.py").write_text(
        "from tf_keras import layers\n\nprint(layers)\n", "utf-8"
    )
    subprocess.run(["git", "add", "--all"], cwd=path, check=True)
    done = project.run("pre-commit", "run", "ruff-check", "--all-files", env=own)
    assert "this project uses keras: write `from keras import ...`" in done.stdout


@pytest.mark.parametrize("flavour", BACKENDS)
def test_the_gpu_test_fails_where_a_gpu_is_required(flavour: dict[str, Any], shared: Path) -> None:
    project = sampled(shared, **flavour)
    done = project.run("pytest", "-q", "-p", "no:cacheprovider", "-m", "gpu", "--require-gpu")
    assert done.returncode == 1
    assert "the backend finds no GPU, and --require-gpu asks for one" in done.stdout


@pytest.mark.parametrize("flavour", BACKENDS)
def test_a_gpu_project_is_compiled_on_the_cpu_and_says_so(
    flavour: dict[str, Any], shared: Path
) -> None:
    environment = environment_of(shared, **flavour)
    before = versions_of(environment / "bin/python")
    project = make(shared, environment, **flavour, hardware="gpu")
    assert "\nVALIDATED" in project.output
    assert "device     CPU, float32" in project.output
    assert "resolve for Linux x86-64" in project.output
    assert "not run    the model on a GPU" in project.output
    assert versions_of(environment / "bin/python") == before
    assert not [name for name in before if name.startswith("nvidia-")]


@pytest.mark.parametrize(
    "model", [MODELS[0], *(pytest.param(model, marks=pytest.mark.rest) for model in MODELS[1:])]
)
def test_the_same_weights_give_the_same_outputs_in_all_flavours(
    model: str, shared: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Without --all every third flavour is compared."""
    weights = tmp_path / "weights.npz"
    outputs = {}
    everything = request.config.getoption("--all")
    for flavour in FLAVOURS if everything else FLAVOURS[::3]:
        answers = flavour | {"model": model}
        python = environment_of(shared, **flavour) / "bin/python"
        project = Made(rendered(**answers), python, "")
        output = tmp_path / f"{name_of(answers)}.npy"
        done = project.run("python", "-c", CARRY, str(weights), str(output))
        assert done.returncode == 0, done.stderr
        outputs[name_of(flavour)] = np.load(output)
    reference = outputs.pop(name_of(FLAVOURS[0]))
    assert outputs
    assert reference.std() > 0.01  # an untrained model that tells images apart
    for name, output in outputs.items():
        np.testing.assert_allclose(output, reference, atol=1e-5, rtol=0, err_msg=name)


CARRY = """
import sys
from pathlib import Path
import numpy as np
from digits.data import load_data
from digits.model import build_model
from digits.task import compile_model
weights, output = map(Path, sys.argv[1:])
data = load_data()
model = build_model(data)
compile_model(model)
if weights.exists():
    saved = np.load(weights)
    for layer in model.layers:
        layer.set_weights([saved[f"{layer.name}/{i}"] for i in range(len(layer.get_weights()))])
else:
    model.fit(*data.train, batch_size=64, verbose=0)
    np.savez(weights, **{
        f"{layer.name}/{i}": w for layer in model.layers for i, w in enumerate(layer.get_weights())
    })
np.save(output, np.asarray(model.predict(data.validation[0], verbose=0)))
"""


@pytest.mark.parametrize("flavour", FACTS["flavours"]["portable"]["candidates"])
def test_a_portable_project_runs_on_each_flavour(flavour: str, shared: Path) -> None:
    portable = rendered(keras="portable", backend="tensorflow")
    host = environment_of(shared, keras=flavour)
    on_host = Made(portable, host / "bin/python", "")
    tests = ["-p", "no:cacheprovider", "tests/test_imports.py", "tests/test_contract.py"]
    done = on_host.run("pytest", "-q", *tests, env={"KERAS_FLAVOUR": flavour})
    assert done.returncode == 0, done.stdout


@pytest.mark.rest
def test_a_portable_project_runs_on_keras_2_15(tmp_path: Path) -> None:
    portable = rendered(keras="portable", backend="tensorflow")
    old = tmp_path / "old"
    uv = [sys.executable, "-m", "uv"]
    if subprocess.run([*uv, "venv", "-q", "-p", "3.11", old], capture_output=True).returncode:
        pytest.skip("no Python 3.11, the newest that TensorFlow 2.15 has wheels for")
    install = [*uv, "pip", "install", "-q", "-p", old, "tensorflow-cpu==2.15.1", "pytest"]
    subprocess.run([*install, *FACTS["requires"]], check=True, env=environment())
    on_old = Made(portable, old / "bin/python", "")
    done = on_old.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    said = on_old.run("python", "-c", "from digits import keras_flavour as k; print(k.explain())")
    assert "chose        keras: " in said.stdout
