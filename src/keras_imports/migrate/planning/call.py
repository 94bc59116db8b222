"""A call of some Keras, and how it is written in the target."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from keras_imports.atlas import Signature
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text


def nowhere(node: ast.AST) -> None:
    """The node that another one stands in, where that is not known."""


@dataclass(frozen=True)
class Call:
    """A call, or a name without one, of some Keras.

    `path` is the dotted path that it resolves to, such as `keras.layers.Convolution2D`, `symbol`
    the atlas's identity (`layers.Conv2D`; "" where it has none), `signature` that of the source
    release. A method's path is `keras.models.Sequential().fit`, with `?` for an unknown receiver.
    `generation` is the source's: keras1, standalone (2.0 to 2.3), keras2, keras3. `release` is the
    source release, `exact` whether it was declared and not only found to fit. `node` is the call,
    `function` what is called (for a bare name: that name, and no call); `above` finds the node
    that another one stands in.
    """

    text: Text
    function: ast.expr
    node: ast.Call | None
    path: str
    symbol: str
    signature: Signature | None
    generation: str
    release: str
    exact: bool
    above: Callable[[ast.AST], ast.AST | None] = nowhere

    @property
    def shown(self) -> str:
        """The path for people: `.fit` where nothing tells of what."""
        return self.path.removeprefix("?")

    @property
    def parent(self) -> ast.AST | None:
        """The node that the call or name stands in, `None` where that is not known."""
        return self.above(self.node or self.function)


@dataclass(frozen=True)
class Plan:
    """How a call is written in the target.

    An edit of the function's own span names the new function. Without edits and without `left`
    the call stays as it is and only its name is moved, by its symbol.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[Unfixed, ...] = ()
