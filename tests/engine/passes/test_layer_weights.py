"""Weights that layers made as variables and listed, which they find by themselves now."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """from keras import backend as K, initializations
from keras.layers import Layer

class Own(Layer):
    def build(self, input_shape):
"""


def moved(body, to="keras"):
    code = HEAD + "".join(f"        {line}\n" for line in body.split("\n"))
    text = migrate_text(code, Job(parse_target(to))).text
    body = text.partition("input_shape):\n")[2]
    return "\n".join(line.removeprefix("        ") for line in body.splitlines())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "self.w = self.add_weight((3,), 'zeros', name='w')\nself.trainable_weights = [self.w]",
            "self.w = self.add_weight((3,), 'zeros', name='w')",
        ),
        (
            "self.w = self.add_weight(name='w')\nself.trainable_weights = [self.w]  # these\nf()",
            "self.w = self.add_weight(name='w')\nf()",
        ),
        (
            "self.w = self.init((3, n), name='w')\nself.trainable_weights = [self.w]\nf()",
            "self.w = self.add_weight(shape=(3, n), initializer=self.init, name='w')\nf()",
        ),
        (
            "self.b = K.zeros((3,))\nself.c = K.ones(shape)\n"
            "self.trainable_weights = [self.b, self.c]",
            "self.b = self.add_weight(shape=(3,), initializer='zeros')\n"
            "self.c = self.add_weight(shape=shape, initializer='ones')",
        ),
        (
            "self.w = self.init((3,))\nif b:\n    self.trainable_weights += [self.w]",
            "self.w = self.add_weight(shape=(3,), initializer=self.init)\nif b:\n    pass",
        ),
        (
            "self.w = self.init((3,))\nself.trainable_weights.append(self.w)",
            "self.w = self.add_weight(shape=(3,), initializer=self.init)",
        ),
    ],
)
def test_weights_are_added_not_listed(body, expected):
    assert moved(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "self.w = make((3,))\nself.trainable_weights = [self.w]",
        "self.w = self.init((3,))\nself.trainable_weights = [self.w, other]",
        "self.w = self.init((3,), 0.1, name='w')\nself.trainable_weights = [self.w]",
        "self.w = self.init((3,))",
        "model.trainable_weights = [self.w]",
        "self.w = self.init((3,))  \nself.trainable_weights = self.other(self.w)",
    ],
)
def test_what_may_be_something_else_stays(body):
    assert moved(body).rstrip() == body
