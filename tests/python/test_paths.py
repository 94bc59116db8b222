"""Paths with calls are taken apart where the calls are."""

from __future__ import annotations

import pytest

from keras_imports.python import paths


@pytest.mark.parametrize(
    ("path", "callee", "after", "is_result"),
    [
        ("keras", "keras", None, False),
        ("keras.layers.Dense", "keras.layers.Dense", None, False),
        ("keras.layers.Dense()", "keras.layers.Dense", "", True),
        ("keras.layers.Dense()()", "keras.layers.Dense", "()", True),
        ("keras.Sequential().fit", "keras.Sequential", ".fit", False),
        ("keras.Sequential().fit()", "keras.Sequential", ".fit()", True),
    ],
)
def test_paths_are_taken_apart(path, callee, after, is_result):
    assert paths.root(path) == "keras"
    assert paths.callee(path) == callee
    assert paths.after_call(path) == after
    assert paths.has_call(path) == (after is not None)
    assert paths.is_result(path) == is_result
    if is_result:
        assert paths.result_of(paths.last_callee(path)) == path
