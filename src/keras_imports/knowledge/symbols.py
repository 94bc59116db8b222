"""Know a symbol under the name that all releases share."""

from __future__ import annotations

from keras_imports import atlas

_HELPERS = ("keras_preprocessing.", "keras_applications.")


def shared_symbol(path: str, symbol: str) -> str:
    """Return the symbol under which the target may have what some releases name otherwise.

    Standalone Keras took much from helper packages, and TensorFlow 2 has some classes twice.
    """
    symbol = symbol.removeprefix("compat.v1.")
    if symbol.startswith(_HELPERS):
        return next(iter(atlas.symbols(atlas.split_flavour(path)[1])), symbol)
    return symbol
