"""Random numbers in layers, which JAX draws only with a generator."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import layers, random\n"


def named(code, backend="any"):
    found = migrate_text(HEAD + code, Job(parse_target("keras", backend=backend)))
    return ["seed generator" in each.message for each in found.left]


@pytest.mark.parametrize(
    "code",
    [
        "layers.Lambda(lambda x: x + random.normal((3,)))",
        "def draw(x):\n    return random.uniform((3,))\nlayers.Lambda(draw)",
        "class L(layers.Layer):\n    def call(self, x):\n        return random.normal((3,))",
    ],
)
def test_numbers_without_a_generator(code):
    assert named(code) == [True]
    assert named(code, "torch") == named(code, "") == []


@pytest.mark.parametrize(
    "code",
    [
        "layers.Lambda(lambda x: x + random.normal((3,), seed=generator))",
        "def data():\n    return random.normal((3,))",
        "x = random.normal((3,))",
    ],
)
def test_what_is_right_is_left_alone(code):
    assert named(code) == []
