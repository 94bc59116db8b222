"""Rates that the function of a callback gives."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """import math
import tensorflow as tf
"""


def moved(schedule, to="tensorflow.keras"):
    code = f"{HEAD}{schedule}\ntf.keras.callbacks.LearningRateScheduler(rate)\n"
    text = migrate_text(code, Job(parse_target(to))).text.removeprefix(HEAD)
    return text.partition("\ntf.keras.callbacks")[0]


@pytest.mark.parametrize(
    ("rate", "written"),
    [
        ("lr * tf.exp(-0.1)", "float(lr * tf.exp(-0.1))"),
        ("lr if e < 5 else tf.exp(-0.1)", "float(lr if e < 5 else tf.exp(-0.1))"),
        ("tf.keras.backend.exp(lr)", "float(tf.keras.backend.exp(lr))"),
        ("float(tf.exp(lr))", "float(tf.exp(lr))"),
        ("tf.exp(lr).numpy()", "tf.exp(lr).numpy()"),
        ("lr * math.exp(-e)", "lr * math.exp(-e)"),
    ],
)
def test_a_rate_is_a_float(rate, written):
    code = "def rate(e, lr):\n    return {}"
    assert moved(code.format(rate)) == code.format(written)
    assert moved(code.format(rate), "tensorflow.keras==2.10.1") == code.format(rate)
