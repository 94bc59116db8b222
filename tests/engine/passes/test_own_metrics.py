"""Functions of a program's own that are metrics or losses."""

from __future__ import annotations

import pytest
from said import said

CODE = """\
from tensorflow import keras
from tensorflow.keras import backend as K

def f1(y_true, y_pred):
    return K.sum(y_true * y_pred) / K.sum(y_true + y_pred)

model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=[f1])
stop = keras.callbacks.EarlyStopping(monitor="val_f1")
"""
BROADCAST, WAY, CAST = "broadcast to (n, n)", "which way", "casts the targets"
BEST = 'ModelCheckpoint("a.keras", "val_f1", save_best_only=True)'


def test_it_is_named_with_what_it_is_given() -> None:
    assert said(CODE, BROADCAST) == [4]


@pytest.mark.parametrize(
    "code",
    [
        CODE.replace("Dense(1)", "Dense(10)"),
        CODE.replace("K.sum(y_true * y_pred)", "K.sum(K.flatten(y_true) * y_pred)"),
        CODE.replace("y_true * ", "").replace("y_true + ", ""),
        CODE.replace("metrics=[f1]", "metrics=['mae']"),
    ],
)
def test_what_does_not_broadcast_is_let_be(code: str) -> None:
    assert not said(code, BROADCAST)


def test_nor_is_code_for_keras_3() -> None:
    code = CODE.replace("tensorflow.keras import backend", "keras import backend")
    assert not said(code.replace("tensorflow", "keras", 1), BROADCAST, source="keras==3.5")


@pytest.mark.parametrize(
    "made",
    [
        'EarlyStopping(monitor="val_f1")',
        'EarlyStopping("f1", mode="auto")',
        'ReduceLROnPlateau(monitor="val_f1", factor=0.5)',
        BEST,
    ],
)
def test_a_callback_needs_a_mode(made: str) -> None:
    assert said(CODE.replace('EarlyStopping(monitor="val_f1")', made), WAY) == [9]


@pytest.mark.parametrize(
    "made",
    [
        'EarlyStopping(monitor="val_f1", mode="max")',
        'EarlyStopping(monitor="val_loss")',
        'EarlyStopping(monitor="val_auc")',
        "EarlyStopping(**options)",
        BEST.replace(", save_best_only=True", ""),
    ],
)
def test_what_keras_knows_is_let_be(made: str) -> None:
    assert not said(CODE.replace('EarlyStopping(monitor="val_f1")', made), WAY)


def test_a_class_names_its_metric() -> None:
    kind = "class F1(keras.metrics.Metric):\n    def __init__(self, name='f1'):\n        pass\n"
    assert said(CODE.replace("metrics=[f1]", "metrics=[F1()]") + kind, WAY) == [9]


def test_a_loss_that_indexes_is_named() -> None:
    code = CODE.replace("metrics=[f1]", "").replace('"mse"', "f1")
    code = code.replace("K.sum(y_true * y_pred)", "K.sum(K.one_hot(y_true, 3) * y_pred)")
    assert said(code, CAST) == [5]
    assert not said(code.replace("one_hot(y_true", "one_hot(K.cast(y_true, 'int32')"), CAST)
