"""Lines that are too long, broken as by hand."""

from __future__ import annotations

import pytest

from keras_imports.python.wrapping import wrapped


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        (
            "model.compile(optimizer=optimizer, loss='mse', metrics=['mae'])",
            "model.compile(optimizer=optimizer, loss='mse',\n              metrics=['mae'])",
        ),
        (
            "model.compile(\n    optimizer=optimizer, loss='mse', metrics=['accuracy'])",
            "model.compile(\n    optimizer=optimizer, loss='mse',\n    metrics=['accuracy'])",
        ),
        (
            "model.compile(optimizer=Adam(rate=ExponentialDecay(rate)),\n              loss='mse')",
            "model.compile(optimizer=Adam(\n"
            "                  rate=ExponentialDecay(rate)),\n"
            "              loss='mse')",
        ),
        ("x = first_and_longest_name + second_and_longest_name_of_all", None),
        ("x = f(a, b, c)  # a comment that makes the line longer than it is", None),
        ("x = short(1)", None),
    ],
)
def test_wrapped(code: str, broken: str | None) -> None:
    assert wrapped(code, 0, 50) == (broken or code)
    if broken:
        assert wrapped(broken, 0, 50) == broken
