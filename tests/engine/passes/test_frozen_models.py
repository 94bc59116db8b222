"""A model that is frozen for a second one after it was compiled."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

LOCAL = """\
from keras.layers import Dense, Input
from keras.models import Model, Sequential

d = Sequential([Dense(1)])
d.compile("sgd", "mse")
z = Input((3,))
d.trainable = False
c = Model(z, d(Dense(3)(z)))
c.compile("sgd", "mse")
d.train_on_batch(x, y)
"""
OF_CLASS = """\
from tensorflow.keras.layers import Input
from tensorflow.keras.models import Model


class GAN:
    def __init__(self):
        self.critic = self.build_critic()
        self.critic.compile(loss="mse", optimizer="adam")
        self.critic.trainable = False
        z = Input((3,))
        self.combined = Model(z, self.critic(self.generator(z)))

    def train(self, x, y):
        self.critic.train_on_batch(x, y)
"""
ADDED = """\
import keras

d = keras.Sequential([keras.layers.Dense(1)])
d.compile("sgd", "mse")
gan = keras.Sequential([g])
d.trainable = False
gan.add(d)
d.fit(x, y)
"""


def said(code: str, target: str = "keras") -> list[str]:
    """What is said of frozen models."""
    left = migrate_text(code, Job(parse_target(target))).left
    return [each.advice for each in left if "frozen" in each.message]


@pytest.mark.parametrize("code", [LOCAL, OF_CLASS, ADDED])
@pytest.mark.parametrize("target", ["keras", "tensorflow.keras"])
def test_it_is_named_with_what_works(code: str, target: str) -> None:
    (advice,) = said(code, target)
    assert "trainable = True` before its own" in advice


@pytest.mark.parametrize("code", [LOCAL, OF_CLASS, ADDED])
def test_keras_2_goes_on_training(code: str) -> None:
    assert not said(code, "tf_keras")


@pytest.mark.parametrize(
    "code",
    [
        LOCAL.replace("d.train_on_batch", "d.trainable = True\nd.train_on_batch"),
        LOCAL.replace("d.train_on_batch", "c.train_on_batch"),
        LOCAL.replace('d.compile("sgd", "mse")\n', ""),
        LOCAL.replace("d(Dense(3)(z))", "Dense(3)(z)"),
        LOCAL.replace("d.trainable = False", "d.trainable = True"),
        OF_CLASS.replace("self.critic.train_on_batch", "self.generator.train_on_batch"),
        ADDED.replace("d.trainable = False", "g.trainable = False"),
    ],
)
def test_what_trains_on_is_let_be(code: str) -> None:
    assert not said(code)
