"""Functions and arguments of TensorFlow 1 that TensorFlow 2 has below `compat.v1` alone."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "import keras\nimport tensorflow as tf\nkeras.Input\n"


def moved(code, to="keras"):
    return migrate_text(HEAD + code, Job(parse_target(to))).text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("tf.to_float(x)", "tf.compat.v1.to_float(x)"),
        ("tf.image.resize_images(x, size)", "tf.compat.v1.image.resize_images(x, size)"),
        ("f = lambda x: tf.log(tf.exp(x))", "f = lambda x: tf.math.log(tf.exp(x))"),
        ("tf.real(tf.fft(x))", "tf.math.real(tf.signal.fft(x))"),
        ("tf.matrix_inverse(tf.mod(x, 2))", "tf.linalg.inv(tf.math.mod(x, 2))"),
        ("tf.OpError.message", "tf.errors.OpError.message"),
        ("tf.nn.softmax(x, dim=1)", "tf.compat.v1.nn.softmax(x, dim=1)"),
        ("tf.reduce_sum(x, 1, keep_dims=True)", "tf.compat.v1.reduce_sum(x, 1, keep_dims=True)"),
        ("tf.logging.set_verbosity(0)", "tf.compat.v1.logging.set_verbosity(0)"),
    ],
)
def test_names_that_are_gone(code, expected):
    assert moved(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "tf.math.log(x)",
        "tf.nn.softmax(x, axis=1)",
        "tf.nn.softmax(x, **options)",
        "tf.compat.v1.to_float(x)",
        "tf.image.resize(x, size)",
        "tf.contrib.layers.l2_regularizer(0.1)",
        "tf.to_floats(x)",
        "def f(tf):\n    return tf.to_float",
        "tf.exp, log.to_float(x)",
    ],
)
def test_what_stays(code):
    assert moved(code) == code


def test_tensorflow_1_has_them():
    assert moved("tf.to_float(x)", "tensorflow.keras==1.15").endswith("tf.to_float(x)")
