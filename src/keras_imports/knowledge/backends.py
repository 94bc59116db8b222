"""Know what TensorFlow alone has, and what to write without it.

The tables are `data/backends.yml`, and `data/keras_with_tensorflow.yml` for Keras's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from keras_imports.knowledge import tables

BACKENDS = ("any", "jax", "torch")
_TITLES = {"jax": "on JAX", "torch": "on torch"}
_OTHER_WAYS = re.compile(
    r"^(?:compat\.v[12]\.|_api\.v2\.|math\.|python\.(?:ops|framework)\.\w+\.)+"
)


@dataclass(frozen=True)
class Tie:
    """A row of the table, whose head describes it."""

    any: str = ""
    jax: str = ""
    torch: str = ""
    runs: bool = False
    sets: bool = False

    def advice(self, backend: str) -> str:
        """Return what to write on a backend, or on each of several if it is to be any."""
        if backend in _TITLES:
            return str(getattr(self, backend)) or self.any
        its = (
            f"{title} {text}" for name, title in _TITLES.items() if (text := getattr(self, name))
        )
        return self.any or "; ".join(its)


@cache
def ties() -> Mapping[str, Tie]:
    """Return what TensorFlow alone has, by name."""
    return {name: Tie(**row) for name, row in tables.read("backends.yml").items()}


@cache
def keras_ties() -> Mapping[str, Tie]:
    """Return what of Keras needs TensorFlow whatever computes, by the atlas's symbol."""
    rows = tables.read("keras_with_tensorflow.yml")
    return {symbol: Tie(**row) for symbol, row in rows.items()}


def tie(name: str) -> Tie:
    """Return the row for a name of TensorFlow, that of its module if it has none itself."""
    rows = ties()
    while name not in rows:
        name = name.rpartition(".")[0]
    return rows[name]


@cache
def plain_name(path: str) -> str:
    """Return a dotted path of TensorFlow by the name that the tables have: `reduce_sum`."""
    return _OTHER_WAYS.sub("", path.removeprefix("tensorflow").lstrip("."))
