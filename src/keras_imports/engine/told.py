"""What a module is told by the other files of its program: objects, metrics, names of files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from keras_imports.engine.planning.file_names import Texts, ending_of
from keras_imports.python.exports import Surroundings
from keras_imports.python.tree import Tree, walk

_NAMES_FILES = re.compile(r"\.(?:h5|hdf5|ckpt|json|keras|pb|pth|tf|weights)\b")


@dataclass(frozen=True, slots=True)
class Told(Surroundings):
    """What a module knows of the others.

    `metrics` are the names of those that models are compiled with there (see `metric_names`).
    `texts` are the names of files that they give to its functions and classes. `own_packages` are
    modules of the program itself that are called like a package which belongs to some Keras.
    """

    metrics: frozenset[str] = frozenset()
    texts: Texts = field(default_factory=dict)
    own_packages: frozenset[str] = frozenset()


def texts_in(tree: Tree, imports: Mapping[str, str]) -> Iterator[tuple[str, str, int | str, str]]:
    """Yield the names of files that a module gives to functions and classes of other files.

    That is the file, what takes the name, the place or name of its parameter, and how the name
    ends. `imports` are the files of the modules that it imports.
    """
    if not _NAMES_FILES.search(tree.text.text):
        return
    nodes = walk(tree.module)

    def around(node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, the module last."""
        yield from tree.above(node)
        yield tree.module

    names = {
        alias.asname or alias.name: (imports[module], alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        and (module := "." * node.level + (node.module or "")) in imports
        for alias in node.names
    }
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        file, taker = names.get(node.func.id, ("", ""))
        given: list[tuple[int | str | None, ast.expr]] = [*enumerate(node.args)]
        given += [(each.arg, each.value) for each in node.keywords]
        for place, value in given if file else ():
            end = ending_of(around, value)
            if place is not None and _NAMES_FILES.search(end):
                yield file, taker, place, end
