"""What of Keras needs TensorFlow, in code that is to run on other backends."""

from __future__ import annotations

import pytest
from releases import KERAS

from keras_imports import atlas
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.backends import keras_ties
from keras_imports.knowledge.target import parse_target


def left(code, backend="any"):
    job = Job(parse_target("keras", backend=backend))
    return [each.code for each in migrate_text(f"import keras\n{code}\n", job).left]


@pytest.mark.parametrize("symbol", keras_ties())
def test_each_is_named_where_it_is_called(symbol):
    code = "KI402" if keras_ties()[symbol].runs else "KI401"
    assert left(f"keras.{symbol}(*x)") == [code]
    assert not left(f"keras.{symbol}(*x)", backend="")
    assert atlas.lookup(parse_target(f"keras=={KERAS}").env, f"keras.{symbol}")


def test_what_runs_on_every_backend_is_not():
    assert not left("keras.layers.CategoryEncoding(num_tokens=3)")
