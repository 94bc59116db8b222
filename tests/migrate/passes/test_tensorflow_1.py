"""Functions and arguments of TensorFlow 1 that TensorFlow 2 has below `compat.v1` alone."""

from __future__ import annotations

import pytest

from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.job import Job
from keras_imports.migrate.text import migrate_text

HEAD = "import keras\nimport tensorflow as tf\nkeras.Input\n"


def moved(code, to="keras"):
    return migrate_text(HEAD + code, Job(parse_target(to))).text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("tf.to_float(x)", "tf.compat.v1.to_float(x)"),
        ("tf.image.resize_images(x, size)", "tf.compat.v1.image.resize_images(x, size)"),
        ("f = lambda x: tf.log(tf.exp(x))", "f = lambda x: tf.compat.v1.log(tf.exp(x))"),
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
        "log.to_float(x)",
    ],
)
def test_what_stays(code):
    assert moved(code) == code


def test_tensorflow_1_has_them():
    assert moved("tf.to_float(x)", "tensorflow.keras==1.15").endswith("tf.to_float(x)")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import keras.backend as K\nK.tf.exp(x)\n",
            "import tensorflow\ntensorflow.exp(x)\n",
        ),
        (
            "import tensorflow as tf\nfrom keras.backend import tf as ktf\nktf.log(tf.exp(x))\n",
            "import tensorflow as tf\ntf.compat.v1.log(tf.exp(x))\n",
        ),
    ],
)
def test_tensorflow_is_not_imported_through_the_backend(code, expected):
    assert migrate_text(code, Job(parse_target("keras"))).text == expected


CONVERTED = """from keras.legacy import interfaces
from keras.layers import Layer

class Own(Layer):
    @interfaces.legacy_dense_support
    @staticmethod
    def f(units):
        return units
"""


@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_what_converted_the_arguments_of_keras_1_goes(to):
    found = migrate_text(CONVERTED, Job(parse_target(to)))
    assert "interfaces" not in found.text
    assert "    @staticmethod\n    def f(units):" in found.text
    assert "converted the arguments of Keras 1" in found.left[0].message


@pytest.mark.parametrize(
    "code",
    [
        CONVERTED.replace("_support", "_support  # Why"),
        CONVERTED.replace("@interfaces.legacy_dense_support", "@wraps(interfaces.legacy_support)"),
        CONVERTED.replace("legacy_dense_support", "generate_legacy_interface"),
    ],
)
def test_what_may_do_more_stays(code):
    assert "import interfaces" in migrate_text(code, Job(parse_target("keras"))).text
