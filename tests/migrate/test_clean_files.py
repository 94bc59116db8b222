"""Files that are as Ruff formats and sorts them are so after a migration, too."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keras_imports import cli
from keras_imports.atlas.build import archives

# Packages that are formatted by Black, and how long their lines are.
PACKAGES = (("larq-zoo", "2.3.2", 88), ("keras-tuner", "1.3.5", 80))
TARGETS = ("keras", "tf_keras", "tensorflow.keras")
TRAINING = """\
import os

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Conv2D, Dense, Flatten, Input, MaxPool2D, ReLU
from tensorflow.keras.models import Model, load_model
from tensorflow.keras.optimizers import Adam


def mean_of_squares(first, second):
    return K.mean(K.square(first - second), axis=-1) + K.sum(K.abs(first))


def network(inputs, reduction=tf.keras.losses.Reduction.SUM):
    x = tf.keras.layers.BatchNormalization(momentum=0.9, scale=False, epsilon=1e-6)(
        inputs
    )
    x = tf.keras.layers.Dense(
        3, kernel_initializer=tf.keras.initializers.Constant(1.0)
    )(x)
    x = tf.keras.layers.Conv2D(
        16,
        (3, 3),
        name="first",
    )(x)
    return tf.keras.Model(
        inputs, [tf.keras.layers.Flatten()(x), tf.keras.layers.Flatten()(x)]
    )


model = network(tf.keras.Input((8, 8, 3)))
model.compile(optimizer=Adam(lr=0.001, decay=1e-6), loss="mse", metrics=["accuracy"])
model.fit_generator(generator, steps_per_epoch=100, epochs=2, workers=os.R_OK)
model.save(np.array(["network.h5"])[0])
"""


def unclean(folder: Path, width: int) -> set[str]:
    """Return the files in a folder that Ruff would format or sort in another way."""
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", f"--line-length={width}", "--target-version=py38"]
    found = ""
    for command in (["format", "--check"], ["check", "--select=I", "--output-format=concise"]):
        done = subprocess.run(
            [*ruff, *command, *options, "."], cwd=folder, capture_output=True, text=True
        )
        found += done.stdout
    return set(re.findall(r"[\w./-]+\.py", found))


def migrated(folder: Path, target: str) -> int:
    """Migrate a folder, and return how many files changed."""
    report = folder.parent / "report.json"
    cli.main(["migrate", str(folder), "--to", target, "--json", str(report)])
    return sum(row["changed"] for row in json.loads(report.read_text("utf-8"))["files"])


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("told", [True, False])
def test_a_clean_file_stays_clean(target: str, told: bool, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "train.py").write_text(TRAINING, "utf-8")
    if told:
        (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 88\n", "utf-8")
    assert unclean(folder, 88) == set()
    migrated(folder, target)
    assert unclean(folder, 88) == set()


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("name", "version", "width"), PACKAGES)
def test_published_packages_stay_clean(
    name: str, version: str, width: int, target: str, tmp_path: Path
) -> None:
    folder = tmp_path / "package"
    texts = archives.sources(name, version, re.compile(r".*\.py"), tmp_path / "archives")
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    (folder / "pyproject.toml").write_text(f"[tool.black]\nline-length = {width}\n", "utf-8")
    before = unclean(folder, width)
    assert migrated(folder, target) >= 5
    assert len(unclean(folder, width) - before) <= 1
