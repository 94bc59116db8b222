"""KI104: find the `training=` that Keras 3 overrides in a functional model."""

from __future__ import annotations

import ast

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.knowledge.training import training_given

KI104 = Code(
    "KI104",
    "error",
    "training argument that fit and predict override",
    "In a functional model, Keras 3 replaces the value of `training` that a layer was called "
    "with by that of fit() (True) or predict() (False). A layer that is not to learn is "
    "frozen instead.",
    "differs",
    since="Keras 3",
    example=Example.of(
        """
        import keras

        inputs = keras.Input((4,))
        layer = keras.layers.BatchNormalization()
        model = keras.Model(inputs, layer(inputs, training=False))
        """,
        """
        import keras

        inputs = keras.Input((4,))
        layer = keras.layers.BatchNormalization(trainable=False)
        model = keras.Model(inputs, layer(inputs))
        """,
    ),
)


def overridden_training(module: CheckedModule) -> Violations:
    """Find `layer(x, training=…)` in a functional model of Keras 3."""
    for given in training_given(module.calls, module.source.text):
        part = module.installed.part(given.call.paths[0])
        if part is None or module.installed.generation(part.root) != "keras3":
            continue
        if given.is_thawed:
            message = (
                f"`training=False` of `{part.name}` holds only while it is frozen: once it is "
                "thawed, fit of Keras 3 passes True; keep its BatchNormalization frozen"
            )
            yield Violation(KI104, given.keyword, message, severity="warning")
            continue
        message = (
            f"`training={given.value}` of `{part.name}` in a functional model is overridden: "
            "Keras 3 passes True in fit and False in predict"
        )
        write, layer = None, given.call.call.func
        if not given.value and isinstance(layer, ast.Name):
            write = f"{layer.id}.trainable = False"
        yield Violation(KI104, given.keyword, message, write)


RULE = Rule(overridden_training, (KI104,))
