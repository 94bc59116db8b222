"""Functions in models that are loaded, and layers that models are loaded with."""

from __future__ import annotations

import pytest
from module_cases import migrate_text, parse_target

from keras_imports.engine.job import Job

LOADED = """import keras
model = keras.Sequential([keras.layers.Lambda({function})])
{call}
"""
LAYER = """import keras

@keras.saving.register_keras_serializable()
class Own(keras.layers.Layer):
    def __init__(self, {parameters}):
        super().__init__()
"""
LOAD, SAFE = "keras.models.load_model(path)", "keras.models.load_model(path, safe_mode=False)"
CLONE = "keras.models.clone_model(model)"


def said(code: str, to: str = "keras") -> list[str]:
    """What is said of a module."""
    return [each.message for each in migrate_text(code, Job(parse_target(to))).left]


@pytest.mark.parametrize(("function", "call", "verb"), [
    ("lambda x: x", LOAD, "loaded"), ("lambda x: x", CLONE, "cloned"), ("twice", SAFE, "loaded"),
])  # fmt: skip
def test_functions_that_are_not_loaded_are_named(function: str, call: str, verb: str) -> None:
    code = LOADED.format(function=function, call=call)
    (message,) = said(code)
    assert f"`Lambda({function})` is not {verb}" in message
    assert not said(code, "tf_keras")


@pytest.mark.parametrize(("function", "call"), [
    ("lambda x: x", SAFE), ("lambda x: x", "model.fit(x, y)"),
    ("lambda x: x", f"keras.config.enable_unsafe_deserialization()\n{CLONE}"),
    ("twice", "keras.models.load_model(path, custom_objects=own, safe_mode=False)"),
])  # fmt: skip
def test_what_is_loaded_is_left_alone(function: str, call: str) -> None:
    assert not said(LOADED.format(function=function, call=call))


@pytest.mark.parametrize(("parameters", "found"), [("units", 1), ("units, **kwargs", 0)])
def test_layers_have_to_take_what_they_are_given(parameters: str, found: int) -> None:
    messages = said(LAYER.format(parameters=parameters))
    assert ["`trainable` and `dtype`" in each for each in messages] == [True] * found
