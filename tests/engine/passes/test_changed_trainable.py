"""What is frozen or thawed after `compile`."""

from __future__ import annotations

import pytest
from said import said

CHANGED = """\
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(2), Dense(1)])
model.compile("sgd", "mse")
model.layers[0].trainable = False
model.fit(x, y)
"""
WORDS = "compile after it if it is to hold"


@pytest.mark.parametrize(
    "code",
    [
        CHANGED,
        CHANGED.replace("False", "True"),
        CHANGED.replace("model.layers[0]", "model"),
        CHANGED.replace("model.layers[0]", 'model.get_layer("a")'),
        CHANGED.replace(
            "model.layers[0].trainable", "for layer in model.layers[:1]: layer.trainable"
        ),
    ],
)
def test_what_is_set_between_compile_and_fit_is_named(code: str) -> None:
    assert said(code, WORDS) == [6]


@pytest.mark.parametrize(
    "code",
    [
        CHANGED.replace("model.fit", 'model.compile("sgd", "mse")\nmodel.fit'),
        CHANGED.replace("model.layers", "model.fit(x, y)\nmodel.layers"),
        CHANGED.replace("model.fit", "model.predict"),
        CHANGED.replace("model.layers", "other.layers"),
        CHANGED.replace('model.compile("sgd", "mse")\n', ""),
    ],
)
def test_what_holds_in_both_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


def test_code_for_keras_3_knows_it() -> None:
    assert not said(CHANGED.replace("tensorflow.", ""), WORDS, source="keras==3.5")
    assert not said(CHANGED, WORDS, "tf_keras")
