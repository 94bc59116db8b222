"""KI102: find the BatchNormalization of TensorFlow 1, which does not stop learning when frozen."""

from __future__ import annotations

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example

KI102 = Code(
    "KI102",
    "error",
    "BatchNormalization with the behaviour of TensorFlow 1",
    "With trainable=False this class keeps normalizing by batch statistics, where the public "
    "class switches to inference.",
    "differs",
    since="TensorFlow 2.0 to 2.15",
    example=Example.of(
        """
        import tensorflow as tf

        layer = tf.compat.v1.keras.layers.BatchNormalization()
        """,
        """
        import tensorflow as tf

        layer = tf.keras.layers.BatchNormalization()
        """,
        installed=("tensorflow==2.15.1",),
    ),
)


def tensorflow_1_normalization(module: CheckedModule) -> Violations:
    """Find calls of the V1 class of BatchNormalization where there is another one."""
    if (module.installed.env.tensorflow or "").startswith("1."):
        return
    for call in module.named_calls:
        is_v1 = call.entry.symbol.startswith("compat.v1.")
        if is_v1 and call.symbol.startswith("layers.BatchNormalization"):
            message = (
                f"`{call.path}` is the class of TensorFlow 1, which keeps using batch statistics "
                "when trainable=False"
            )
            public = call.counterpart("layers.BatchNormalization")
            yield Violation(KI102, call.node, message, public)


RULE = Rule(tensorflow_1_normalization, (KI102,))
