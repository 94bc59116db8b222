"""Report that eager execution is switched off, without which Keras 3 trains nothing on TensorFlow.

    tf.compat.v1.disable_eager_execution()
    tf.compat.v1.disable_v2_behavior()

Models are still built; `fit`, `evaluate` and `predict` raise a RuntimeError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration

_SWITCHES_OFF = re.compile(r"tensorflow\.(?:\w+\.)*disable_(?:eager_execution|v2_behavior)$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether a module that uses Keras goes to Keras 3."""
    return module.target.generation == "keras3" and bool(module.origins)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such call."""
    for reference in module.references:
        if module.is_in_settings(reference.node):
            continue
        if reference.call and _SWITCHES_OFF.match(reference.path):
            message = f"without eager execution, `fit` and `predict` of {module.target} raise"
            advice = "remove it, and use no sessions and placeholders beside Keras"
            yield module.unfixed(reference.call, message, advice)
