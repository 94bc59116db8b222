"""Evaluates expressions with tf_keras, and what became of them with Keras 3; JSON in and out."""

import json
import sys

import keras
import numpy as np
import tensorflow as tf
import tf_keras

RANDOM = np.random.default_rng(7)


def normal(*shape):
    return RANDOM.normal(size=shape).astype("float32")


ARRAYS = {
    "x": normal(3, 4, 5),
    "y": normal(3, 4, 5),
    "m": normal(3, 4),
    "n": normal(4, 2),
    "w": np.abs(normal(4)),
    "p": np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1]], "float32"),
    "q": np.eye(4, dtype="float32")[[3, 0, 2]],
    "i": np.array([3, 0, 2, 1], "int32"),
    "image": normal(2, 6, 6, 3),
    "volume": normal(1, 4, 4, 4, 2),
    "steps": normal(2, 5, 3),
    "kernel1": normal(2, 3, 4),
    "kernel2": normal(3, 3, 3, 2),
    "kernel3": normal(2, 2, 2, 2, 3),
    "depthwise": normal(3, 3, 3, 1),
    "pointwise": normal(1, 1, 3, 4),
}


def filled(layer):
    """A layer or model with weights that depend on their shapes alone."""
    shapes = [weight.shape for weight in layer.get_weights()]
    layer.set_weights([0.1 * np.cos(np.arange(np.prod(s))).reshape(s) + 0.5 for s in shapes])
    return layer


def run(layer, x):
    """What a layer gives, with its shape and parameters."""
    layer(x)
    return [layer.count_params(), filled(layer)(x)]


def trained(module, optimizer):
    """A variable after some steps of an optimizer."""
    v = tf.Variable(ARRAYS["m"]) if module is tf_keras else keras.Variable(ARRAYS["m"])
    for step in range(4):
        optimizer.apply_gradients([(tf.constant(ARRAYS["m"] * (step - 1.5)), v)])
    return v


def value(code, module, variable, **names):
    """What an expression gives, as lists."""
    tensors = {name: tf.constant(array) for name, array in ARRAYS.items()}
    names |= {**tensors, "v": variable(ARRAYS["m"]), "np": np, "run": run}
    model = module.Sequential([module.Input((4,)), module.layers.Dense(4, activation="sigmoid")])
    model.compile(module.optimizers.SGD(0.1), "mse")
    names |= {"trained": lambda optimizer: trained(module, optimizer), "model": filled(model)}
    names |= {"X": ARRAYS["m"], "Y": ARRAYS["q"], "optimizer": model.optimizer}
    try:
        found = eval(code, names)  # noqa: S307 (our own expressions)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return plain(found)


def plain(found):
    if isinstance(found, str):
        return found
    if isinstance(found, tf.TensorShape):
        return found.as_list()
    if isinstance(found, dict):
        return [plain(item) for item in found.values()]
    if isinstance(found, (list, tuple)):
        return [plain(item) for item in found]
    return np.asarray(found).tolist()


OLD = {name: getattr(tf_keras, name) for name in dir(tf_keras) if not name.startswith("_")}
print(
    json.dumps(
        [
            [
                value(old, tf_keras, tf_keras.backend.variable, K=tf_keras.backend, **OLD),
                value(new, keras, keras.Variable, keras=keras),
            ]
            for old, new in json.load(sys.stdin)
        ]
    )
)
