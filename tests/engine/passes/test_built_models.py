"""A model that is built by a shape."""

from __future__ import annotations

import pytest
from said import said

CODE = """\
from tensorflow import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(x)

net = Net()
net.build((None, 3))
"""
WORDS = "`build` makes no weights"


@pytest.mark.parametrize(
    "code",
    [
        CODE,
        CODE.replace("(None, 3)", "input_shape=(None, 3)"),
        CODE.replace("net = Net()\nnet.", "\nNet()."),
        CODE.replace("net", "self.net"),
    ],
)
def test_it_is_named(code: str) -> None:
    assert said(code, WORDS) == [12]


@pytest.mark.parametrize(
    "code",
    [
        CODE.replace("    def call", "    def build(self, shape):\n        ...\n\n    def call"),
        CODE.replace("keras.Model", "keras.Sequential").replace("call", "other"),
        CODE.replace("net.build", "other.build"),
        CODE.replace("net.build((None, 3))", "net.build()"),
        CODE.replace("keras.Model", "object"),
    ],
)
def test_what_makes_its_weights_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


def test_keras_2_calls_the_model() -> None:
    assert not said(CODE, WORDS, "tf_keras")
