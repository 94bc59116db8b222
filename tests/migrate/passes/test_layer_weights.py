"""Weights that layers made as variables and listed, which they find by themselves now."""

from __future__ import annotations

import pytest

from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.job import Job
from keras_imports.migrate.text import migrate_text

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


@pytest.mark.parametrize(
    ("to", "name"), [("keras", "name"), ("tf_keras", "_name"), ("tensorflow.keras==2.10", "_name")]
)
def test_a_layer_is_named_where_it_can_be(to, name):
    body = "self.name = 'a'\nself.label = self.name"
    assert moved(body, to) == body.replace("name", name, 1)


def test_what_is_no_layer_has_a_name_of_its_own():
    code = HEAD.replace("(Layer)", "(object)") + "        self.name = 'a'\n"
    assert "self.name = 'a'" in migrate_text(code, Job(parse_target("tf_keras"))).text


VARIABLES = """from keras import backend as K
from keras.layers import Layer

class Own(Layer):
    def build(self, shape):
        self.w = K.variable(a)
        b = K.variable(a)

    def call(self, x):
        self.v = K.variable(a)
        c = K.variable(a, name="c", constraint=None)
        {}
"""


@pytest.mark.parametrize(
    ("to", "code", "expected"),
    [
        ("tf_keras", "return x * K.variable(a)", "return x * K.constant(a)"),
        ("tf_keras", "b = K.variable(a, name='b')", "b = K.constant(a, name='b')"),
        (
            "keras",
            "return x * K.variable(a, dtype='int32')",
            "return x * ops.convert_to_tensor(a, dtype='int32')",
        ),
        ("tensorflow.keras==1.15", "return x * K.variable(a)", "return x * K.variable(a)"),
    ],
)
def test_a_variable_that_a_call_makes_is_a_constant(to, code, expected):
    before = VARIABLES.format(code)
    text = migrate_text(before, Job(parse_target(to))).text
    assert text.endswith(f"        {expected}\n")
    assert text.count("onstant") == expected.count("onstant")
    assert text.lower().count("variable(") == 4 + expected.count("variable(")
