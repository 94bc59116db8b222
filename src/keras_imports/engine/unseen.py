"""Find uses of Keras whose names are only known when the program runs: nobody looked at them.

getattr(keras.layers, kind)         keras.losses.__dict__[name]
from lab.tools import *             of a module that is not there, beside `Dense(3)`
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from keras_imports import atlas
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import ROOTS, is_keras_path
from keras_imports.knowledge.origin import entry_of
from keras_imports.python.edits import Text
from keras_imports.python.paths import has_call, root
from keras_imports.python.references import Reference
from keras_imports.python.tree import Tree, walk

_WORDS = ("getattr", "__dict__", "vars")
_STAR = re.compile(r"\bimport\s*\*")


@dataclass(frozen=True)
class Unseen:
    """A use of a module of Keras by a name that is made when the program runs.

    Or a `*` that may bind a `name` of Keras; no `module` is known then.
    """

    line: int
    source: str
    module: str = ""
    name: str = ""


def unseen_in(
    text: Text, tree: Tree, references: tuple[Reference, ...], known: Mapping[str, Container[str]]
) -> Iterator[Unseen]:
    """Yield the uses of modules of some Keras that are not followed.

    `known` are the names of the modules of the program that were looked at, by their names in
    import statements.
    """
    yield from _stars(text, tree, references, known)
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


def _stars(
    text: Text, tree: Tree, references: tuple[Reference, ...], known: Mapping[str, Container[str]]
) -> Iterator[Unseen]:
    """Yield each `*` of a module that is not known, where nothing else binds a name of Keras."""
    stars = [node for node in tree.matching(_STAR) if _is_unknown(node, known)]
    if not stars:
        return
    tracked = {reference.node for reference in references}
    for node in walk(tree.module):
        if not isinstance(node, ast.Name) or node in tracked or not node.id[0].isupper():
            continue
        if tree.binders(node.id) or hasattr(builtins, node.id):
            continue
        if atlas.symbols(node.id) and not any(node.id in names for names in known.values()):
            for star in stars:
                yield Unseen(star.lineno, text.of(star), name=node.id)
            return


def _is_unknown(node: ast.AST, known: Mapping[str, Container[str]]) -> TypeGuard[ast.ImportFrom]:
    """Return whether a node imports all of a module that is neither Keras's nor the program's."""
    if not isinstance(node, ast.ImportFrom) or node.names[0].name != "*":
        return False
    module = "." * node.level + (node.module or "")
    return module not in known and root(module) not in ROOTS
