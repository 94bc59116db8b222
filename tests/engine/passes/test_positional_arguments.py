"""Arguments that are passed by position, and are more than the target takes so."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

PROGRAM = """from tensorflow.keras import layers, models
from tensorflow.keras import backend as K
model = models.Sequential([layers.Dense(3)])
{}
"""


def left(line, to="keras==3.15.1"):
    outcome = migrate_text(PROGRAM.format(line), Job(parse_target(to)))
    return [f"{each.code} {each.message}" for each in outcome.left]


# What keras 3.15.1 does with these was seen: it raises TypeError.
@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("model.predict(x, 32, 1, None, [], 10, 4)", "`predict` takes 5 by position in"),
        ("model.get_layer('a', 1, 2)", "`get_layer` takes 2 by position in"),
        ("layers.Flatten('channels_last', 3)", "`Flatten` takes 1 by position in"),
        ("K.mean(x, 1, True, 3)", "`mean` takes 3 by position in"),
    ],
)
def test_what_is_too_much_is_named(line, what):
    [said] = left(line)
    assert said.startswith("KI007 ")
    assert what in said


@pytest.mark.parametrize(
    "line",
    [
        "model.predict(x, 32, 1, None, [])",
        "model.predict(*given, 1, 2, 3, 4, 5, 6)",
        "layers.Dense(3, 'relu', True)",
        "layers.Dense(3)(x, 2)",
        "models.Model(x, y)",
        "try:\n    layers.Flatten(1, 2)\nexcept TypeError:\n    pass",
    ],
)
def test_what_is_taken_is_not(line):
    assert left(line) == []


def test_it_is_the_target_that_takes_it():
    assert left("model.predict(x, 32, 1, None, [], 10, 4)", "tf_keras") == []


def test_what_a_rule_moves_is_not_named():
    assert left("layers.Conv2D(3, 3, 3)") == []
    assert left("model.fit_generator(rows, 10, 3, 1, [])") == []
