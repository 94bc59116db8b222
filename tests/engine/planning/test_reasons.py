"""Why a call or name must change, and what stays as it is without `--modernize`."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.rules import RuleError, _rule
from keras_imports.knowledge.target import parse_target

OLD_KERAS = "keras==2.2.4"
OLD_TENSORFLOW = "tensorflow.keras==2.10.0"


def moved(code: str, source: str, target: str, modernize: bool = False) -> str:
    """The text of code after its move."""
    job = Job(parse_target(target), (parse_origin(source),), modernize=modernize)
    return migrate_text(code, job).text


@pytest.mark.parametrize("target", ["keras", "tensorflow.keras", "tf_keras", "keras==2.15.0"])
@pytest.mark.parametrize(
    "use",
    [
        "regularizers.l2(0.1)",
        "regularizers.l1_l2(0.1, 0.2)",
        "constraints.max_norm(2)",
        "constraints.unit_norm()",
        "layers.MaxPool2D(2)",
        "layers.GlobalAvgPool2D()",
        "layers.Convolution2D(3, (3, 3))",
        "layers.Dense(3, activation='relu')",
        "initializers.he_normal()",
        "Sequential()",
        "Model(inputs=a, outputs=b)",
        "models.Sequential()",
        "losses.binary_crossentropy(a, b)",
        "utils.to_categorical(a)",
        "backend.epsilon()",
        "callbacks.EarlyStopping(patience=3)",
    ],
)
def test_what_is_only_older_stays(use: str, target: str) -> None:
    root = target.partition("==")[0]
    name = use.partition("(")[0]
    module, _, leaf = name.rpartition(".")
    before = (
        f"from keras{module and '.' + module} import {leaf}\n\n{leaf}({use.partition('(')[2]}\n"
    )
    after = before.replace("from keras", f"from {root}", 1)
    assert moved(before, OLD_KERAS, target) == after


@pytest.mark.parametrize(
    "body",
    [
        "return K.mean(K.square(y_true - y_pred), axis=-1)",
        "return K.sum(K.abs(y_true)) + K.epsilon()",
        "return K.clip(y_true, 0.1, None)",
        "return K.cast(y_true, 'float')",
        "return K.concatenate([K.shape(y_true), [2]], axis=0)",
        "return K.dot(y_true, y_pred)",
        "return K.switch(y_true > 0, y_true, y_pred)",
        "return K.binary_crossentropy(y_true, y_pred, from_logits=True)",
        "return K.rnn(step, y_true, [y_pred])[0]",
    ],
)
def test_the_old_backend_stays_where_it_works(body: str) -> None:
    code = f"from tensorflow.keras import backend as K\n\n\ndef f(y_true, y_pred):\n    {body}\n"
    assert moved(code, OLD_TENSORFLOW, "tensorflow.keras") == code


PLACES = {
    "a layer's call": "class A(layers.Layer):\n    def call(self, x):\n        return K.sum(x)\n",
    "a lambda": "layer = layers.Lambda(lambda x: K.sum(x, axis=1))\n",
    "a function that is given on": "def f(x):\n    return K.sum(x)\n\n\nlayers.Lambda(f)\n",
    "one that this one calls": (
        "def g(x):\n    return K.sum(x)\n\n\ndef f(x):\n    return g(x)\n\n\nlayers.Lambda(f)\n"
    ),
    "a loss": "def dice_loss(a, b):\n    return K.sum(a * b)\n",
    "no tensors": "x = K.random_normal((2, 3))\n",
    "a shape": "x = K.int_shape(layers.Input((3,)))\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_where_tensors_have_values_the_backend_stays(place: str) -> None:
    head = "from tensorflow.keras import layers\nfrom tensorflow.keras import backend as K\n\n\n"
    assert moved(head + PLACES[place], OLD_TENSORFLOW, "tensorflow.keras") == head + PLACES[place]


MODELS = {
    "a tensor of a model": "x = layers.Input((3,))\ny = K.sum(x)\n",
    "a function that is called with one": (
        "def f(x):\n    return K.sum(x)\n\n\ny = f(layers.Input((3,)))\n"
    ),
    "a class that builds a model": (
        "class A:\n    def build(self):\n        x = layers.Input((3,))\n        return K.sum(x)\n"
    ),
}


@pytest.mark.parametrize("place", MODELS)
def test_tensors_of_models_are_given_to_keras(place: str) -> None:
    head = "from tensorflow.keras import layers\nfrom tensorflow.keras import backend as K\n\n\n"
    after = moved(head + MODELS[place], OLD_TENSORFLOW, "tensorflow.keras")
    assert "ops.sum(" in after
    assert "K.sum" not in after


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("K.set_value(a, b)", "a.assign(b)"),
        ("K.update(a, b)", "a.assign(b)"),
        ("K.zeros((2,))", "ops.zeros((2,))"),
        ("K.dtype(a)", "standardize_dtype(a.dtype)"),
        ("K.mean(self.kernel)", "ops.mean(self.kernel)"),
    ],
)
def test_what_does_not_take_keras_own_variables_moves(use: str, expected: str) -> None:
    code = (
        "from tensorflow.keras import layers\nfrom tensorflow.keras import backend as K\n\n\n"
        f"class A(layers.Layer):\n    def call(self, a, b):\n        return {use}\n"
    )
    assert expected in moved(code, OLD_TENSORFLOW, "tensorflow.keras")


@pytest.mark.parametrize(
    ("code", "source", "target", "expected"),
    [
        (
            "from keras.layers import Convolution2D\n\nConvolution2D(8, 3, 3)\n",
            "keras==1.2.2",
            "keras",
            "Conv2D(8, (3, 3))",
        ),
        (
            "from keras.activations import hard_sigmoid\n\ny = hard_sigmoid(x)\n",
            OLD_KERAS,
            "keras",
            "clip(0.2 * x + 0.5",
        ),
        (
            "from keras import constraints\n\nconstraints.maxnorm(2)\n",
            OLD_KERAS,
            "keras",
            "constraints.max_norm(2)",
        ),
        (
            "from keras.layers.pooling import MaxPool2D\n\nMaxPool2D(2)\n",
            OLD_KERAS,
            "keras",
            "import MaxPool2D\n\nMaxPool2D(2)",
        ),
        (
            "from keras.optimizers import SGD\n\nSGD(lr=0.1)\n",
            OLD_KERAS,
            "keras",
            "SGD(learning_rate=0.1)",
        ),
        (
            "import tensorflow as tf\n\ntf.keras.optimizers.legacy.SGD(0.1)\n",
            OLD_TENSORFLOW,
            "tensorflow.keras",
            "optimizers.SGD(0.1)",
        ),
        (
            "from tensorflow.keras import backend as K\n\nbeta = K.variable(0.5)\n",
            OLD_TENSORFLOW,
            "tensorflow.keras",
            "Variable(0.5",
        ),
        (
            "from keras import backend as K\n\n\ndef loss(a, b):\n    return K.sum(a)\n",
            OLD_KERAS,
            "keras",
            "ops.sum(a)",
        ),
    ],
)
def test_what_fails_or_differs_moves(code: str, source: str, target: str, expected: str) -> None:
    assert expected in moved(code, source, target)


def test_modernize_writes_what_is_only_older_as_the_target_has_it() -> None:
    code = "from tensorflow.keras import backend as K\n\n\ndef loss(a, b):\n    return K.sum(a)\n"
    assert "ops.sum(a)" in moved(code, OLD_TENSORFLOW, "tensorflow.keras", modernize=True)


def test_what_stays_has_no_finding() -> None:
    code = (
        "from tensorflow.keras import backend as K\n\nlayer = Lambda(lambda x: K.rnn(f, x, []))\n"
    )
    job = Job(parse_target("tensorflow.keras"), (parse_origin(OLD_TENSORFLOW),))
    assert not migrate_text(code, job).left


def test_a_reason_is_one_of_four() -> None:
    with pytest.raises(RuleError, match="fails, differs, private, style"):
        _rule("keras3: layers.Dense", {"reason": "taste"})
