"""What tensors and layers had as attributes: read as the target has it, and nothing else."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import backend as K\nfrom keras.layers import Layer\n"


def moved(code, to="tf_keras"):
    result = migrate_text(HEAD + code, Job(parse_target(to)))
    return result.text.split("\n", 2)[2], result.left


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("n = x._keras_shape[1]", "n = x.shape[1]"),
        ("n = f(x, 1)._keras_shape", "n = f(x, 1).shape"),
        ("n = hasattr(x, '_keras_shape')", "n = hasattr(x, 'shape')"),
        ('n = getattr(x, "_keras_shape", None)', 'n = getattr(x, "shape", None)'),
        ("n = shape(x, '_keras_shape')", "n = shape(x, '_keras_shape')"),
        ("n = model.layers[-1].output_shape", "n = model.layers[-1].output_shape"),
        ("n = x.shape[1].value", "n = x.shape[1]"),
        ("n = x.get_shape()[-1].value", "n = x.get_shape()[-1]"),
    ],
)
@pytest.mark.parametrize("to", ["tf_keras", "tensorflow.keras==2.4"])
def test_what_is_gone_since_tensorflow_2(code, expected, to):
    assert moved(code, to)[0] == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("n = x.get_shape()", "n = x.shape"),
        ("n = x.get_shape().as_list()[1:]", "n = list(x.shape)[1:]"),
        ("n = x.shape.as_list()", "n = list(x.shape)"),
        ("h, w = x.shape[1:3].as_list()", "h, w = list(x.shape[1:3])"),
        ("n = x.get_shape().ndims", "n = len(x.shape)"),
        ("n = model.layers[-1].output_shape[1:]", "n = model.layers[-1].output.shape[1:]"),
        ("n = m.get_layer('a').output_shape", "n = m.get_layer('a').output.shape"),
        ("n = [shape.as_list() for shape in s]", "n = [list(shape) for shape in s]"),
        (
            "m = keras.Sequential()\nfor x in m.layers:\n    x.input_shape[1:]",
            "m = keras.Sequential()\nfor x in m.layers:\n    x.input.shape[1:]",
        ),
        (
            "m = keras.Sequential()\nn = [x.output_shape for x in m.layers[1:]]",
            "m = keras.Sequential()\nn = [x.output.shape for x in m.layers[1:]]",
        ),
        (
            "def f(m):\n    for i, x in enumerate(m.layers):\n        x.output_shape\n"
            "f(keras.Sequential())",
            "def f(m):\n    for i, x in enumerate(m.layers):\n        x.output.shape\n"
            "f(keras.Sequential())",
        ),
    ],
)
def test_what_the_tensors_of_keras_3_have_not(code, expected):
    code, expected = f"import keras\nkeras.Input\n{code}", f"import keras\nkeras.Input\n{expected}"
    assert migrate_text(code, Job(parse_target("keras"))).text == expected


@pytest.mark.parametrize(
    "code",
    [
        "n = x.shape[1:].value",
        "n = option.value",
        "n = table[1].value",
        "n = config.as_list('sizes')",
        "n = config.as_list()",
        "n = array.ndims",
        "n = table[-1].output_shape, f(x).output_shape, self.output_shape",
        "n = model.layers[1:].output_shape, model.layers.output_shape",
        "model.layers[0].output_shape = 3",
        "n = self.get_shape()",
        "n = x.get_shape(1)",
        "n = keras.Sequential().output_shape",
        "class A(keras.Model):\n    pass\nn = A().input_shape",
        "for x in m.blocks:\n    x.output_shape",
        "for x in m.layers:\n    pass\nn = y.output_shape",
        "for x in m.layers:\n    def f(x):\n        x.output_shape",
        "get_shape = x.get_shape",
    ],
)
def test_what_may_be_of_another_library_stays(code):
    code = f"import keras\nkeras.Input\n{code}"
    assert migrate_text(code, Job(parse_target("keras"))).text == code


def test_a_shape_that_is_set_is_left_to_a_person():
    text, (left,) = moved("x._keras_shape = (None, 3)")
    assert text == "x._keras_shape = (None, 3)"
    assert (left.line, left.column, left.source) == (3, 1, "x._keras_shape")


def test_tensorflow_1_stays_as_it_is():
    code = HEAD + "n = x.shape[1].value\n"
    text = migrate_text(code, Job(parse_target("tensorflow.keras==1.15"))).text
    assert text.endswith("n = x.shape[1].value\n")


@pytest.mark.parametrize(
    "code",
    [
        "def f(m):\n    for x in m.layers:\n        x.output_shape",
        "def f(m):\n    for i, x in enumerate(m.layers[1:]):\n        i, x.output_shape",
        "def f(m):\n    return [x.output_shape for x in m.layers]",
        "n = {x.output_shape for m in models for x in reversed(m.layers)}",
    ],
)
def test_what_may_be_a_layer_is_named_and_said_to_be_unsure(code):
    code = f"import keras\nkeras.Input\n{code}"
    outcome = migrate_text(code, Job(parse_target("keras")))
    (left,) = outcome.left
    assert outcome.text == code
    assert left.message.startswith("`x.output_shape` is not in keras==")
    assert left.message.endswith(" if `x` is a Keras layer")
    assert left.advice == "use `x.output.shape`"
