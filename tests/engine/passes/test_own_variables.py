"""Variables of TensorFlow that a layer keeps."""

from __future__ import annotations

import pytest
from said import migrated, said

LAYER = """\
import tensorflow as tf
from tensorflow import keras

class Scale(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(1.0)
"""
MADE = "tf.Variable(1.0)"


@pytest.mark.parametrize(
    ("made", "becomes"),
    [
        (MADE, "keras.Variable(1.0)"),
        ("[tf.Variable(1.0) for _ in range(3)]", "[keras.Variable(1.0) for _ in range(3)]"),
        ("tf.Variable(initial_value=one)", "keras.Variable(initializer=one)"),
        (
            'tf.Variable(tf.zeros([3]), name="a/b", trainable=False)',
            'keras.Variable(tf.zeros([3]), name="a_b", trainable=False)',
        ),
    ],
)
def test_it_becomes_one_of_keras(made: str, becomes: str) -> None:
    outcome = migrated(LAYER.replace(MADE, made))
    assert f"self.scale = {becomes}\n" in outcome.text
    assert not outcome.left


@pytest.mark.parametrize(
    "made",
    ["tf.Variable(lambda: one)", "tf.Variable(1.0, False)", "tf.Variable(1.0, shape=[None])"],
)
def test_another_one_is_named(made: str) -> None:
    assert said(LAYER.replace(MADE, made), "does not track a `tf.Variable`") == [7]


def test_so_is_a_module() -> None:
    code = f"{LAYER.replace(MADE, 'Part()')}\nclass Part(tf.Module):\n    pass\n"
    assert said(code, "variables of a `tf.Module`") == [7]


@pytest.mark.parametrize(
    "code",
    [
        LAYER.replace("self.scale", "scale"),
        LAYER.replace("keras.layers.Layer", "tf.Module"),
        LAYER.replace(MADE, "tf.constant(1.0)"),
    ],
)
def test_all_else_stays(code: str) -> None:
    outcome = migrated(code)
    assert "keras.Variable" not in outcome.text
    assert not outcome.left


def test_keras_2_tracks_them() -> None:
    assert MADE in migrated(LAYER, "tf_keras").text
