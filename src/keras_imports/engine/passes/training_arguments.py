"""Report the `training=` that Keras 3 overrides in what may be a functional model.

    x = Dropout(0.5)(x, training=True)      drops nothing in `predict`

Nothing is edited, since only a person knows what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.training import training_given
from keras_imports.python.paths import callee

_LAYER = re.compile(r"(?:layers|applications|models)\.|(?:Input|Model|Sequential)$")
_ADVICE = "set `trainable = False` on the layer to freeze it"


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such argument, but of code that is for Keras 3 for sure."""
    for given in training_given(module.calls, module.text.text):
        path = callee(given.call.paths[0])
        resolved = module.resolve(path) if is_keras_path(path) else None
        is_layer = resolved is not None and _LAYER.match(resolved.symbol)
        origin = module.origins.get(flavour_of(path))
        if is_layer and origin and not (origin.exact and origin.generation == "keras3"):
            message = (
                f"`training={given.value}` is overridden in a functional model of {module.target}: "
                "`fit` passes True, `predict` False"
            )
            yield module.differs(given.keyword, message, _ADVICE)
