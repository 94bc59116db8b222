"""A call of some Keras, and how it is written in the target."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from keras_imports.atlas import Signature
from keras_imports.engine.findings import Finding
from keras_imports.engine.planning.file_names import Texts
from keras_imports.knowledge.methods import Method, kind_anywhere, method_of
from keras_imports.knowledge.origin import Origin
from keras_imports.python.edits import Edit, Text


def nowhere(node: ast.AST) -> None:
    """Return `None`: where the node that another one stands in is not known."""


@dataclass(frozen=True)
class Call:
    """A call, or a name without one, of some Keras.

    `path` is the dotted path that it resolves to, such as `keras.layers.Convolution2D`, `symbol`
    the atlas's identity (`layers.Conv2D`; "" where it has none), `signature` that of the source
    release. A method's path is `keras.models.Sequential().fit`, with `?` for an unknown receiver.
    `origin` is the release that the code was written for. `node` is the call, `function` what is
    called (for a bare name: that name, and no call); `above` finds the node that another one
    stands in, and `texts` are the names of files that other modules give to functions of this one.
    """

    text: Text
    function: ast.expr
    node: ast.Call | None
    path: str
    symbol: str
    signature: Signature | None
    origin: Origin
    above: Callable[[ast.AST], ast.AST | None] = nowhere
    texts: Texts = field(default_factory=dict)

    @cached_property
    def method(self) -> Method | None:
        """The method or attribute that the path names, `None` for anything else."""
        return method_of(self.path)

    @property
    def shown(self) -> str:
        """What is called, for people: `keras.layers.Dense`, `Sequential.fit`."""
        return self.method.shown if self.method else self.path

    @property
    def doubt(self) -> str:
        """What has to be so for Keras to be meant: ` if `net` is a Keras model`; "" if it is."""
        if self.method is None or self.method.owner is not None:
            return ""
        owner = self.text.of(self.function).rpartition(".")[0]
        its = f"`{owner}`" if re.fullmatch(r"[\w.]+", owner) else "it"
        return f" if {its} is a Keras {kind_anywhere(self.method.name)}"

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, innermost first, the module last; as far as is known."""
        above = self.above(node)
        while above is not None:
            yield above
            above = self.above(above)

    @property
    def parent(self) -> ast.AST | None:
        """The node that the call or name stands in, `None` where that is not known."""
        return self.above(self.node or self.function)

    @property
    def is_bare(self) -> bool:
        """Whether it is a name that is not called here."""
        return self.node is None


@dataclass(frozen=True)
class Plan:
    """How a call is written in the target.

    An edit of the function's own span names the new function. Without edits and without `left`
    the call stays as it is and only its name is moved, by its symbol.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[Finding, ...] = ()
