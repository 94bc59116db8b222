"""What models of several outputs are compiled with."""

from __future__ import annotations

import pytest
from said import migrated, said

HEAD = """\
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model, Sequential
x = Input((3,))
model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
"""


def moved(code: str, head: str = HEAD) -> str:
    """What becomes of the last line of a program."""
    return migrated(f"{head}{code}\n").text.splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        (
            'model.compile("sgd", "mse", metrics=["mae"])',
            'model.compile("sgd", "mse", metrics=[["mae"], ["mae"]])',
        ),
        (
            'model.compile("sgd", "mse", weighted_metrics=[f, "mae"])',
            'model.compile("sgd", "mse", weighted_metrics=[[f, "mae"], [f, "mae"]])',
        ),
        (
            'model.compile("sgd", "mse", loss_weights=[1.0, 0.5])',
            'model.compile("sgd", ["mse", "mse"], loss_weights=[1.0, 0.5])',
        ),
        (
            'model.compile(loss="mse", loss_weights={"a": 1.0, "b": 0.5})',
            'model.compile(loss={"a": "mse", "b": "mse"}, loss_weights={"a": 1.0, "b": 0.5})',
        ),
    ],
)
def test_each_output_gets_its_own(code: str, becomes: str) -> None:
    assert moved(code) == becomes


def test_so_it_is_where_a_function_makes_the_model() -> None:
    head = "def build(x):\n    return Model(x, [a, b])\n\nnet = build(x)\n"
    code = 'net.compile("sgd", "mse", metrics=["mae"])'
    assert moved(code, HEAD.partition("x =")[0] + head).endswith('metrics=[["mae"], ["mae"]])')


def test_so_it_is_where_only_the_losses_tell() -> None:
    code = 'net.compile("sgd", loss=["mse", "mae"], metrics=["mae"])'
    assert moved(code).endswith('metrics=[["mae"], ["mae"]])')


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('model.compile("sgd", "mse", metrics=[AUC()])', "of 2 outputs"),
        ('model.compile("sgd", {"a": "mse"})', "a loss for each output"),
        ("model.fit(x, [y, z], sample_weight={'a': w})", "in the form of the targets"),
    ],
)
def test_what_is_not_sure_is_named(code: str, words: str) -> None:
    assert said(HEAD + code, words) == [5]


@pytest.mark.parametrize(
    "code",
    [
        'model.compile("sgd", "mse", metrics=[["mae"], ["mse"]])',
        'model.compile("sgd", "mse", metrics={"a": "mae"})',
        'model.compile("sgd", {"a": "mse", "b": "mae"})',
        'model.compile("sgd", ["mse", "mae"], loss_weights=[1.0, 0.5])',
        'model = Model(x, Dense(1)(x)); model.compile("sgd", "mse", metrics=["mae"])',
        'net = Sequential(); net.compile("sgd", "mse", metrics=["mae"])',
        'other.compile("sgd", "mse", metrics=["mae"])',
        'net = build(); net.compile("sgd", "mse", metrics=["mae"])',
        'model = build()\nmodel.compile("sgd", "mse", metrics=["mae"])',
        "model.fit(x, {'a': y}, sample_weight={'a': w})",
    ],
)
def test_all_else_stays(code: str) -> None:
    outcome = migrated(HEAD + code)
    assert outcome.text.endswith(code)
    assert not outcome.left


def test_results_are_sorted_by_name() -> None:
    code = 'model.compile("sgd", "mse", metrics={"a": "mae", "b": "mae"})\nmodel.evaluate(x, y)\n'
    head = HEAD.replace('"a"', '"c"')
    code = code.replace('"a"', '"c"')
    assert said(head + code, "sorts metrics") == [6]
    assert not said(head + code.replace("x, y", "x, y, return_dict=True"), "sorts metrics")
    assert not said(HEAD + code.replace('"c"', '"a"'), "sorts metrics")


def test_in_code_for_keras_3_two_metrics_are_for_two_outputs() -> None:
    code = 'model.compile("sgd", "mse", metrics=["mae", "mse"])'
    assert '[["mae", "mse"], ["mae", "mse"]]' in moved(code)
    head = HEAD.replace("tensorflow.", "")
    assert migrated(head + code, source="keras==3.5").text == head + code


def test_keras_2_takes_one_for_all() -> None:
    code = 'model.compile("sgd", "mse", metrics=["mae"])'
    assert code in migrated(HEAD + code, "tf_keras").text
