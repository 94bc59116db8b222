"""By which names Keras logs the metrics that models are compiled with."""

from __future__ import annotations

import ast

import pytest

from keras_imports.engine.metric_names import metrics_in
from keras_imports.python.edits import Text
from keras_imports.python.tree import Tree


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("m.compile('sgd', 'mse', ['accuracy'])", {"accuracy"}),
        ("m.compile(metrics={'a': 'acc', 'b': ['mae']})", {"acc", "mae"}),
        ("m.compile(metrics=[AUC(name='auc'), dice])", {"auc", "dice"}),
        ("own = AUC(name='auc')\nm.compile(metrics=[own])", {"own", "auc"}),
        ("M = ['acc']\nm.compile(metrics=M + ['mae'])", {"acc", "mae"}),
        ("m.compile(metrics=['acc'] if deep else None)", {"acc"}),
        ("from conf import M\nm.compile(metrics=M)", {"?"}),
        ("def f(m, names):\n    m.compile(metrics=names)", {"?"}),
        ("M = []\nM = ['acc']\nm.compile(metrics=M)", {"?"}),
        ("m.compile('sgd', metrics=None)", set()),
        ("re.compile('x', re.I)", set()),
    ],
)
def test_names_are_read_off_and_the_others_are_unknown(code, expected):
    assert metrics_in(Tree(ast.parse(code), Text(code))) == expected
