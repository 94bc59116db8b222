"""Weights whose truth was asked for."""

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


CALL = "\n\ndef call(self, x):\n    "


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("if self.b:\n        x += self.b", "if self.b is not None:\n        x += self.b"),
        ("return x if not self.b else self.b", "return x if self.b is None else self.b"),
        ("if self.c: pass", "if self.c: pass"),
        ("if self.d: pass", "if self.d: pass"),
        ("if b: pass", "if b: pass"),
    ],
)
@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_the_truth_of_a_weight_is_that_it_is_there(asked, expected, to):
    made = "self.add_weight(shape=(3,), initializer='zeros')"
    body = f"self.b = {made}\nself.b = None\nself.c = {made}\nself.c = flag\nself.d = None"
    assert moved(body + CALL + asked, to).endswith(expected)
