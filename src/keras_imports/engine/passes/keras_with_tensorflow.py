"""Report what of Keras needs TensorFlow, in code that is to run on other backends.

    layers.StringLookup(vocabulary=words)       an ImportError where TensorFlow is not installed

It may stay where it is, so nothing is edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keras_imports.engine.codes import NEEDS_TENSORFLOW, RUNS_WITH_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.backends import keras_ties


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is to run on other backends, and may use something of the kind."""
    names = (symbol.rpartition(".")[2] for symbol in keras_ties())
    return bool(module.target.backend) and any(name in module.text.text for name in names)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each call of it."""
    for reference in module.references:
        symbol = module.symbol(reference.node) if reference.call is not None else ""
        row = keras_ties().get(symbol)
        if row is not None:
            code = RUNS_WITH_TENSORFLOW if row.runs else NEEDS_TENSORFLOW
            message = f"`keras.{symbol}` needs TensorFlow"
            advice = row.advice(module.target.backend)
            found = module.unfixed(reference.node, message, advice, code.name)
            yield replace(found, severity=code.severity)
