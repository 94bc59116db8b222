"""Functions of TensorFlow that are called on the tensors of a model."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from projects import environment

from keras_imports import atlas
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.rules import tensorflow_functions
from keras_imports.knowledge.target import parse_target

HEAD = """import tensorflow as tf
from tensorflow.keras.layers import Dense, Input, Lambda, Layer
"""
VALUES = (Path(__file__).parent.parent / "data" / "tensorflow_values.txt").read_text("utf-8")
CALLS = [line for line in VALUES.splitlines() if not line.startswith("#")]
# What has values that cannot be compared, or is no call, and the test that it is in.
OTHERS = {
    *("random.set_seed", "set_random_seed", "random_normal", "random_uniform"),  # random
    *("name_scope", "Tensor", "TensorShape"),  # no tensors
    *("float16", "bfloat16", "float64", "int8", "int16"),
    *("uint8", "uint16", "uint32", "uint64", "bool"),
    *("image.ResizeMethod.NEAREST_NEIGHBOR", "image.ResizeMethod.BICUBIC"),
    *("image.ResizeMethod.LANCZOS3", "image.ResizeMethod.LANCZOS5"),
    *("depth_to_space", "space_to_depth", "nn.softmax_cross_entropy_with_logits_v2"),  # old names
}


def moved(body, to="keras", backend=""):
    found = migrate_text(HEAD + body, Job(parse_target(to, backend=backend)))
    return [line for line in found.text.split("\n") if "import" not in line], found.left


def everywhere(call):
    """What becomes of a call where no TensorFlow is needed, and the functions that it needs."""
    lines, left = moved(f"pass\n{call}", backend="any")
    assert not left, call
    return lines[-1], "\n".join(lines[:-1])


def test_every_function_is_proved():
    text = re.sub(r"tf\.(?:math\.|compat\.v1\.)?(?=\w)", "tf.", VALUES)
    called = set(re.findall(r"tf\.([\w.]*\w)", text))
    assert tensorflow_functions().keys() - called == OTHERS


def test_keras_has_every_function_with_its_arguments():
    for name, rule in tensorflow_functions().items():
        for path in rule.to:
            entry = atlas.lookup(parse_target("keras").env, f"keras.{path}")
            parameters = {parameter.name for parameter in entry.signature}
            flags = {
                "transpose_a",
                "transpose_b",
                "shape",
            } - parameters  # taken out, or in templates
            wanted = {to for change in rule.arguments.values() for to in change.to} - flags
            assert wanted | rule.explicit.keys() <= parameters, name


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
    ["tf.split(x, sizes, axis=1)", "tf.exp(x, y)", "tf.reduce_sum(*[x])"],
)
def test_what_has_no_equal_is_reported(call):
    body = f"x = Input((3,))\ny = Dense(3)(x)\nz = {call.replace('*[x]', '[x], *a')}"
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
    assert sum("ops.exp" in line for line in lines) >= 500
    assert not left


COMPARED = """
import json, sys
import numpy, tensorflow as tf
import keras
from keras import initializers, ops, random, tree
draw = numpy.random.default_rng(5)
arrays = {
    "x": draw.normal(size=(3, 4, 4)), "y": draw.normal(size=(3, 4, 4)),
    "m": draw.normal(size=(3, 4)), "q": numpy.eye(4)[[3, 0, 2]], "w": numpy.array([0.5, 1.5, 2, 1]),
    "p": numpy.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05], [0.2, 0.5, 0.25, 0.05]]),
    "image": draw.normal(size=(2, 6, 6, 3)), "kernel": draw.normal(size=(3, 3, 3, 2)),
}
arrays = {name: array.astype("float32") for name, array in arrays.items()}
arrays |= {"i": numpy.array([3, 0, 2, 1], "int32"), "b": arrays["m"] > 0}
tensors = {name: tf.constant(array) for name, array in arrays.items()}
own = {name: ops.convert_to_tensor(array) for name, array in arrays.items()}
is_random = wrong = False
for old, new, functions in json.load(sys.stdin):
    is_random |= old.startswith("tf.random")
    before = numpy.asarray(eval(old, {"tf": tf, **tensors}))
    its = {"keras": keras, "ops": ops, "random": random, "tree": tree, "initializers": initializers}
    names = {**its, **own}
    exec(functions, names)
    after = ops.convert_to_numpy(eval(new, names))
    same = before.shape == after.shape and before.dtype.kind == after.dtype.kind
    if not same or not (is_random or numpy.allclose(before, after, atol=1e-4)):
        wrong = True
        print(old, new, before, after, before.dtype, after.dtype, file=sys.stderr)
sys.exit(wrong)
"""


@pytest.mark.slow
def test_they_give_the_same(installed):
    pairs = [(call, *everywhere(call)) for call in CALLS]
    assert not any("tf." in new for _, new, _ in pairs)
    done = subprocess.run(
        [installed, "-c", COMPARED],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
