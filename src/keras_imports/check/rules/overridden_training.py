"""KI104: find the `training=` that Keras 3 overrides in a functional model.

What it finds, and what to write instead:

    x = layer(x, training=False)

    layer.trainable = False
    x = layer(x)
"""

from __future__ import annotations

import ast

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code
from keras_imports.knowledge.training import training_given

KI104 = Code(
    "KI104",
    "error",
    "training argument that fit and predict override",
    "In a functional model Keras 3 replaces the value given at construction by that of fit() "
    "(True) or predict() (False).",
    "differs",
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
