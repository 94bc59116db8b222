"""What `train_step` returns in place of the metrics of a model."""

from __future__ import annotations

import pytest
from said import said

STEP = """\
import keras

class Net(keras.Model):
    def train_step(self, data):
        loss = self.compute_loss(*data)
        return {"loss": loss}
"""
WORDS = "nothing updates that"
RESULTS = "{m.name: m.result() for m in self.metrics}"


@pytest.mark.parametrize(
    "code",
    [
        STEP,
        STEP.replace("train_step", "test_step"),
        STEP.replace('{"loss": loss}', RESULTS),
        STEP.replace('{"loss": loss}', f'{{"loss": loss, **{RESULTS}}}'),
    ],
)
def test_a_loss_that_is_not_shown_is_named(code: str) -> None:
    assert said(code, WORDS) == [6]


@pytest.mark.parametrize(
    "code",
    [
        STEP.replace('{"loss": loss}', '{"my_loss": loss}'),
        STEP.replace('{"loss": loss}', '{"loss": loss, "other": 1.0}'),
        STEP.replace("return", "self._loss_tracker.update_state(loss)\n        return"),
        STEP.replace("    def", '    tracker = keras.metrics.Mean(name="loss")\n\n    def', 1),
        STEP.replace(
            "    def", "    @property\n    def metrics(self):\n        return []\n\n    def", 1
        ),
        STEP.replace("keras.Model", "object"),
        STEP.replace("def train_step", "def step"),
    ],
)
def test_what_is_shown_is_let_be(code: str) -> None:
    assert not said(code, WORDS)


def test_keras_2_shows_what_is_returned() -> None:
    assert not said(STEP, WORDS, "tf_keras")
