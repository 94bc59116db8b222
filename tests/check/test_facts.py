"""`check` says of every recorded statement, and of every recorded mix, what really happened."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from keras_imports import atlas
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse

DATA = Path(__file__).parents[1] / "data"
FACTS = [json.loads((DATA / f"imports_{name}.json").read_text("utf-8")) for name in ("bn", "other")]
MIXES = json.loads((DATA / "mixing.json").read_text("utf-8"))

# Packages that are no Keras, and a module that fails for want of another library.
NOT_COVERED = ("tf.nn.", "keras_preprocessing", "keras_applications", "keras.utils.visualize_util")

# A name whose kind the atlas does not know: what is an attribute of it, check does not judge.
UNKNOWN = ("from tensorflow._api.v2.v2 import keras", ("k224tf21", "k231tf20", "tf24", "tf25"))

IMPORTS = {
    "keras": "import keras as {}",
    "tf.keras": "from tensorflow import keras as {}",
    "tf.python.keras": "from tensorflow.python import keras as {}",
    "tf.compat.v1.keras": "import tensorflow as tf\n{} = tf.compat.v1.keras",
    "keras_core": "import keras_core as {}",
    "tf_keras": "import tf_keras as {}",
}
SEQUENTIAL = """
m = M.models.Sequential()
m.add(M.layers.Dense(4))
m.add(L.layers.BatchNormalization())
m.add(M.layers.Dense(1))
m = M.models.Sequential([M.layers.Dense(4), L.layers.BatchNormalization(), M.layers.Dense(1)])
"""
FUNCTIONAL = """
i = M.layers.Input((3,))
x = M.layers.Dense(4)(i)
x = L.layers.BatchNormalization()(x)
x = M.layers.Dense(1)(x)
m = M.models.Model(i, x)
"""


@cache
def environment(name):
    named = {n: row for facts in FACTS for n, row in facts["environments"].items()}
    return atlas.environment(named[name])


def findings(name, text):
    source = Source("x.py", text, parse(text))
    return check_module(CheckedModule(source, Setting(environment(name))))


def test_every_statement_works_or_fails_as_recorded():
    wrong, count = [], 0
    for facts in FACTS:
        for statement, groups in facts["rows"]:
            if any(word in statement for word in NOT_COVERED):
                continue
            for found, names in groups.items():
                for name in names.split():
                    if statement.startswith(UNKNOWN[0]) and name in UNKNOWN[1]:
                        continue
                    count += 1
                    errors = [f for f in findings(name, statement + "\n") if f.severity == "error"]
                    if bool(errors) == bool(found):
                        wrong.append((name, statement, found, errors))
    assert not wrong
    assert count > 4800


@pytest.mark.parametrize("case", MIXES)
def test_every_mix_fails_as_recorded(case):
    name, _, pair = case.partition(": ")
    layer, _, model = pair.partition(" in ")
    if name == "k224tf21" and layer == model == "keras":
        pytest.skip("not a mix: Keras 2.2.4 builds nothing at all beside TensorFlow 2.1")
    head = f"{IMPORTS[layer].format('L')}\n{IMPORTS[model].format('M')}\n"
    sequential = {f.code for f in findings(name, head + SEQUENTIAL)} & {"KI004", "KI101"}
    functional = {f.code for f in findings(name, head + FUNCTIONAL)} & {"KI004", "KI101"}
    assert (sequential, functional) == {
        "works": (set(), set()),
        "fails": ({"KI004"}, {"KI004"}),
        "silent if functional": ({"KI004"}, {"KI101"}),
    }[MIXES[case]]
