"""What `call`, losses and metrics cannot do without autograph."""

from __future__ import annotations

import pytest
from said import said

LAYER = """\
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras import layers

class Mine(layers.Layer):
    def call(self, x):
        if tf.reduce_sum(x) > 0:
            return 2.0 * x
        return x
"""
LOSS = """\
import tensorflow as tf
from tensorflow import keras

def make(limit):
    def error(y, z):
        return tf.abs(y - z) if tf.reduce_max(y) > limit else tf.square(y - z)
    return error

def plain(y, z):
    while tf.reduce_max(y) > 1:
        y = y / 2.0
    return y - z

model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", loss=make(0.5), metrics=[plain])
"""
WORDS = "convert by autograph"
TEST = "tf.reduce_sum(x) > 0"


@pytest.mark.parametrize(
    "test",
    [
        TEST,
        f"not ({TEST})",
        f"self.on and {TEST}",
        "tf.equal(x[0], 1)",
        "K.any(x)",
        "tf.random.uniform(()) > 0.5",
        "tf.shape(x)[0] == 3",
    ],
)
def test_a_branch_on_a_tensor_is_named(test: str) -> None:
    assert said(LAYER.replace(TEST, test), WORDS) == [7]


def test_a_loop_over_a_tensor_is_named() -> None:
    assert said(LAYER.replace(f"if {TEST}", "for i in tf.range(3)"), WORDS) == [7]


def test_so_are_losses_and_metrics() -> None:
    assert said(LOSS, WORDS) == [6, 10]


@pytest.mark.parametrize("method", ["update_state", "result", "call"])
def test_what_keras_calls_of_other_classes_counts(method: str) -> None:
    kind = "losses.Loss" if method == "call" else "metrics.Metric"
    code = LAYER.replace("def call", f"def {method}").replace("layers.Layer", f"tf.keras.{kind}")
    assert said(code, WORDS) == [7]


@pytest.mark.parametrize(
    "code",
    [
        LAYER.replace(TEST, "x.shape[0] == 3"),
        LAYER.replace(TEST, "tf.is_tensor(x)"),
        LAYER.replace(TEST, "tf.shape(x) is None"),
        LAYER.replace(TEST, "len(tf.shape(x)) == 3"),
        LAYER.replace("    def call", "    @tf.function\n    def call"),
        LAYER.replace("def call", "def train_step"),
        LAYER.replace("layers.Layer", "object"),
        LOSS.replace("model.compile", "other.run").replace("loss=", "").replace("metrics=", ""),
    ],
)
def test_what_has_a_value_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


@pytest.mark.parametrize("made", ["layers.Dense(1)", 'self.add_weight(name="w", shape=(1,))'])
def test_parts_that_are_made_in_call_are_named(made: str) -> None:
    code = LAYER.replace(f"if {TEST}", 'if not hasattr(self, "part")')
    code = code.replace("return 2.0 * x", f"self.part = {made}")
    assert said(code, "make its parts") == [8]
    assert not said(code.replace("def call", "def build"), "make its parts")
    assert not said(code, "make its parts", "tf_keras")
