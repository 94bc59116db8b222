"""What layers are given by position, and take by name in Keras 3."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """from keras import layers, models
class Block(layers.Layer):
    def call(self, x, training, mask):
        return x
class Net(models.Model):
    def __init__(self):
        super().__init__()
        self.drop = layers.Dropout(0.3)
        self.block = Block()
        self.blocks = [Block() for _ in range(3)]
        self.pair = [Block(), Block()]
        self.mixed = [Block(), layers.Dropout(0.3)]
    def more(self, x, training):
        return x
    def call(self, x, training=None, mask=None):
        return """


def moved(code, to="keras"):
    return migrate_text(HEAD + code, Job(parse_target(to))).text.rpartition("return ")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.drop(x, training)", "self.drop(x, training=training)"),
        ("self.drop(x, True)", "self.drop(x, training=True)"),
        ("self.block(x, training, mask)", "self.block(x, training=training, mask=mask)"),
        ("self.block(x, False, None)", "self.block(x, training=False, mask=None)"),
        ("self.blocks[0](x, training, mask)", "self.blocks[0](x, training=training, mask=mask)"),
        ("[e(x, training, mask) for e in self.blocks]",) * 2,  # a variable of a comprehension
        ("self.pair[i](x, training, m)", "self.pair[i](x, training=training, mask=m)"),
    ],
)
def test_what_is_no_tensor_is_named(before, after):
    assert moved(before) == after


@pytest.mark.parametrize(
    "code",
    [
        "self.more(x, training)",
        "self.other(x, training)",
        "self.block(x, mask, training=True)",
        "self.mixed[i](x, training)",
        "self.block(*given, training)",
        "self.block(x, training, mask, 3)",
        "f(x, training)",
    ],
)
def test_what_may_be_no_layer_is_left_alone(code):
    assert moved(code) == code


def test_keras_2_takes_them_by_position():
    assert moved("self.drop(x, training)", "tf_keras") == "self.drop(x, training)"


def test_layers_of_a_loop_and_of_a_variable():
    code = (
        "x\nnet = Net()\ny = net(x, False)\nblocks = [Block()]\nfor b in blocks:\n    b(x, True, m)"
    )
    lines = migrate_text(HEAD + code, Job(parse_target("keras"))).text.split("\n")
    assert "y = net(x, training=False)" in lines
    assert "    b(x, training=True, mask=m)" in lines
