"""Keys of configurations that Keras 3 writes otherwise."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from tensorflow import keras\nmodel = keras.Sequential([])\nconfig = model.get_config()\n"


def left(code, to="keras"):
    return [each.message for each in migrate_text(HEAD + code, Job(parse_target(to))).left]


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("config['layers'][0]['config']['batch_input_shape']", True),
        ("model.get_config()['layers'][0]['inbound_nodes']", True),
        ("first = config['layers'][0]\nfirst['inbound_nodes']", True),
        ("config['batch_input_shape'] = (None, 3)", False),
        ("mine = {}\nmine['batch_input_shape']", False),
        ("super().get_config()['batch_input_shape']", False),
        ("config['layers'][0]['config']['units']", False),
    ],
)
def test_a_key_that_is_gone_is_named_where_a_configuration_is_read(code, is_named):
    assert bool(left(code)) == is_named
    assert not left(code, "tensorflow.keras==2.10.1")
