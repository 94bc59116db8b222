"""The methods that classes define for Keras to call."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Layer\n\n\n"
METHODS = """    def get_output_shape_for(self, shape):
        return shape

    def other(self, get_output_shape_for):
        return get_output_shape_for
"""


@pytest.mark.parametrize("to", ["keras", "tf_keras", "keras==2.2.4"])
@pytest.mark.parametrize("bases", ["class Mine(Layer):", "class A(Layer): pass\nclass Mine(A):"])
def test_a_method_of_a_layer_is_renamed(bases, to):
    outcome = migrate_text(f"{HEAD}{bases}\n{METHODS}", Job(parse_target(to)))
    expected = METHODS.replace("def get_output_shape_for", "def compute_output_shape")
    assert outcome.text.endswith(expected)


@pytest.mark.parametrize(("bases", "to"), [("object", "keras"), ("Layer", "keras==1.2.2")])
def test_all_else_stays(bases, to):
    code = f"{HEAD}class Mine({bases}):\n{METHODS}x = Layer()\n"
    assert METHODS in migrate_text(code, Job(parse_target(to))).text
