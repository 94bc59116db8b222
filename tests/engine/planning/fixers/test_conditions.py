"""Functions of the backend that choose between tensors."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD


@pytest.mark.parametrize(("code", "expected"), [
    ("K.switch(x > 0, y, z)", "ops.where(x > 0, y, z)"),
    ("K.switch(x > 0, lambda: y, lambda: z)", "ops.where(x > 0, y, z)"),
    ("K.switch(x > 0, y, lambda: -z)", "ops.where(x > 0, y, -z)"),
    ("K.switch(K.sum(x) > 0, lambda: y, z)", "ops.cond(ops.sum(x) > 0, lambda: y, lambda: z)"),
    ("K.switch(K.sum(x, axis=1) > 0, lambda: y, z)", "ops.where(ops.sum(x, axis=1) > 0, y, z)"),
    ("K.switch(K.shape(x)[0] > 2, then_expression=lambda: y, else_expression=z)",
     "ops.cond(ops.shape(x)[0] > 2, true_fn=lambda: y, false_fn=lambda: z)"),
])  # fmt: skip
def test_functions_are_called_where_one_number_decides(code, expected):
    assert move(code, OLD, NEW, rooted=False) == (expected, [])
