"""The `training=` that Keras 3 overrides."""

from __future__ import annotations

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target

TRAINING = """\
from tensorflow.keras.layers import BatchNormalization, Dropout, Input
inputs = Input((3, 3, 3))
x = BatchNormalization()(inputs, training=False)
x = Dropout(0.3)(x, training=True)
x = Dropout(0.3)(x, training=inputs)
layer = Dropout(0.3)
layer.trainable = False
x = layer(x, training=False)
"""


def test_training_that_keras_3_overrides_is_named():
    for to, lines in (("keras", [3, 4]), ("tf_keras", []), ("tensorflow.keras", [3, 4])):
        outcome = migrate_text(
            TRAINING, Job(parse_target(to), (parse_origin("tensorflow.keras==2.10"),))
        )
        assert [left.line for left in outcome.left] == lines
    new = Job(parse_target("keras"), (parse_origin("tensorflow.keras==2.21"),))
    assert migrate_text(TRAINING, new).left == ()
