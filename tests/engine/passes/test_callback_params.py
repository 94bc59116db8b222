"""Keys of a callback's parameters that `fit` does not tell any more."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """from keras.callbacks import Callback
class Own(Callback):
    def on_train_begin(self, logs=None):
        """


def left(code, to="keras"):
    return [each.message for each in migrate_text(HEAD + code, Job(parse_target(to))).left]


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("self.params['samples']", True),
        ("self.params.get('metrics', ())", True),
        ("self.params['epochs']", False),
        ("self.params[key]", False),
        ("params['samples']", False),
        ("self.params['samples'] = 3", False),
    ],
)
@pytest.mark.parametrize("to", ["keras", "tf_keras"])
def test_a_key_that_is_gone_is_named(code, is_named, to):
    assert bool(left(code, to)) == is_named


def test_a_callback_that_sets_them_knows_them():
    assert not left("self.params = {}\n        self.params['samples']")
