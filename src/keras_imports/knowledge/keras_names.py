"""Which dotted names are Keras's, and what to follow them through a module by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from keras_imports.flavours import PACKAGES
from keras_imports.python.paths import has_call
from keras_imports.python.tracking import StandIn, Tracked

ROOTS = frozenset(PACKAGES)

_KERAS_PATH = re.compile(
    rf"(?:{'|'.join(package for package, root in PACKAGES.items() if package == root)})\b"
    rf"|(?:{'|'.join(package for package, root in PACKAGES.items() if package != root)})"
    r"\.(?:\w+\.)*?(?:keras|layers)\b"
)


@lru_cache(maxsize=100_000)
def is_keras_path(path: str) -> bool:
    """Return whether a dotted path below one of `ROOTS` belongs to some Keras.

    `tensorflow.nn.relu` does not, `tensorflow.python.keras.layers` does, and so does
    `tensorflow.layers`, which is Keras by another name.
    """
    return _KERAS_PATH.match(path) is not None


def _is_input(path: str) -> bool:
    """Return whether a path is the function that functional models begin with."""
    return path.endswith(".Input")


# The attributes of models and layers that hold weights.
_ATTRIBUTES_OF_WEIGHTS = tuple(
    f"{which}{what}"
    for which in ("", "trainable_", "non_trainable_")
    for what in ("weights", "variables")
)

# The attributes of models that hold layers, and the methods that return one. A layer may hold
# layers, too: one of a model may be a model.
_ATTRIBUTES_OF_LAYERS = ("layers", "_layers")
_METHODS_GIVING_LAYERS = ("get_layer",)

_OBJECT = r"(?P<flavour>(?:\w+\.)*?\w*keras\w*)\.(?:\w+\.)*?"
_MODEL = (
    rf"{_OBJECT}(?:(?:models|applications)\.(?:\w+\.)*\w+|Model|Sequential|Functional|Container"
    r"|Network|layers\.Layer)\(\)"
)
_HOLDER = rf"{_OBJECT}(?:(?:layers|models|applications)\.(?:\w+\.)*\w+|Model|Sequential|Layer)\(\)"
_WEIGHTS = re.compile(rf"{_HOLDER}\.(?:{'|'.join(_ATTRIBUTES_OF_WEIGHTS)})")
_LAYERS = re.compile(rf"{_MODEL}\.(?:{'|'.join(_ATTRIBUTES_OF_LAYERS)})")
_GIVES_LAYER = re.compile(rf"{_MODEL}\.(?:{'|'.join(_METHODS_GIVING_LAYERS)})")


def _part_in(path: str) -> str | None:
    """Return the path of each object that the layers of a model are, or the weights of either."""
    if path.endswith(_ATTRIBUTES_OF_WEIGHTS):
        match = _WEIGHTS.fullmatch(path)
        return f"{match['flavour']}.Variable()" if match else None
    match = _LAYERS.fullmatch(path) if path.endswith(_ATTRIBUTES_OF_LAYERS) else None
    return f"{match['flavour']}.layers.Layer()" if match else None


def _layer_from(path: str) -> str | None:
    """Return the path of the object that a method of a model returns, if that is a layer."""
    match = _GIVES_LAYER.fullmatch(path) if path.endswith(_METHODS_GIVING_LAYERS) else None
    return f"{match['flavour']}.layers.Layer()" if match else None


def _is_class(path: str) -> bool:
    """Return whether a path of some Keras is that of a class, as far as its name tells."""
    name = path.rpartition(".")[2]
    return is_keras_path(path) and name[:1].isupper() and not has_call(path)


TRACKED = Tracked(
    roots=ROOTS,
    has_results=is_keras_path,
    gives_symbolic=_is_input,
    symbolic_attributes=frozenset({"input", "inputs", "output", "outputs"}),
    element=_part_in,
    made_by=_layer_from,
    is_class=_is_class,
)


@lru_cache(maxsize=64)
def tracked(star_names: Callable[[str], Iterable[str]], stand_in: str | None = None) -> Tracked:
    """Return what to track, with the names that `from module import *` binds.

    `stand_in` is a module of the project that hands out `keras`.
    """
    return replace(
        TRACKED,
        star_names=star_names,
        stand_in=None if stand_in is None else StandIn(stand_in, "keras"),
    )
