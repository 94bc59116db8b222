"""Layers whose `call` takes all by `*args`."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Dense\n\nclass Own(Dense):\n    "


def moved(code, to="keras"):
    found = migrate_text(HEAD + code, Job(parse_target(to)))
    return found.text.removeprefix(HEAD), found.left


def test_the_first_argument_is_named_and_handed_on():
    text, left = moved(
        "def call(self, *args, **kwargs):\n"
        "        return super().call(*args, **kwargs) + super().call(*args)"
    )
    assert text == (
        "def call(self, inputs, *args, **kwargs):\n"
        "        return super().call(inputs, *args, **kwargs) + super().call(inputs, *args)"
    )
    assert "only to a `call` that names it" in left[0].message


def test_training_that_is_named_is_given():
    code = "def call(self, *args, training=None):\n        return super().call(*args)"
    text, left = moved(code)
    assert text.startswith("def call(self, inputs, *args, training=None)")
    assert not left


@pytest.mark.parametrize(
    "code",
    [
        "def call(self, *args):\n        return super().call(args[0], *args[1:])",
        "def call(self, *args):\n        inputs = 3\n        return super().call(*args)",
        "def call(self, x, *args):\n        return super().call(x, *args)",
        "def build(self, *args):\n        return super().build(*args)",
    ],
)
def test_what_is_used_otherwise_stays(code):
    assert moved(code) == (code, ())


def test_tf_keras_needs_no_names():
    code = "def call(self, *args):\n        return super().call(*args)"
    assert moved(code, "tf_keras")[0].endswith(code)
