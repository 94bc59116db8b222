"""What is special to some names, beside the rules for calls."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import keras.backend as K\nK.tf.exp(x)\n",
            "import tensorflow\ntensorflow.exp(x)\n",
        ),
        (
            "import tensorflow as tf\nfrom keras.backend import tf as ktf\nktf.log(tf.exp(x))\n",
            "import tensorflow as tf\nimport tensorflow as ktf\nktf.math.log(tf.exp(x))\n",
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


VARIABLES = """from keras import backend as K
from keras.layers import Layer

class Own(Layer):
    def build(self, shape):
        self.w = K.variable(a)
        b = K.variable(a)

    def call(self, x):
        self.v = K.variable(a)
        c = K.variable(a, name="c", constraint=None)
        {}
"""


@pytest.mark.parametrize(
    ("to", "code", "expected"),
    [
        ("tf_keras", "return x * K.variable(a)", "return x * K.constant(a)"),
        ("tf_keras", "b = K.variable(a, name='b')", "b = K.constant(a, name='b')"),
        (
            "keras",
            "return x * K.variable(a, dtype='int32')",
            "return x * ops.convert_to_tensor(a, dtype='int32')",
        ),
        ("tensorflow.keras==1.15", "return x * K.variable(a)", "return x * K.variable(a)"),
    ],
)
def test_a_variable_that_a_call_makes_is_a_constant(to, code, expected):
    before = VARIABLES.format(code)
    text = migrate_text(before, Job(parse_target(to))).text
    assert text.endswith(f"        {expected}\n")
    assert text.count("onstant") == expected.count("onstant")
    assert text.lower().count("variable(") == 4 + expected.count("variable(")
