"""Report arguments that the call of a layer does not take in Keras 3.

    RNN(cell)(x, constants=c)           nothing hands constants to the cell

The cell may be given them when it is made, or together with its inputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration

_RECURRENT = re.compile(r"\.layers\.(?:\w+\.)*(?:RNN|LSTM|GRU|SimpleRNN|Bidirectional)\(\)$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and such an argument may be passed."""
    return module.target.generation == "keras3" and "constants" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such argument."""
    for called in module.calls:
        for keyword in called.call.keywords:
            if keyword.arg == "constants" and all(map(_RECURRENT.search, called.paths)):
                message = f"recurrent layers take no `constants` in {module.target}"
                advice = "concatenate them to each step of the inputs, and split these in the cell"
                yield module.unfixed(keyword, message, advice)
