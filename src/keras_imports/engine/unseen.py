"""Find uses of Keras whose names are only known when the program runs: nobody looked at them.

getattr(keras.layers, kind)         keras.losses.__dict__[name]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports import atlas
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.origin import entry_of
from keras_imports.python.edits import Text
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference
from keras_imports.python.tree import Tree

_WORDS = ("getattr", "__dict__", "vars")


@dataclass(frozen=True)
class Unseen:
    """A use of a module of Keras by a name that is made when the program runs."""

    line: int
    source: str
    module: str


def unseen_in(text: Text, tree: Tree, references: tuple[Reference, ...]) -> Iterator[Unseen]:
    """Yield the uses of modules of some Keras that are not followed."""
    if not any(word in text.text for word in _WORDS):
        return
    for reference in references:
        path, use = reference.path, _use(tree, reference)
        if use is None or has_call(path) or not is_keras_path(path):
            continue
        module = path.removesuffix(".__dict__")
        flavour = flavour_of(module)
        entry = entry_of(flavour, atlas.releases(flavour)[-1], module)
        if entry is not None and entry.kind == "module":
            yield Unseen(use.lineno, text.of(use).partition("\n")[0], module)


def _use(tree: Tree, reference: Reference) -> ast.expr | None:
    """Return the expression that takes a name of a module by a string, if a reference is in one."""
    node = reference.node
    parent = tree.parent(node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        is_first = bool(parent.args) and parent.args[0] is node
        return parent if is_first and parent.func.id in ("getattr", "vars") else None
    is_dict = isinstance(node, ast.Attribute) and node.attr == "__dict__"
    return node if is_dict and isinstance(node, ast.expr) else None
