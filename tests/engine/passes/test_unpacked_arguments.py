"""Arguments that a call takes from a dictionary."""

from __future__ import annotations

import pytest
from module_cases import migrate_text, parse_target

from keras_imports.engine.job import Job

CALL = "import keras\n{before}\nlayer = keras.layers.BatchNormalization(**{options})\n"
GONE = "{'momentum': 0.9, 'fused': True}"


def said(before: str, options: str, to: str = "keras") -> list[str]:
    """What is said of a call, which is never edited."""
    code = CALL.format(before=before, options=options)
    found = migrate_text(code, Job(parse_target(to)))
    assert found.text == code or to != "keras"
    return [each.message for each in found.left]


@pytest.mark.parametrize(("before", "options"), [
    ("", GONE), ("", "dict(momentum=0.9, fused=True)"), (f"options = {GONE}", "options"),
])  # fmt: skip
def test_what_keras_3_does_not_take_is_named(before: str, options: str) -> None:
    (message,) = said(before, options)
    assert "`fused`" in message
    assert not said(before, options, "tf_keras")


@pytest.mark.parametrize(("before", "options"), [
    ("", "{'momentum': 0.9}"), ("", "options"), ("", "{key: True}"),
    (f"options = {GONE}\noptions = {{}}", "options"),
])  # fmt: skip
def test_what_it_takes_or_nobody_knows_is_left_alone(before: str, options: str) -> None:
    assert not said(before, options)
