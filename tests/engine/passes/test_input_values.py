"""Inputs of models that are made of tensors with values."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"


def left(code, to="keras"):
    return [each.message for each in migrate_text(HEAD + code, Job(parse_target(to))).left]


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("keras.Input(tensor=tf.constant([[1.0]]))", True),
        ("values = tf.ones((2, 3))\nkeras.layers.Input(tensor=values)", True),
        ("keras.Input(tensor=np.ones((2, 3)))", True),
        ("x = keras.Input((3,))\nkeras.Input(tensor=x)", False),
        ("def made(given):\n    return keras.Input(tensor=given)", False),
        ("keras.Input(shape=(3,))", False),
    ],
)
def test_an_input_of_values_is_named(code, is_named):
    assert bool(left(code)) == is_named
    assert not left(code, "tensorflow.keras==2.10.1")
