"""First states of cells that ask for more than the size of a batch."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

PROGRAM = """import tensorflow as tf
class Cell(tf.keras.layers.{base}):
    state_size = 3
    def get_initial_state(self, {given}):
        return tf.zeros({used})
"""


def is_named(given, used, base="Layer", to="tensorflow.keras"):
    code = PROGRAM.format(given=given, used=used, base=base)
    left = migrate_text(code, Job(parse_target(to))).left
    return [each.line for each in left if "is given `batch_size` alone" in each.message] == [4]


# What Keras 3.15.1 gives was seen: `dtype` is None, and `inputs` without a default a TypeError.
@pytest.mark.parametrize(
    ("given", "used", "expected"),
    [
        ("inputs=None, batch_size=None, dtype=None", "(batch_size, 3), dtype", True),
        ("inputs", "(tf.shape(inputs)[0], 3)", True),
        ("inputs=None, batch_size=None, dtype=None", "(batch_size, 3)", False),
        ("batch_size", "(batch_size, 3), self.compute_dtype", False),
    ],
)
def test_what_is_not_given_is_named(given, used, expected):
    assert is_named(given, used) is expected
    assert is_named(given, used, base="RNN") is expected
    assert not is_named(given, used, to="tf_keras")


def test_other_layers_may_be_asked_by_their_own_code():
    code = PROGRAM.replace("    state_size = 3\n", "")
    code = code.format(base="Layer", given="inputs", used="inputs")
    assert not migrate_text(code, Job(parse_target("tensorflow.keras"))).left
