"""The release that a module was written for, found out from what it uses."""

from __future__ import annotations

import ast

import pytest
from releases import KERAS

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.flavours import generation
from keras_imports.knowledge.detection import detect_origins
from keras_imports.knowledge.keras_names import TRACKED
from keras_imports.knowledge.target import parse_target
from keras_imports.python.bindings import resolve

PYTHON_2 = "from __future__ import print_function\n"
LSTM = "from keras.layers import LSTM\nLSTM(3)\n"


def found(code, to="keras"):
    tree = ast.parse(code)
    module = resolve(code, tree, TRACKED)
    return {
        flavour: generation(flavour, origin.release)
        for flavour, origin in detect_origins(module, code, tree, parse_target(to)).origins.items()
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from keras.layers import Convolution2D\nConvolution2D(8, 3, 3, nb_filter=2)", "keras1"),
        ("from keras.layers import Dense\nDense(output_dim=3, W_regularizer=None)", "keras1"),
        ("from keras.layers import Conv2D\nConv2D(8, 3, init='zero')", "keras1"),
        ("from keras.layers.core import Dense\nDense(3)", "standalone"),
        ("from keras.optimizers import Adam\nAdam(lr=0.1)", "standalone"),
        ("from keras.layers import Embedding\nEmbedding(9, 3, input_length=4)", "standalone"),
        ("from keras.layers import AveragePooling2D\nAveragePooling2D()", "standalone"),
        ("from keras.optimizers import SGD\nSGD(0.1, 0.9, 1e-6, True)", "standalone"),
        ("from keras.optimizers import SGD\nSGD(0.1, 0.9, 1e-6, nesterov=True)", "standalone"),
        ("from keras.optimizers import SGD\nSGD(0.1, 0.9, True)", "keras3"),
        ("from keras.optimizers import RMSprop\nRMSprop(0.1, 0.9, 1e-8, 0.0)", "keras3"),
        (LSTM, "keras3"),
        (f"{LSTM}def f(model):\n    model.fit_generator(x)\n", "standalone"),
        (f"{LSTM}Sequential().optimizer.lr.assign(3)\n", "standalone"),
        (f"{LSTM}# model.fit_generator(x)\nargs.lr = optimizer.learning_rate\n", "keras3"),
        ("from keras import ops\nops.mean(x)", "keras3"),
    ],
)
def test_what_a_module_tells(code, expected):
    assert found(code) == {"keras": expected}


def test_arguments_that_signatures_do_not_show_count():
    code = "from tensorflow.keras import Input\nInput(batch_shape=(1, 2))\nm.fit_generator(x)\n"
    assert found(code) == {"tensorflow.keras": "keras2"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from tensorflow.keras.layers import LSTM\nLSTM(3)", "keras2"),
        ("import tensorflow as tf\ntf.keras.layers.ConvLSTM2D(2, (5, 5))", "keras2"),
        ("from tensorflow.keras.layers import Dense\nDense(3, input_shape=(3,))", "keras2"),
        ("from tensorflow.keras import ops\nops.mean(x)", "keras3"),
        ("from tensorflow.keras.utils import PyDataset\nclass A(PyDataset): pass", "keras3"),
        ("import tensorflow as tf\ntf.keras.optimizers.Lion()\ntf.keras.ops.exp(x)", "keras3"),
    ],
)
@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_keras_in_tensorflow_is_old_unless_it_tells(code, expected, to):
    assert found(code, to) == {"tensorflow.keras": expected}


def test_what_the_target_has_is_of_the_target():
    assert found(f"{LSTM}model.fit_generator(x)", "keras==2.15") == {"keras": "keras2"}
    assert found(LSTM, "keras==2.15") == {"keras": "keras2"}
    assert found("from tensorflow.keras.layers import LSTM\nLSTM(3)", "tensorflow.keras==2.4") == {
        "tensorflow.keras": "keras2"
    }


def test_the_arguments_of_a_model_tell_of_old_code():
    code = "from keras.models import Model\nModel(input=x, output=y)"
    assert found(code) == found(code, "tf_keras") == {"keras": "keras1"}


@pytest.mark.parametrize("code", [LSTM.replace("3", "3, input_shape=(4, 5)"), PYTHON_2 + LSTM])
def test_what_stays_tells_of_old_code_that_is_moved_to_another_package(code):
    assert found(code, "tf_keras") == {"keras": "standalone"}
    assert found(code, "keras") == {"keras": "keras3"}


@pytest.mark.parametrize(
    "head",
    ["", PYTHON_2, "m.fit_generator(x)\n", "from keras import backend as K\nK.ctc_decode\n"],
)
@pytest.mark.parametrize("root", ["keras", "tensorflow.keras", "tf_keras"])
@pytest.mark.parametrize("to", ["keras", "keras==2.15", "tf_keras", "tensorflow.keras==2.4"])
def test_moving_twice_is_moving_once(head, root, to):
    code = f"{head}from {root}.layers import LSTM, GRU\nLSTM(3, input_shape=(4, 5))\nGRU(3)\n"
    once = migrate_text(code, Job(parse_target(to))).text
    assert migrate_text(once, Job(parse_target(to))).text == once


@pytest.mark.parametrize(
    ("call", "to", "expected"),
    [
        ("ops.image.resize(image=x, size=s)", f"keras=={KERAS}", "3.3.3"),
        ("ops.image.resize(images=x, size=s)", f"keras=={KERAS}", KERAS),
        ("ops.image.resize(image=x, size=s)", "keras==3.3.3", "3.3.3"),
        ("ops.image.resize(images=x, size=s)", "keras==3.3.3", KERAS),
    ],
)
def test_arguments_tell_releases_of_keras_3_apart(call, to, expected):
    code = f"from keras import ops\n{call}\n"
    tree = ast.parse(code)
    module = resolve(code, tree, TRACKED)
    assert detect_origins(module, code, tree, parse_target(to)).origins["keras"].release == expected
    moved = migrate_text(code, Job(parse_target(to))).text
    assert ("images=" in moved) == (to != "keras==3.3.3")
