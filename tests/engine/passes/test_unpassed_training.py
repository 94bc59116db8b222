"""A model whose `call` takes no `training`, though its layers need it."""

from __future__ import annotations

import pytest
from said import said

NET = """\
from tensorflow import keras
from tensorflow.keras import layers

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.drop = layers.Dropout(0.5)

    def call(self, x):
        return self.drop(x)

net = Net()
net.compile("sgd", "mse")
"""
WORDS = "passes `training` only to a `call` that takes it"
RNN = "layers.LSTM(8, dropout=0.2)"
OWN = "class Drop(layers.Layer):\n    def call(self, x, training=None):\n        return x\n\n"
PARTS = OWN.replace("training=None", "y=None").replace("return x", "return layers.Dropout(0.5)(x)")


@pytest.mark.parametrize(
    "made",
    [
        "layers.Dropout(0.5)",
        "keras.layers.BatchNormalization()",
        "keras.Sequential([layers.Dense(3), layers.SpatialDropout1D(0.1)])",
        "[layers.GaussianNoise(0.1) for _ in range(3)]",
        "keras.applications.ResNet50(include_top=False)",
        RNN,
    ],
)
def test_it_is_named_at_the_definition(made: str) -> None:
    assert said(NET.replace("layers.Dropout(0.5)", made), WORDS) == [9]


@pytest.mark.parametrize("layer", [OWN, PARTS])
def test_a_layer_of_the_programs_own_may_need_it(layer: str) -> None:
    net = NET.replace("layers.Dropout(0.5)", "Drop()")
    assert len(said(net.replace("class Net", f"{layer}class Net"), WORDS)) == 1


@pytest.mark.parametrize(
    "code",
    [
        NET.replace("call(self, x)", "call(self, x, training=None)"),
        NET.replace("call(self, x)", "call(self, x, *, training)"),
        NET.replace("keras.Model", "layers.Layer"),  # is told by what calls it
        NET.replace("layers.Dropout(0.5)", "layers.Dense(5)"),
        NET.replace("layers.Dropout(0.5)", RNN.replace("0.2", "0")),
        NET.replace("self.drop(x)", "self.drop(x, training=True)"),
        NET.replace("def call", "def train_step(self, data):\n        ...\n\n    def call"),
        NET.replace('net.compile("sgd", "mse")', "print(net(x, training=True))"),
        f"{NET[: NET.index('net = ')]}class Outer(keras.Model):\n    def __init__(self):\n"
        "        self.net = Net()\n",
    ],
)
def test_what_is_told_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


def test_keras_2_tells_each() -> None:
    assert not said(NET, WORDS, "tf_keras")
