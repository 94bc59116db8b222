"""Activations that are functions of another shape now."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD

LAYERS = "models.Sequential([layers.Rescaling(0.2, 0.5), layers.ReLU(1.0)])"


@pytest.mark.parametrize(("code", "expected"), [
    ("layers.Dense(3, activation=K.hard_sigmoid)", f"layers.Dense(3, activation={LAYERS})"),
    ("layers.Dense(3, activation='hard_sigmoid')", f"layers.Dense(3, activation={LAYERS})"),
    ("layers.Activation(activations.hard_sigmoid)", f"layers.Activation({LAYERS})"),
    ("activations.hard_sigmoid(x)", "ops.clip(0.2 * x + 0.5, 0.0, 1.0)"),
    ("f = activations.hard_sigmoid", "f = (lambda x: ops.clip(0.2 * x + 0.5, 0.0, 1.0))"),
])  # fmt: skip
def test_hard_sigmoid_is_layers_where_it_is_an_activation(code, expected):
    assert move(code, OLD, NEW, rooted=False) == (expected, [])
