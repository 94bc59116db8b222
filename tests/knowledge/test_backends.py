"""What TensorFlow alone has, and what is said of it."""

from __future__ import annotations

from keras_imports.knowledge.backends import ties
from keras_imports.knowledge.rules import tensorflow_functions


def test_only_what_has_no_rule_has_a_row():
    """But for a class that has a rule only as an annotation."""
    assert ties().keys() & tensorflow_functions().keys() == {"Tensor"}
