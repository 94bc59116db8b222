"""Methods of TensorFlow's tensors, in code that is to run on other backends."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import layers, ops\nlayers.Dense(3)\n"


def moved(code, backend="any"):
    found = migrate_text(HEAD + code, Job(parse_target("keras", backend=backend)))
    return found.text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("loss.numpy()", "ops.convert_to_numpy(loss)"),
        ("(a + b).numpy()[0]", "ops.convert_to_numpy(a + b)[0]"),
        ("float(f(x).numpy())", "float(ops.convert_to_numpy(f(x)))"),
        ("x = 1\nx.set_shape((None, 3))\n", "x = 1\n"),
        ("if x:\n    x.set_shape((None, 3))\n", "if x:\n    pass\n"),
    ],
)
def test_methods_of_tensors(before, after):
    assert moved(before) == after


@pytest.mark.parametrize(
    "code", ["x.numpy(force=True)", "frame.to_numpy()", "import torch\nx.numpy()", "x.numpy"]
)
def test_what_is_of_something_else_stays(code):
    assert moved(code) == code


def test_they_stay_on_tensorflow():
    assert moved("x.numpy()", backend="") == "x.numpy()"
