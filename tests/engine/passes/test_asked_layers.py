"""Layers that are asked for by what Keras 2 called or counted by itself."""

from __future__ import annotations

import pytest
from said import said

NAMED = """\
from tensorflow.keras.applications import VGG16
base = VGG16()
x = base.get_layer("input_1").output
"""
COUNTED = """\
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model
x = Input((3,))
model = Model(x, Dense(2)(2.0 * Dense(3)(x)))
last = model.layers[2]
"""
CALLED, COUNT = "is called `input_1` by itself", "an operator is no layer"


def test_a_name_is_named() -> None:
    assert said(NAMED, CALLED) == [3]
    assert said(NAMED.replace('"input_1"', 'name="input_1"'), CALLED) == [3]


@pytest.mark.parametrize(
    "code",
    [
        NAMED.replace("input_1", "block1_conv1"),
        f'{NAMED}y = Input((3,), name="input_1")\n',
        NAMED.replace("VGG16()", 'load_model("a.h5")'),
        NAMED.replace("get_layer", "get_node"),
    ],
)
def test_a_name_that_holds_is_let_be(code: str) -> None:
    assert not said(code, CALLED)


def test_a_number_is_named() -> None:
    assert said(COUNTED, COUNT) == [5]
    assert said(COUNTED.replace("[2]", "[-1]"), COUNT) == [5]


@pytest.mark.parametrize(
    "code",
    [
        COUNTED.replace("2.0 * ", ""),
        COUNTED.replace("[2]", "[2:]"),
        COUNTED.replace("model.layers[2]", "2 * model.layers"),
    ],
)
def test_a_number_that_holds_is_let_be(code: str) -> None:
    assert not said(code, COUNT)


def test_keras_2_has_them() -> None:
    assert not said(NAMED + COUNTED, CALLED, "tf_keras")
    assert not said(COUNTED, COUNT, "tf_keras")
