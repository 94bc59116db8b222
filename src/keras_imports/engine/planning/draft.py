"""What has become of a call after some of the rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.engine.codes import BY_HAND
from keras_imports.engine.findings import Code
from keras_imports.engine.planning.call import Call
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import Argument
from keras_imports.python.edits import Edit


@lru_cache(maxsize=1 << 12)
def entry_in(target: Target, path: str) -> Entry | None:
    """Return what a path is in the target; `None` for modules, and for what is there to raise."""
    entry = atlas.lookup(target.env, f"{target.flavour}.{path}")
    return entry if entry and entry.kind != "module" and not entry.note else None


@dataclass(frozen=True)
class Remark:
    """Something to look at: where, what to do, what is wrong ("" for the usual words), its kind."""

    node: ast.AST
    advice: str
    message: str = ""
    code: Code = BY_HAND


@dataclass(frozen=True)
class Draft:
    """A call on its way to the target; rules and fixers return the next draft.

    `symbol` is what rules are found by now, `path` where a rule put it ("" where its name is moved
    by the atlas). `written` are the arguments in the text, `arguments` those to write, `defaults`
    those that are not passed, as if they were. `positions` are the parameters that the target's
    method takes by position, `None` where that is not known. `edits` are those of code around the
    call.
    """

    call: Call
    target: Target
    symbol: str
    path: str = ""
    written: tuple[Argument, ...] = ()
    arguments: tuple[Argument, ...] = ()
    defaults: tuple[Argument, ...] = ()
    positions: tuple[str, ...] | None = None
    remarks: tuple[Remark, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def counterpart(self) -> str | None:
        """The path that the symbol has in the target, `None` without one."""
        path = self.path or self.target.path(self.symbol)
        return path if path and entry_in(self.target, path) else None

    @property
    def entry(self) -> Entry | None:
        """What the symbol is in the target, `None` if it is not there, and for methods."""
        path = None if self.call.method else self.counterpart
        return entry_in(self.target, path) if path else None

    @property
    def given(self) -> dict[str, Argument]:
        """The arguments that are passed, by their names."""
        return {argument.name: argument for argument in self.arguments}

    @property
    def shown(self) -> str:
        """What is called in the target, for people: `keras.layers.Dense`, `fit`."""
        method, path = self.call.method, self.counterpart
        if method:
            return replace(method, name=self.path or method.name).shown
        return f"{self.target.root}.{path}" if path else self.call.shown

    def has_parameter(self, name: str) -> bool:
        """Return whether the target's signature has a parameter of this name."""
        return name in {p.name for p in (self.entry and self.entry.signature) or ()}

    @property
    def is_doubtful(self) -> bool:
        """Whether the code is for Keras 3 as far as one sees, but may be for an older Keras."""
        origin = self.call.origin
        is_new = origin.generation == "keras3" and self.call.path.startswith("keras.")
        return is_new and not origin.exact

    def remarked(
        self,
        advice: str,
        message: str = "",
        node: ast.AST | None = None,
        code: Code = BY_HAND,
    ) -> Draft:
        """Return the draft with a remark, on the function unless another node is named."""
        remark = Remark(node or self.call.function, advice, message, code)
        return replace(self, remarks=(*self.remarks, remark))

    def mentions(self, pattern: str) -> bool:
        """Return whether the call's module has text that matches a regular expression."""
        return self.call.text.has(pattern)
