"""Operands and indices that only tensors of TensorFlow take."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import layers, ops\nMEAN = [0.5, 0.5]\n"


def moved(code, backend="any"):
    return migrate_text(HEAD + code, Job(parse_target("keras", backend=backend)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x - [0.5, 0.5]", "x - ops.convert_to_tensor([0.5, 0.5], x.dtype)"),
        ("(1, 2) * (x + 1)", "ops.convert_to_tensor((1, 2)) * (x + 1)"),
        ("x / MEAN", "x / ops.convert_to_tensor(MEAN, x.dtype)"),
        ("x[::-1]", "ops.flip(x, axis=0)"),
        ("x[:, ::-1]", "ops.flip(x, axis=1)"),
        ("ops.abs(x)[..., ::-1, :]", "ops.flip(ops.abs(x), axis=-2)"),
        ("ops.top_k(x, 2).values", "ops.top_k(x, 2)[0]"),
    ],
)
def test_what_a_layer_computes_is_written_for_all_backends(before, after):
    head = "class Own(layers.Layer):\n    def call(self, x):\n        return "
    assert moved(head + before).text == HEAD + head + after
    assert moved(head + before, backend="").text == HEAD + head + before


def test_so_is_what_an_imported_function_gives_for_tensors():
    own = "from distances import distance\nclass Own:\n    def __call__(self, y_true, y_pred):\n"
    code = (
        own
        + "        d = distance(y_true, y_pred)\n        both = [d, d]\n        return d {} both\n"
    )
    made = "ops.convert_to_tensor(both, d.dtype)"
    assert moved(code.format("-")).text == HEAD + code.format("-").replace("- both", f"- {made}")
    assert moved(code.format("+")).text == HEAD + code.format("+")  # it may be a list


@pytest.mark.parametrize("code", ["x[::2]", "x[0, ::-1]", "x.shape[::-1]", "[1, 2] + [x]", "x + y"])
def test_other_indices_and_operands_stay(code):
    head = "class Own(layers.Layer):\n    def call(self, x, y=3):\n        return "
    assert moved(head + code).text == HEAD + head + code


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("return y_pred[y_true > 0]", True),
        ("mask = ops.isfinite(y_true)\n    return y_pred[mask]", True),
        ("mask = ops.isfinite(y_true)\n    return y_pred * mask", False),
        ("return y_pred[:, 0]", False),
    ],
)
def test_a_mask_as_an_index_is_named_for_jax(code, is_named):
    loss = f"def loss(y_true, y_pred):\n    {code}\nlayers.Dense(3)\n"
    assert bool(moved(loss).left) == is_named
    assert not moved(loss, backend="torch").left


def test_lambdas_and_functions_of_a_lambda_are_given_tensors():
    code = "layers.Lambda(lambda x: x - {0})\ndef f(t):\n    return t - {0}\nlayers.Lambda(f)\n"
    made = "ops.convert_to_tensor(MEAN, {}.dtype)"
    after = code.replace("x - {0}", f"x - {made.format('x')}")
    assert moved(code.format("MEAN")).text == HEAD + after.replace(
        "t - {0}", f"t - {made.format('t')}"
    )
