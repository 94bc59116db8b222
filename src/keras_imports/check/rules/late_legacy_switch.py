"""KI009: find where `TF_USE_LEGACY_KERAS` is set after TensorFlow has looked at it."""

from __future__ import annotations

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.knowledge.legacy_switch import mentions_switch

KI009 = Code(
    "KI009",
    "error",
    "TF_USE_LEGACY_KERAS is set too late",
    "TensorFlow decides when it is imported what `from tensorflow.keras import …` finds, so "
    "that this is Keras 3 then, while `tf.keras.…` may still be the legacy Keras.",
    since="TensorFlow 2.16 and later",
    example=Example.of(
        """
        import os

        import tensorflow as tf

        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        from tensorflow.keras import layers

        model = tf.keras.Sequential([layers.Dense(3)])
        """,
        """
        import os

        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        import tensorflow as tf
        from tensorflow.keras import layers

        model = tf.keras.Sequential([layers.Dense(3)])
        """,
    ),
)


def late_legacy_switch(module: CheckedModule) -> Violations:
    """Find a switch that comes after TensorFlow's import, where something is imported from it."""
    if not mentions_switch(module.source.text):
        return
    late = module.switch.too_late
    if late is None or module.installed.env.legacy_env or not module.takes_keras_from_tensorflow:
        return
    if module.installed.engine("tensorflow.keras") != "keras":
        return  # TensorFlow before 2.16 does not know the variable
    message = (
        "TF_USE_LEGACY_KERAS is set after TensorFlow is imported, so that "
        "`from tensorflow.keras import …` is Keras 3; set it before the first import"
    )
    yield Violation(KI009, late, message)


RULE = Rule(late_legacy_switch, (KI009,))
