"""Eager execution that is switched off."""

from __future__ import annotations

import pytest
from module_cases import migrate_text, parse_target

from keras_imports.engine.job import Job

OFF = "tf.compat.v1.disable_eager_execution()"
BEHAVIOUR = "tf.compat.v1.disable_v2_behavior()"
ON = "tf.compat.v1.enable_eager_execution()"


@pytest.mark.parametrize(("code", "to", "found"), [
    (OFF, "keras", 1), (BEHAVIOUR, "tensorflow.keras", 1), (OFF, "tf_keras", 0), (ON, "keras", 0),
])  # fmt: skip
def test_keras_3_does_not_train_without_it(code, to, found):
    code = f"import tensorflow as tf\nimport keras\n{code}\nkeras.Model()\n"
    left = migrate_text(code, Job(parse_target(to))).left
    assert ["without eager execution" in each.message for each in left] == [True] * found


def test_a_module_without_keras_is_left_alone():
    assert not migrate_text(f"import tensorflow as tf\n{OFF}\n", Job(parse_target("keras"))).left
