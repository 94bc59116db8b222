"""Layers, and arguments of theirs, that need more than another name."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD

FIRST = "K.set_image_data_format('channels_first')\n"
FROZEN = "\nlayer.trainable = False"


@pytest.mark.parametrize(("code", "source", "exact", "kept", "reports"), [
    (f"{FIRST}layers.Flatten()", "keras==2.1.5", True, True, 0),
    (f"{FIRST}layers.Flatten()", "keras==2.1.5", False, True, 1),
    (f"{FIRST}layers.Flatten()", "keras==2.1.6", True, False, 0),
    ("layers.Flatten()", "keras==2.1.5", True, False, 0),
])  # fmt: skip
def test_images_are_flattened_as_before_keras_2_1_6(code, source, exact, kept, reports):
    moved, left = move(code, source, NEW, exact, rooted=False)
    assert ("Flatten(data_format='channels_last')" in moved, len(left)) == (kept, reports)


@pytest.mark.parametrize(("value", "source", "exact", "reports"), [
    ("'bilinear'", "keras==2.2.4", True, 1), ("'nearest'", "keras==2.2.4", True, 0),
    ("'bilinear'", NEW, False, 1), ("'bilinear'", NEW, True, 0),
    ("'bi' if x else 'bilinear'", "keras==2.2.4", True, 1),
])  # fmt: skip
def test_interpolation_is_reported_for_an_older_keras(value, source, exact, reports):
    code = f"layers.UpSampling2D(2, interpolation={value})"
    moved, left = move(code, source, NEW, exact, rooted=False)
    assert (moved, len(left)) == (code, reports)


@pytest.mark.parametrize("name", ["layers.BatchNormalization()", "layers.BatchNormalization"])
def test_statistics_of_frozen_layers_are_reported_where_something_is_frozen(name):
    assert move(name, "keras==2.2.4", NEW, rooted=False) == (name, [])
    moved, left = move(name + FROZEN, "keras==2.2.4", NEW, rooted=False)
    assert (moved, len(left)) == (name + FROZEN, 1)


@pytest.mark.parametrize(("code", "expected", "reports"), [
    ("layers.BatchNormalization(axis=[3])", "layers.BatchNormalization(axis=3)", 0),
    ("layers.BatchNormalization(axis=[1, 2])", "layers.BatchNormalization(axis=[1, 2])", 1),
    ("layers.Dense(3, batch_input_shape=(None, 4))", "layers.Dense(3, input_shape=(4,))", 0),
    ("layers.Dense(3, batch_input_shape=[None, 4, 5])", "layers.Dense(3, input_shape=(4, 5))", 0),
    ("layers.Dense(3, batch_input_shape=(2, 4))", "layers.Dense(3, batch_input_shape=(2, 4))", 1),
    ("layers.Dense(3, batch_input_shape=s)", "layers.Dense(3, batch_input_shape=s)", 1),
])  # fmt: skip
def test_arguments(code, expected, reports):
    moved, left = move(code, OLD, NEW, rooted=False)
    assert (moved, len(left)) == (expected, reports)


def test_a_merge_of_models_stays():
    code = "layers.Merge(layers=[a, b], mode='sum')"
    moved, (left,) = move(code, "keras==1.2.2", NEW, rooted=False)
    assert moved == code
    assert "outputs" in left.advice
