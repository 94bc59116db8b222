"""Functions of the backend that are given the sizes of tensors."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD


@pytest.mark.parametrize(("code", "expected"), [
    ("K.concatenate([K.shape(x), [2]])", "(*ops.shape(x), 2)"),
    ("K.concatenate([K.shape(x)[:1], [2, n]], axis=0)", "(*ops.shape(x)[:1], 2, n)"),
    ("K.concatenate([sizes, K.shape(x)[2:]], axis=0)", "(*sizes, *ops.shape(x)[2:])"),
    ("K.stack([K.shape(x)[0], 2])", "(ops.shape(x)[0], 2)"),
    ("K.stack([K.shape(x)[0]])", "(ops.shape(x)[0],)"),
    ("K.stack([x, y])", "ops.stack([x, y])"),
    ("K.concatenate([x, y], axis=0)", "ops.concatenate([x, y], axis=0)"),
])  # fmt: skip
def test_sizes_are_put_together_in_a_tuple(code, expected):
    assert move(code, OLD, NEW, rooted=False) == (expected, [])


def test_compute_output_shape_returns_tuples():
    code = "def compute_output_shape(s): return K.int_shape(w), K.int_shape(w)[0]"
    expected = "def compute_output_shape(s): return tuple(w.shape), w.shape[0]"
    assert move(code, OLD, NEW, rooted=False) == (expected, [])
