"""Shapes that a layer tells by what its `call` sets."""

from __future__ import annotations

import pytest
from module_cases import migrate_text, parse_target

from keras_imports.engine.job import Job

LAYER = """from keras.layers import Layer

class Own(Layer):
    def call(self, x):
        self.size = {value}
        return x

    def compute_output_shape(self, shape):
        return (None, self.size)
"""


@pytest.mark.parametrize(("value", "to", "stays"), [
    ("x.shape[-1]", "keras", False), ("None", "keras", True), ("x.shape[-1]", "tf_keras", True),
])  # fmt: skip
def test_a_shape_told_by_what_call_sets_is_left_to_keras(value, to, stays):
    outcome = migrate_text(LAYER.format(value=value), Job(parse_target(to)))
    assert ("compute_output_shape" in outcome.text) == stays
    assert not outcome.left


def test_a_form_feed_begins_no_line():
    job = Job(parse_target("keras"))
    code = LAYER.format(value="x.shape[-1]")
    moved = migrate_text(code, job).text
    assert migrate_text("\f\n" + code, job).text == "\f\n" + moved
