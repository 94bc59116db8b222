"""Shapes that are asked whether they are tuples."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target


def moved(body, to="tf_keras"):
    code = f"from keras.layers import Layer\n\nclass Own(Layer):\n    {body}"
    job = Job(parse_target(to), (parse_origin("keras==2.2.4"),))
    return migrate_text(code, job).text.partition("class Own(Layer):\n    ")[2]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("isinstance(shape, tuple)", "not isinstance(shape, list)"),
        ("not isinstance(shape, tuple)", "isinstance(shape, list)"),
        ("isinstance(shape[0], tuple)", "isinstance(shape, list)"),
        ("not isinstance(shape[0], tuple)", "not isinstance(shape, list)"),
        ("isinstance(shape, list)", "isinstance(shape, list)"),
        ("isinstance(other, tuple)", "isinstance(other, tuple)"),
    ],
)
def test_a_single_shape_is_what_is_no_list(asked, written):
    code = "def build(self, shape):\n        assert {}\n"
    assert moved(code.format(asked)) == code.format(written)
    assert moved(code.format(asked), "keras") == code.format(asked)


def test_other_methods_and_shapes_that_are_made_tuples_stay():
    call = "def call(self, x):\n        return isinstance(x, tuple)\n"
    made = "def build(self, s):\n        s = tuple(s)\n        assert isinstance(s, tuple)\n"
    assert moved(call) == call
    assert moved(made) == made
