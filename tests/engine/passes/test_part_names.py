"""Names of weights that code looks for layers in."""

from __future__ import annotations

import pytest
from said import migrated, said

HEAD = """\
from tensorflow import keras
model = keras.Sequential([keras.layers.Dense(3)])
"""
WORDS = "the `name` of a weight"


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ('w = [w for w in model.weights if "dense_1" in w.name]', 'if "dense_1" in w.path]'),
        ('w = [v for v in model.layers[0].variables if "a/" not in v.name]', "not in v.path]"),
    ],
)
def test_its_path_is_searched(code: str, becomes: str) -> None:
    outcome = migrated(f"{HEAD}{code}\n")
    assert outcome.text.endswith(f"{becomes}\n")
    assert not outcome.left


@pytest.mark.parametrize(
    "code",
    [
        'names = [w.name.split("/")[0] for w in model.weights]',
        'w = [w for w in model.trainable_variables if "kernel:0" in w.name]',
        "for w in model.trainable_weights: table[w.name] = w",
    ],
)
def test_other_uses_are_named(code: str) -> None:
    assert said(HEAD + code, WORDS) == [3]


@pytest.mark.parametrize(
    "code",
    [
        'w = [w for w in model.weights if "bias" not in w.name]',
        "for w in model.weights: print(w.name, w.shape)",
        "names = [layer.name for layer in model.layers]",
        "for w in others: table[w.name] = w",
    ],
)
def test_what_is_the_same_is_let_be(code: str) -> None:
    outcome = migrated(HEAD + code)
    assert code in outcome.text
    assert not outcome.left


def test_code_for_keras_3_knows_it() -> None:
    code = f"import keras\n{HEAD.partition(chr(10))[2]}names = [w.name for w in model.weights]\n"
    assert not said(code, WORDS, source="keras==3.5")
