"""Imports from `keras_applications`, which no Keras since 2.4 brings along."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

FROM = "from keras_applications.imagenet_utils import"
USE = "\nfrom keras import backend\n"


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("keras", "from keras.src.applications.imagenet_utils import obtain_input_shape as f"),
        (
            "tf_keras",
            "from tf_keras.src.applications.imagenet_utils import obtain_input_shape as f",
        ),
        ("keras==2.10", "from keras.applications.imagenet_utils import obtain_input_shape as f"),
        ("tensorflow.keras", f"{FROM} _obtain_input_shape as f"),
    ],
)
def test_the_shape_of_the_input(to, expected):
    code = f"{FROM} _obtain_input_shape as f{USE}"
    moved = migrate_text(code, Job(parse_target(to)))
    assert moved.text.split("\n")[0] == expected
    assert len(moved.left) == 1


@pytest.mark.parametrize("names", ["preprocess_input", "_obtain_input_shape, preprocess_input"])
def test_the_rest_stays(names):
    code = f"{FROM} {names}{USE}"
    assert migrate_text(code, Job(parse_target("keras"))).text == code
