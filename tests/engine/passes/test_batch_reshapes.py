"""Reshapes that take the batch apart."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import layers, ops\n"


def left(code, backend="jax"):
    job = Job(parse_target("keras", backend=backend))
    return [each.advice for each in migrate_text(HEAD + code, job).left]


@pytest.mark.parametrize(
    ("shape", "is_named"),
    [
        ("(2, -1, 6)", True),
        ("[heads, -1, 6]", True),
        ("(-1, 2, 6)", False),
        ("(ops.shape(x)[0], -1)", False),
        ("(2, 3)", False),
    ],
)
def test_a_lambda_has_to_tell_its_shape(shape, is_named):
    code = f"heads = 2\nlayers.Lambda(lambda x: ops.reshape(x, {shape}))"
    assert left(code + "\n") == ["pass `output_shape` to the `Lambda`"] * is_named
    assert not left(f"{code[:-1]}, output_shape=told)\n")
    assert not left(code + "\n", backend="")


def test_a_number_may_come_from_around_the_function():
    code = """
class Heads:
    def __init__(self, heads):
        self.heads = heads
    def __call__(self, x):
        heads = self.heads
        def split(x):
            {}s = ops.shape(x)
            return ops.reshape(x, [{}, -1, s[1]])
        return layers.Lambda(split)(x)
"""
    assert len(left(code.format("", "heads"))) == 1
    assert not left(code.format("b = ops.shape(x)[0]; ", "b"))


def test_so_has_a_layer():
    init = "    def __init__(self):\n        super().__init__()\n        self.n = 2\n"
    call = f"{init}    def call(self, x):\n        return ops.reshape(x, (self.n, -1))\n"
    told = "    def compute_output_shape(self, shape):\n        return (self.n, None)\n"
    assert len(left(f"class Own(layers.Layer):\n{call}")) == 1
    assert not left(f"class Own(layers.Layer):\n{call}{told}")
