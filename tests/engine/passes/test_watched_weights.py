"""Weights that tapes of TensorFlow watch."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
with tf.GradientTape() as tape:
    """


def moved(body, to="tensorflow.keras"):
    return migrate_text(HEAD + body, Job(parse_target(to))).text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("watched", "written"),
    [
        ("model.trainable_variables", "[v.value for v in model.trainable_variables]"),
        ("model.layers[0].weights", "[v.value for v in model.layers[0].weights]"),
        ("model.layers[0].kernel", "model.layers[0].kernel.value"),
        ("model.layers[0].weights[0]", "model.layers[0].weights[0].value"),
        ("x", "x"),
        ("[x, y]", "[x, y]"),
    ],
)
def test_a_tape_is_given_the_variables_of_tensorflow(watched, written):
    assert moved(f"tape.watch({watched})") == f"tape.watch({written})"
    assert moved(f"tape.watch({written})") == f"tape.watch({written})"
    assert moved(f"tape.watch({watched})", "tensorflow.keras==2.10.1").endswith(f"({watched})")
