"""Attributes that a class cannot set any more."""

from __future__ import annotations

import pytest
from said import said

CLASS = """\
import keras

class Mine(keras.callbacks.Callback):
    def __init__(self, value):
        super().__init__()
        self.model = value
"""
WORDS = "cannot be set"


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("callbacks.Callback", "model"),
        ("callbacks.ModelCheckpoint", "model"),
        ("layers.Layer", "path"),
        ("Model", "path"),
        ("losses.Loss", "dtype"),
    ],
)
def test_it_is_named(base: str, name: str) -> None:
    code = CLASS.replace("callbacks.Callback", base).replace("self.model", f"self.{name}")
    assert said(code, WORDS) == [6]
    assert not said(code.replace(f"self.{name}", "self.mine"), WORDS)


@pytest.mark.parametrize(
    "code",
    [
        CLASS.replace("keras.callbacks.Callback", "object"),
        CLASS.replace("self.model = value", "self.set_model(value)"),
        f"{CLASS}\n    @property\n    def model(self):\n        return None\n",
    ],
)
def test_what_can_be_set_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


def test_keras_2_lets_it_be_set() -> None:
    assert not said(CLASS, WORDS, "tf_keras")


@pytest.mark.parametrize("name", ["outputs", "inputs"])
def test_tensors_of_a_model_cannot_be_set(name: str) -> None:
    code = "import keras\nmodel = keras.Sequential([])\nmodel.{} = []\n"
    assert said(code.format(name), WORDS) == [3]
    assert not said(code.format("mine"), WORDS)
    assert not said(code.format(name), WORDS, "tf_keras")
