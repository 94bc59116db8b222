"""Functions of NumPy that are given tensors of a model."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """import numpy as np
from tensorflow.keras import layers, Input
x = layers.Dense(3)(Input((4,)))
"""


def left(code, to="keras"):
    found = migrate_text(HEAD + code, Job(parse_target(to))).left
    return [f"{each.message}; {each.advice}" for each in found]


# That keras 3.15.1 raises a ValueError for the first three was seen.
@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("y = np.square(x)", "use `keras.ops.square`"),
        ("y = np.concatenate([x, x + 1], 1)", "use `keras.ops.concatenate`"),
        ("y = np.array([x, x])", "use `keras.ops.array`"),
        ("y = np.unwrap(x)", "use functions of `keras.ops`"),
    ],
)
def test_what_has_no_values_is_named(code, advice):
    [said] = left(code)
    assert said.startswith(f"`{code[4:].partition('(')[0]}` does not take the tensors of a model")
    assert said.endswith(advice)
    assert left(code, "tf_keras") == []


@pytest.mark.parametrize(
    "code",
    [
        "n = np.prod(x.shape[1:])",
        "n = np.ndim(x), np.shape(x)",
        "y = np.square(np.ones(3))",
        "layers.Lambda(lambda t: np.square(t))(x)",
        "def f(x):\n    return np.square(x)",
        "x = other()\ny = np.square(x)",
    ],
)
def test_what_may_have_values_is_not(code):
    assert left(code) == []
