"""Functions of TensorFlow that are called on the tensors of a model."""

from __future__ import annotations

import ast
import json
import subprocess

import pytest
from projects import environment

from keras_imports import atlas
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.rules import tensor_functions
from keras_imports.knowledge.target import parse_target

HEAD = """import tensorflow as tf
from tensorflow.keras.layers import Dense, Input, Lambda, Layer
"""
# Each function as it is called, with the arrays x and y.
CALLS = [
    "tf.concat([x, y], 1)", "tf.concat(axis=-1, values=[x, y])", "tf.stack([x, y], axis=1)",
    "tf.expand_dims(x, 1)", "tf.expand_dims(input=x, axis=-1)", "tf.squeeze(x[:, :1], 1)",
    "tf.squeeze(x[:1, :1])", "tf.transpose(x)", "tf.transpose(x, [1, 0, 2])",
    "tf.reshape(x, [-1, 4])", "tf.tile(x, [1, 2, 1])", "tf.cast(x, tf.int32)",
    "tf.cast(x, 'float16')", "tf.shape(x)[1]", "tf.matmul(x, y[0])",
    "tf.reduce_mean(x)", "tf.reduce_sum(x, axis=[1, 2], keepdims=True)", "tf.reduce_max(x, 1)",
    "tf.math.reduce_min(x, -1)", "tf.reduce_prod(input_tensor=x, axis=0)",
    "tf.add(x, y)", "tf.subtract(x, y)", "tf.multiply(x, 2.0)", "tf.divide(x, y)",
    "tf.maximum(x, y)", "tf.math.minimum(x=x, y=0.0)", "tf.pow(x, 3)",
    "tf.abs(x)", "tf.exp(x)", "tf.math.log(x * x)", "tf.sqrt(x * x)", "tf.square(x)",
    "tf.sign(x)", "tf.sin(x)", "tf.cos(x)", "tf.tanh(x)", "tf.sigmoid(x)",
    "tf.nn.relu(x)", "tf.nn.relu6(x * 9)", "tf.nn.elu(x)", "tf.nn.selu(features=x)",
    "tf.nn.softplus(x)", "tf.nn.sigmoid(x)", "tf.nn.tanh(x)", "tf.nn.softmax(x)",
    "tf.nn.softmax(logits=x, axis=1)", "tf.nn.leaky_relu(x)", "tf.nn.leaky_relu(x, alpha=0.3)",
]  # fmt: skip


def moved(body, to="keras"):
    found = migrate_text(HEAD + body, Job(parse_target(to)))
    return [line for line in found.text.split("\n") if "import" not in line], found.left


def in_model(call):
    """What becomes of a call on the inputs of a model."""
    lines, left = moved(f"x, y = Input((4, 4)), Input((4, 4))\nx = Input(2)\ny = Input(2)\n{call}")
    assert not left
    return lines[3]


def test_every_function_is_proved():
    called = {
        ast.unparse(node.func).removeprefix("tf.").removeprefix("math.")
        for code in CALLS
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
    }
    assert called == tensor_functions().keys()


def test_keras_has_every_function_with_its_arguments():
    for name, rule in tensor_functions().items():
        entry = atlas.lookup(parse_target("keras").env, f"keras.ops.{rule.to[0]}")
        names = [parameter.name for parameter in entry.signature]
        wanted = [change.to[0] for change in rule.arguments.values()]
        assert names[: len(wanted)] == wanted, name


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = Input(3)\nz = tf.nn.relu(tf.concat([x, x], 1))",
         "z = ops.relu(ops.concatenate([x, x], 1))"),
        ("x = Input(3)\ny = tf.exp(x)\nz = tf.exp(-y[:, :2])", "z = ops.exp(-y[:, :2])"),
        ("x = Input(3)\nz = tf.exp(Dense(3)(x) + 1)", "z = ops.exp(Dense(3)(x) + 1)"),
        ("def f(x):\n    y = Dense(3)(x)\n    return tf.exp(y)", "    return ops.exp(y)"),
        ("def f(x):\n    y = tf.exp(x)\n    return Dense(3)(x)", "    y = ops.exp(x)"),
        ("x = Input(3)\nlayer = Dense(3)\nz = tf.exp(layer(x))", "z = ops.exp(layer(x))"),
        ("x = Input(3)\nz = tf.reshape(x, [-1, tf.shape(x)[1]])",
         "z = ops.reshape(x, [-1, ops.shape(x)[1]])"),
    ],
)  # fmt: skip
def test_what_layers_gave_goes_to_functions_of_keras(body, expected):
    lines, left = moved(body)
    assert expected in lines
    assert not left


@pytest.mark.parametrize(
    "body",
    [
        "z = tf.exp(tf.ones(3))",
        "y = Dense(3)(tf.ones((2, 3)))\nz = tf.exp(y)",
        "def f(x):\n    return tf.exp(x)",
        "def f(x):\n    z = tf.exp(x)\n    x = g(z)\n    return Dense(3)(x)",
        "def f(x):\n    y = Dense(3)(x)\n    y = g(y)\n    return tf.exp(y)",
        "f = Lambda(lambda x: tf.exp(x))",
        "class Own(Layer):\n    def call(self, x):\n        x = Dense(3)(x)\n        tf.exp(x)",
    ],
)
def test_what_may_have_values_stays(body):
    assert moved(body) == (body.split("\n"), ())


@pytest.mark.parametrize(
    "call",
    ["tf.split(x, 2, axis=1)", "tf.exp(x, name='e')", "tf.reduce_sum(*[x])", "2 * tf.shape(x)"],
)
def test_what_has_no_equal_is_reported(call):
    body = f"x = Input(3)\ny = Dense(3)(x)\nz = {call.replace('*[x]', '[x], *a')}"
    lines, left = moved(body)
    assert lines == body.split("\n")
    assert any("does not take the tensors of a model" in each.message for each in left)


@pytest.mark.parametrize("to", ["tf_keras", "tensorflow.keras==2.15"])
def test_tensors_of_tensorflow_stay(to):
    body = "x = Input(3)\nz = tf.exp(x)"
    assert moved(body, to)[0] == body.split("\n")


def test_long_chains_are_followed():
    steps = "".join(f"x = Dense({n})(x)\nx = tf.exp(x)\n" for n in range(500))
    lines, left = moved(f"x = Input(3)\n{steps}while x:\n    x = Dense(3)(x)\n    tf.exp(x)")
    assert sum("ops.exp" in line for line in lines) == 500
    assert not left


COMPARED = """
import json, sys
import numpy, tensorflow as tf
from keras import ops
random = numpy.random.default_rng(5)
x, y = (tf.constant(random.normal(size=(3, 4, 4)), "float32") for _ in range(2))
for old, new in json.load(sys.stdin):
    before, after = numpy.asarray(eval(old)), numpy.asarray(eval(new))
    assert before.shape == after.shape, (old, new)
    assert old.startswith("tf.shape") or before.dtype == after.dtype, (old, new)
    assert numpy.allclose(before, after, atol=1e-5), (old, new)
"""


@pytest.mark.slow
def test_they_give_the_same(installed):
    pairs = [(call, in_model(call)) for call in CALLS]
    assert all(new.startswith("ops.") for _, new in pairs)
    done = subprocess.run(
        [installed, "-c", COMPARED],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
