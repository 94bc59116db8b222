"""Batches that Keras gets from generators and sequences."""

from __future__ import annotations

import pytest
from said import migrated

SEQUENCE = """\
from tensorflow import keras

class Batches(keras.utils.Sequence):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return [a, b], y
"""
GENERATOR = """\
from tensorflow import keras

def batches():
    for _ in range(3):
        yield [a, b], y

model = keras.Sequential([keras.layers.Dense(1)])
model.fit(batches(), steps_per_epoch=3)
"""
LOADED = """\
        x, y = self.load(index)
        return x, y

    def load(self, index):
        return [a, b], y
"""


def becomes(code: str, old: str, new: str) -> bool:
    """Whether nothing but one line becomes another one."""
    outcome = migrated(code)
    moved = code.replace(old, new).replace("from tensorflow import keras", "import keras")
    return outcome.text == moved and not outcome.left


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("[a, b], y", "(a, b), y"),
        ("x, [y, z]", "x, (y, z)"),
        ("(x, [y])", "(x, y)"),
        ("[f(a) for a in b], y", "tuple(f(a) for a in b), y"),
    ],
)
@pytest.mark.parametrize("code", [SEQUENCE, GENERATOR])
def test_lists_in_a_batch_become_tuples(code: str, given: str, right: str) -> None:
    assert becomes(code.replace("[a, b], y", given), given, right)


def test_a_name_may_be_a_list() -> None:
    code = SEQUENCE.replace("return [a, b], y", "both = [a, b]\n        return both, y")
    assert becomes(code, "return both", "return tuple(both)")
    grown = code.replace("both = [a, b]", "both = []\n        both.append(a)")
    assert becomes(grown, "return both", "return tuple(both)")
    made = code.replace("return both", "both = stack(both)\n        return both")
    assert becomes(made, "", "")


def test_a_method_may_make_the_batch() -> None:
    code = SEQUENCE.replace("        return [a, b], y\n", LOADED)
    assert becomes(code, "return [a, b], y", "return (a, b), y")
    whole = code.replace(
        "        x, y = self.load(index)\n        return x, y", "        return self.load(index)"
    )
    assert becomes(whole, "return [a, b], y", "return (a, b), y")


@pytest.mark.parametrize(
    ("method", "given", "right"),
    [
        ("fit", "[x, y]", "(x, y)"),
        ("evaluate", "[x, y]", "(x, y)"),
        ("predict", "[x]", "(x,)"),
        ("predict", "np.ones(3)", "(np.ones(3),)"),
    ],
)
def test_a_generator_gives_a_tuple(method: str, given: str, right: str) -> None:
    code = GENERATOR.replace("[a, b], y", given).replace(".fit(", f".{method}(")
    code = code.replace("steps_per_epoch", "steps_per_epoch" if method == "fit" else "steps")
    assert becomes(code, f"yield {given}", f"yield {right}")


def test_so_does_one_that_goes_on_for_ever() -> None:
    code = GENERATOR.replace("for _ in range(3)", "while True").partition("model =")[0]
    code += "model = keras.Sequential()\n"
    assert becomes(code, "[a, b], y", "(a, b), y")


@pytest.mark.parametrize(
    "code",
    [
        SEQUENCE.replace("[a, b], y", "[x, y]"),  # a Sequence may
        SEQUENCE.replace("[a, b], y", "{'a': a}, y"),
        SEQUENCE.replace("keras.utils.Sequence", "Base"),
        GENERATOR.replace("model.fit(batches()", "model.fit(others()"),
        GENERATOR.replace("[a, b], y", "(a, b), y"),
    ],
)
def test_all_else_stays(code: str) -> None:
    assert becomes(code, "", "")


def test_keras_2_takes_lists() -> None:
    assert "[a, b], y" in migrated(SEQUENCE, "tf_keras").text
