"""Tensors of a model that a layer or a loss uses without being given them."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

MODEL = """\
import keras
from keras import backend as K
from keras.layers import Dense, Input, Layer

inputs = Input((4,))
mean = Dense(2)(inputs)
model = keras.Model(inputs, mean)
"""


def reported(code: str, to: str) -> list[str]:
    left = migrate_text(MODEL + code, Job(parse_target(to))).left
    return [it.message for it in left if "a tensor of a model" in it.message]


LOSS = "def loss(x, y):\n    return K.sum(mean) + K.sum(mean)\n"
FAIL_EVERYWHERE = [
    f"{LOSS}model.compile('sgd', loss)\n",
    f"{LOSS}model.compile(optimizer='sgd', loss=[loss, 'mse'])\n",
    f"{LOSS}model.compile('sgd', loss={{'a': loss}})\n",
]
FAIL_SINCE_TENSORFLOW_2_4 = [
    "class Mine(Layer):\n    def call(self, x):\n        return x + K.sum(mean)\n",
    "class Mine(keras.Model):\n    def more(self, x):\n        return x + mean\n",
    "def f():\n    x = Dense(3)(inputs)\n"
    "    class Mine(Dense):\n        def call(self, y):\n            return K.dot(x, y)\n",
]


@pytest.mark.parametrize("code", FAIL_EVERYWHERE)
@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_a_loss_is_reported_once(code: str, to: str) -> None:
    assert reported(code, to) == ["`loss` uses `mean`, a tensor of a model that it is not given"]


@pytest.mark.parametrize("code", FAIL_SINCE_TENSORFLOW_2_4)
@pytest.mark.parametrize(
    ("to", "count"), [("keras", 1), ("tf_keras", 1), ("tensorflow.keras==2.3.1", 0)]
)
def test_a_layer_is_reported_since_tensorflow_2_4(code: str, to: str, count: int) -> None:
    assert len(reported(code, to)) == count


@pytest.mark.parametrize(
    "code",
    [
        LOSS,  # nobody gives it to `compile`
        "class Mine(Layer):\n    def helper(self, t):\n        return K.sum(t)\n"
        "    def call(self, x):\n        return x\n    def make(self):\n"
        "        return self.helper(Dense(2)(Input((3,))))\n",
        "def f():\n    return Dense(3)(mean)\n",
        "class Mine(Layer):\n    def call(self, mean):\n        return K.sum(mean)\n",
        "class Mine(Layer):\n    def call(self, x):\n"
        "        mean = Dense(3)(x)\n        return K.sum(mean)\n",
        "class Mine(Layer):\n    def call(self, x):\n"
        "        return x * mean.shape[1] * K.int_shape(mean)[1]\n",
        "class Mine(keras.callbacks.Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n        print(mean)\n",
        "class Mine:\n    def call(self, x):\n        return mean + x\n",
        "weight = K.variable(3)\n"
        "class Mine(Layer):\n    def call(self, x):\n        return x * weight\n",
    ],
)
@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_all_else_is_not(code: str, to: str) -> None:
    assert reported(code, to) == []
