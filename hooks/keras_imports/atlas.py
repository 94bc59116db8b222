"""The atlas: where every Keras symbol lives in every release, read from `data/atlas.zip`.

Nothing is imported from Keras or TensorFlow: an *environment* is a set of releases, and every
question about it (does this path import, what is it, what may be passed to it) is answered from
the stored data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FLAVOURS = ("keras", "tensorflow.keras", "tf_keras", "keras_core")


class AtlasError(Exception):
    """The stored atlas is missing, damaged or of another format; the text is one clear line."""


@dataclass(frozen=True)
class Environment:
    """The releases that are installed together; `None` where a distribution is not.

    `legacy_env` is `TF_USE_LEGACY_KERAS=1`: `tensorflow.keras` is then `tf_keras`.
    """

    keras: str | None = None
    tensorflow: str | None = None
    tf_keras: str | None = None
    keras_core: str | None = None
    legacy_env: bool = False


@dataclass(frozen=True)
class Parameter:
    """One parameter of a signature; `default` is its source text, `None` if it must be given."""

    name: str
    default: str | None
    kind: str  # "positional", "keyword", "*" (the rest, by position), "**" (the rest, by name)


Signature = tuple[Parameter, ...]


@dataclass(frozen=True)
class Entry:
    """What a dotted path is in one environment."""

    path: str
    kind: str  # "module", "class", "function" or "other"
    symbol: str  # one identity across releases and flavours: "layers.BatchNormalization"
    object: str  # defining module and name: "keras.src.layers.core.dense.Dense"
    public: bool  # the path is one that people are meant to write
    symbol_public: bool  # the symbol has such a path in this environment
    importable: bool  # `import a.b` or `from a import b` works
    attribute: bool  # `a.b` works after `import a` alone
    signature: Signature | None
    note: str | None  # e.g. "raises when called"


@dataclass(frozen=True)
class Span:
    """A path of a symbol, and the releases (first and last, inclusive) in which it is valid."""

    path: str
    first: str
    last: str
    public: bool
    signature: Signature | None


def environment(installed: Iterable[str], legacy: bool = False) -> Environment:
    """The environment of requirements such as `keras==2.3.1`, `tensorflow==2.1.4`.

    A version stands for the atlas's nearest release of the same minor release. A Keras that
    TensorFlow itself requires is added as pip would. `ValueError`, in one line, if unknown.
    """
    raise AtlasError("the atlas is not there yet")


def releases(flavour: str) -> tuple[str, ...]:
    """All releases of a flavour in the atlas, oldest first (TensorFlow's for tensorflow.keras)."""
    raise AtlasError("the atlas is not there yet")


def covers(path: str) -> bool:
    """Whether the atlas can say anything about `path` (`tensorflow.nn.relu`: no)."""
    raise AtlasError("the atlas is not there yet")


def lookup(env: Environment, path: str) -> Entry | None:
    """What `path`, a dotted path as written in code, is in `env`; `None` if nothing is there."""
    raise AtlasError("the atlas is not there yet")


def names(env: Environment, module: str) -> tuple[str, ...]:
    """The names that `from module import *` binds in `env`."""
    raise AtlasError("the atlas is not there yet")


def public_path(env: Environment, flavour: str, symbol: str) -> str | None:
    """The path that a person should write for `symbol` in `flavour`, e.g. `keras.layers.Dense`."""
    raise AtlasError("the atlas is not there yet")


def history(symbol: str) -> dict[str, tuple[Span, ...]]:
    """For each flavour the paths of `symbol`, newest first, each with its releases."""
    raise AtlasError("the atlas is not there yet")


def symbols(name: str) -> tuple[str, ...]:
    """The symbols that `name` (a leaf, `layers.Dense`, `K.mean`, any historical path) may mean."""
    raise AtlasError("the atlas is not there yet")


def suggest(name: str) -> tuple[str, ...]:
    """Names that resemble an unknown one."""
    raise AtlasError("the atlas is not there yet")


def which_keras(env: Environment, root: str) -> str | None:
    """The package whose classes `root` hands out: "keras", "tf_keras", "tensorflow.python.keras"."""
    raise AtlasError("the atlas is not there yet")


def same_classes(env: Environment, root_a: str, root_b: str) -> bool:
    """Whether two roots (`keras`, `tensorflow.keras`, …) hand out the same class objects."""
    raise AtlasError("the atlas is not there yet")
