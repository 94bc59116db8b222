"""What `bindings.resolve` tells of a module: its references to tracked packages, and its calls."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from keras_imports.python.definitions import Own
    from keras_imports.python.exports import Exports

Kind = Literal["import", "from", "star", "name", "attribute", "part"]
Part = Literal["body", "else", "handler", "other"]


@dataclass(frozen=True, eq=False, slots=True)
class Binding:
    """A local name that stands for `path` since `node`, an import statement or an assignment.

    The `node` of a parameter is its function.

    `symbolic` tells that the value describes a computation that runs later (see
    `tracking.Tracked`), such as a tensor of a functional model.
    `made` marks a function or class of the program's own: a call of it gives `path`.
    `origin` is the file of the program that it was imported from.
    `own` is what the program itself defines of it: a function or class, the class of an instance,
    or the parts of a tuple. If it is nothing tracked besides, its path begins with a colon.
    `is_part` tells that it is a class out of a list or dictionary, where its name stands.
    """

    path: str
    node: ast.stmt
    symbolic: bool = False
    made: bool = False
    origin: str | None = None
    own: Own | None = None
    is_part: bool = False

    @property
    def is_tracked(self) -> bool:
        """Whether a use of it is one of something tracked."""
        return not self.made and not self.path.startswith(":")


@dataclass(frozen=True, eq=False, slots=True)
class Arm:
    """One of the alternative parts of a `try`, `if` or `with` that a reference lies in.

    `part` is "handler" for an `except` that catches a failed import, "other" for any other one.
    `attempt` is true for a body whose failed import is caught.
    """

    node: ast.stmt
    part: Part
    attempt: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a reference stands."""

    function: bool = False  # runs later, or never
    typing: bool = False  # under `if TYPE_CHECKING`
    arms: tuple[Arm, ...] = ()  # outermost first


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """One use or import of a tracked name, with its exact place.

    `paths` are all the dotted paths (see `paths`) that it may stand for, in source order; there are
    several after `if`/`else` or `try`/`except`. `certain` is false when the name may also be
    something else altogether. `bindings` are, path by path, the imports and assignments of the
    local name that it starts with.
    `kind` is "import" (`import a.b`), "from" (`from a import b`), "star" (`from a import *`),
    "name" or "attribute", or "part" for a class out of a list or dictionary. For the first three,
    `node` is the `ast.alias` and `statement` the whole import; for the others, `node` is the
    expression, and `call` the call whose function it is.
    """

    paths: tuple[str, ...]
    kind: Kind
    node: ast.expr | ast.alias
    statement: ast.stmt
    context: Context
    call: ast.Call | None = None
    bindings: tuple[Binding, ...] = ()
    certain: bool = True

    @property
    def path(self) -> str:
        """The first of `paths`."""
        return self.paths[0]


@dataclass(frozen=True, slots=True)
class TrackedCall:
    """A call of something tracked, and what flows into it.

    `paths` are all the paths that what is called may stand for. `arguments` pairs each argument
    that stands for something tracked, or each such element of one that is a list, with its
    bindings. `origin` is the file of the program that what is called was imported from.
    """

    paths: tuple[str, ...]
    arguments: tuple[tuple[ast.expr, tuple[Binding, ...]], ...]
    call: ast.Call
    statement: ast.stmt
    context: Context
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """All that one module says about tracked packages.

    `exports` are its names, by name, and `given` is what it gives to functions and classes of other
    modules of its program; see `exports`.
    """

    references: tuple[Reference, ...] = ()
    calls: tuple[TrackedCall, ...] = ()
    exports: Exports = field(default_factory=dict)
    given: Mapping[str, Mapping[str, Exports]] = field(default_factory=dict)
