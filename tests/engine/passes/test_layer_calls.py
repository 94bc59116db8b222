"""Arguments of the calls of layers."""

from __future__ import annotations

import pytest
from said import said

CODE = "from tensorflow.keras.layers import GRU, RNN\ny = RNN(cell)(x, constants=c)\n"
WORDS = "take no `constants`"


@pytest.mark.parametrize("made", ["RNN(cell)", "GRU(3)"])
def test_constants_are_named(made: str) -> None:
    assert said(CODE.replace("RNN(cell)", made), WORDS) == [2]


def test_constants_of_something_else_are_let_be() -> None:
    assert not said(CODE.replace("RNN(cell)", "own(cell)"), WORDS)
    assert not said(CODE.replace("constants=c", "initial_state=c"), WORDS)
    assert not said(CODE, WORDS, "tf_keras")
