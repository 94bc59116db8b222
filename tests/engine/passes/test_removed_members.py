"""Members that only the atlas knows to be gone."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

PROGRAM = """import keras
model = keras.Sequential([keras.layers.Dense(3)])
{}
"""


def left(line, to="keras==3.15.1"):
    outcome = migrate_text(PROGRAM.format(line), Job(parse_target(to)))
    return [(each.message, each.severity) for each in outcome.left]


def test_a_member_that_is_gone_is_named():
    gone = "`Sequential.get_updates_for` is not in keras==3.15.1"
    assert left("model.get_updates_for(None)") == [(gone, "error")]
    assert left("model.get_updates_for(None)", "tf_keras==2.15") == [
        (gone.replace("keras==3.15.1", "tf_keras==2.15.1"), "error")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "model.summary(), model.layers, model.never_there",
        "model.history.history",  # callbacks set it
        "model.get_updates_for = 3\nmodel.get_updates_for",
        'setattr(model, "get_updates_for", 3)\nmodel.get_updates_for',
        'if hasattr(model, "get_updates_for"):\n    model.get_updates_for',
        "try:\n    model.get_updates_for\nexcept AttributeError:\n    pass",
        "model.layers[0].filters, model.layers[0].units",  # it may be a convolution
        "class Own(keras.Model):\n    def get_updates_for(self): pass\nOwn().get_updates_for()",
    ],
)
def test_what_is_there_may_be_there_or_is_asked_for(line):
    assert left(line) == []


def test_what_a_rule_is_about_is_said_once():
    [(message, _)] = left("model.uses_learning_phase")
    assert message == "`Sequential.uses_learning_phase` is not in keras==3.15.1"
