"""Methods of models and layers that need more than another name."""

from __future__ import annotations

import pytest
from moved import move
from rule_cases import NEW, OLD

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


@pytest.mark.parametrize(("code", "expected"), [
    ("layer.add_weight('w', shape)", "layer.add_weight(name='w', shape=shape)"),
    ("layer.add_weight('%s_w' % n, shape)", "layer.add_weight(name='%s_w' % n, shape=shape)"),
    ("layer.add_weight('{}_w'.format(n), s)", "layer.add_weight(name='{}_w'.format(n), shape=s)"),
    ("layer.add_weight(shape, 'zeros')", "layer.add_weight(shape, 'zeros')"),
    ("layer.add_weight()", "layer.add_weight()"),
])  # fmt: skip
def test_a_weight_whose_name_comes_first_is_of_keras_2_whatever_else_is(code, expected):
    assert move(code, NEW, NEW, rooted=False) == (expected, [])


def test_a_loss_is_added_in_layers_alone():
    code = (
        "import keras\nclass A(keras.layers.Layer):\n  def call(self, x):\n    self.add_loss(x)\n"
    )
    job = Job(parse_target(NEW))
    assert not migrate_text(code, job).left
    outside = "from keras.models import Model\nm = Model(input=x, output=y)\nm.add_loss(z)\n"
    (left,) = migrate_text(outside, job).left
    assert left.message == f"`Model.add_loss` could not be moved to {NEW}"


@pytest.mark.parametrize(("arguments", "reports"), [
    ("'a.weights.h5', by_name=True", 1), ("path, by_name=True", 1), ("'a.h5', by_name=True", 0),
    ("path + '.hdf5', by_name=True", 0), ("'a.weights.h5'", 0),
    ("'a.weights.h5', by_name=False", 0),
])  # fmt: skip
def test_weights_are_loaded_by_name_from_other_files(arguments, reports):
    _, left = move(f"model.load_weights({arguments})", OLD, NEW, rooted=False)
    assert len(left) == reports
