"""Functions of the backend that need more than another name."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD

BEFORE = "as before keras 2.2.5"


@pytest.mark.parametrize(("code", "source", "target", "exact", "expected", "words"), [
    ("K.batch_dot(x, y, 2)", "keras==2.2.4", NEW, True, "batch_dot(x, y, 2)", ""),
    ("K.batch_dot(x, y, 2)", "keras==2.2.4", NEW, False, "batch_dot(x, y, 2)", BEFORE),
    ("K.batch_dot(x, y, 3)", "keras==2.2.4", OLD, True, "batch_dot(x, y, 3)", ""),
    ("K.batch_dot(x, y, 2)", "keras==2.2.4", OLD, True, "backend.batch_dot(x, y, 2)",
     "otherwise since keras 2.2.5"),
    ("K.batch_dot(x, y, 2)", "keras==2.3.1", NEW, True, "layers.dot([x, y], axes=2)", ""),
    ("K.batch_dot(x, y, 3)", "keras==2.3.1", OLD, True, "backend.batch_dot(x, y, 3)", ""),
    ("f = K.batch_dot", "keras==2.2.4", NEW, True, "f = batch_dot", ""),
])  # fmt: skip
def test_batch_dot_of_more_than_three_dimensions(code, source, target, exact, expected, words):
    moved, left = move(code, source, target, exact, rooted=False)
    assert moved == expected
    assert [words in place.advice for place in left] == ([True] if words else [])


@pytest.mark.parametrize(("code", "expected", "reports"), [
    ("K.image_dim_ordering() == 'th'", "backend.image_data_format() == 'channels_first'", 0),
    ('"tf" == K.image_dim_ordering()', '"channels_last" == backend.image_data_format()', 0),
    ("K.image_dim_ordering() in ('th', x)", "backend.image_data_format() in ('channels_first', x)",
     0),
    ("f(order=K.image_dim_ordering())", "f(order=backend.image_data_format())", 0),
    ("f(K.image_dim_ordering())", "f(backend.image_data_format())", 1),
])  # fmt: skip
def test_what_the_order_of_dimensions_is_compared_with(code, expected, reports):
    moved, left = move(code, "keras==1.2.2", NEW, rooted=False)
    assert (moved, len(left)) == (expected, reports)


@pytest.mark.parametrize(("code", "words"), [
    ("f = lambda: K.random_normal((2,), seed=1)", ["SeedGenerator"]),
    ("for _ in x: K.dropout(x, 0.5, None, seed)", ["SeedGenerator"]),
    ("f = lambda: K.random_normal((2,), seed=None)", []),
    ("f = lambda: K.random_normal((2,), seed=draw())", []),
    ("x = K.random_normal((2,), seed=1)", []),
])  # fmt: skip
def test_a_seed_that_draws_the_same_again(code, words):
    left = move(code, OLD, NEW)[1]
    assert [word in place.advice for place, word in zip(left, words, strict=True)] == [
        True for _ in words
    ]


@pytest.mark.parametrize(("code", "expected", "reports"), [
    ("K.conv1d(x, w, padding='causal')",
     "ops.conv(ops.pad(x, ((0, 0), (w.shape[0] - 1, 0), (0, 0))), w)", 0),
    ("K.conv1d(x, w, padding='same')", "ops.conv(x, w, padding='same')", 0),
    ("K.conv1d(x, f(), padding='causal')", "K.conv1d(x, f(), padding='causal')", 1),
    ("K.conv1d(x, w, 1, 'causal', 'channels_first')",
     "K.conv1d(x, w, 1, 'causal', 'channels_first')", 1),
    ("K.conv1d(x, w, padding=how or 'causal')", "ops.conv(x, w, padding=how or 'causal')", 1),
])  # fmt: skip
def test_causal_convolutions_are_padded(code, expected, reports):
    moved, left = move(code, OLD, NEW, rooted=False)
    assert (moved, len(left)) == (expected, reports)
