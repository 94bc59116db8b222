"""A decay of the learning rate is a schedule now."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD

DECAY = "optimizers.schedules.InverseTimeDecay"
SETS = "\nReduceLROnPlateau()"


@pytest.mark.parametrize(("given", "expected"), [
    ("0.1, decay=1e-6", f"{DECAY}(0.1, decay_steps=1, decay_rate=1e-6)"),
    ("lr=0.1, decay=d", f"learning_rate={DECAY}(0.1, decay_steps=1, decay_rate=d)"),
    ("decay=1e-6", f"learning_rate={DECAY}(0.01, decay_steps=1, decay_rate=1e-6)"),
    ("lr=0.1, decay=0.", "learning_rate=0.1"),
])  # fmt: skip
def test_a_decay_becomes_a_schedule(given, expected):
    code = f"optimizers.SGD({given})"
    assert move(code, "keras==2.2.4", NEW, rooted=False) == (f"optimizers.SGD({expected})", [])


@pytest.mark.parametrize(("target", "advice"), [(NEW, "leave `decay` out"), (OLD, "legacy")])
def test_it_is_reported_where_something_else_sets_the_rate(target, advice):
    code = f"optimizers.SGD(decay=1e-6){SETS}"
    _, (left,) = move(code, "keras==2.2.4", target, rooted=False)
    assert advice in left.advice
    _, left = move(f"optimizers.SGD(decay=0){SETS}", "keras==2.2.4", target, rooted=False)
    assert not left
