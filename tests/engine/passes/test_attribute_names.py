"""Attributes that a string names."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.callbacks import Callback\n\n"


def moved(code: str, target: str = "keras") -> str:
    """The code after its move."""
    return migrate_text(f"{HEAD}{code}\n", Job(parse_target(target))).text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("hasattr(self.model.optimizer, 'lr')", "hasattr(self.model.optimizer, 'learning_rate')"),
        ('getattr(optimizer, "lr", None)', 'getattr(optimizer, "learning_rate", None)'),
        ("setattr(opt, 'lr', 0.1)", "setattr(opt, 'learning_rate', 0.1)"),
    ],
)
def test_the_string_moves(code: str, expected: str) -> None:
    assert moved(code) == f"{expected}\n"


@pytest.mark.parametrize(
    "code",
    [
        "hasattr(config, 'lr')",
        "hasattr(optimizer, 'learning_rate')",
        "hasattr(optimizer, name)",
        "logs['lr'] = 1",
        "hasattr(args.options, 'lr')",
    ],
)
def test_others_stay(code: str) -> None:
    assert moved(code) == f"{code}\n"


def test_keras_2_has_it() -> None:
    assert "'lr'" in moved("hasattr(optimizer, 'lr')", "keras==2.3.1")
