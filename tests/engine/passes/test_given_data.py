"""Data that is no array."""

from __future__ import annotations

import pytest
from said import said

CODE = """\
import numpy as np
from tensorflow import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.fit(DATA, epochs=3)
"""
NUMBERS, STRINGS = "lists of numbers", "arrays of strings"


@pytest.mark.parametrize(
    ("data", "words", "count"),
    [
        ("[1.0, 2.0], [2.0, 4.0]", NUMBERS, 2),
        ("x, [[1], [-2]]", NUMBERS, 1),
        ("x, y=[1, 2]", NUMBERS, 1),
        ("np.array([['a'], ['b']])", STRINGS, 1),
        ("[a, b], y", NUMBERS, 0),
        ("np.array([1.0, 2.0]), y", NUMBERS, 0),
        ("[np.array([1.0])], y", NUMBERS, 0),
        ("np.array(x), y", STRINGS, 0),
    ],
)
def test_it_is_named(data: str, words: str, count: int) -> None:
    assert len(said(CODE.replace("DATA", data), words)) == count


def test_a_name_may_be_such_a_list() -> None:
    code = f"values = [1.0, 2.0]\n{CODE.replace('DATA', 'values, y')}"
    assert said(code, NUMBERS) == [5]
    assert not said(f"{code}values = np.array(values)\n", NUMBERS)


def test_other_libraries_take_it() -> None:
    code = CODE.replace("model = ", "net = ").replace("DATA", "[1.0], [2.0]")
    assert not said(code, NUMBERS)
    assert not said(CODE.replace("DATA", "[1.0], [2.0]"), NUMBERS, "tf_keras")
