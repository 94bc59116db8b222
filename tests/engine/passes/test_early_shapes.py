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


@pytest.mark.parametrize(("value", "to", "found"), [
    ("x.shape[-1]", "keras", 1), ("None", "keras", 0), ("x.shape[-1]", "tf_keras", 0),
])  # fmt: skip
def test_what_call_sets_is_not_there_yet(value, to, found):
    left = migrate_text(LAYER.format(value=value), Job(parse_target(to))).left
    assert ["`self.size`" in each.message for each in left] == [True] * found
