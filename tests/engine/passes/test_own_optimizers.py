"""Optimizers of a program's own."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

CODE = """\
from keras.optimizers import Optimizer


class Mine(Optimizer):
    def __init__(self, lr=0.1, **kwargs):
        super(Mine, self).__init__(**kwargs)

    def get_updates(self, loss, params):
        return []
"""


def said(code: str, target: str = "keras") -> list[str]:
    """The advice for such classes."""
    left = migrate_text(code, Job(parse_target(target))).left
    return [each.advice for each in left if "optimizer" in each.message]


@pytest.mark.parametrize(
    "code",
    [
        CODE,
        CODE.replace("super(Mine, self)", "super()"),
        CODE.replace("from keras.optimizers", "from tensorflow.keras.optimizers"),
    ],
)
def test_both_are_named(code: str) -> None:
    rate, updates = said(code)
    assert "learning_rate=" in rate
    assert "update_step" in updates


@pytest.mark.parametrize(
    "code",
    [
        CODE.replace("__init__(**kwargs)", "__init__(learning_rate=lr, **kwargs)").replace(
            "get_updates", "update_step"
        ),
        CODE.replace("(Optimizer)", "(object)"),
        CODE.replace("Optimizer", "SGD").replace("get_updates", "build"),
    ],
)
def test_others_are_let_be(code: str) -> None:
    assert not said(code)


def test_keras_2_calls_it() -> None:
    assert not said(CODE, "keras==2.3.1")
