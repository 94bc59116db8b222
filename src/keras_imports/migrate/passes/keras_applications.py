"""Imports from `keras_applications`, which no Keras since 2.4 brings along."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.knowledge.rules import sections
from keras_imports.knowledge.target import Target
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit
from keras_imports.python.tree import Tree

_MODULE = "keras_applications.imagenet_utils"
_NAME = "_obtain_input_shape"


def helper_edits(tree: Tree, target: Target) -> Iterator[Edit | Unfixed]:
    """Import the one function that is needed without Keras's models from the target."""
    if _MODULE not in tree.text.text:
        return
    (rule,) = sections()["gone"][f"applications.imagenet_utils.{_NAME}"]
    paths = (f"{target.root}.{path}" for path in rule.to)
    path = next((path for path in paths if atlas.lookup(target.env, path)), None)
    for node in tree.blocks:
        if not isinstance(node, ast.ImportFrom) or node.module != _MODULE or path is None:
            continue
        if [alias.name for alias in node.names] == [_NAME]:
            module, _, name = path.rpartition(".")
            local = node.names[0].asname or _NAME
            span = tree.text.span(node)
            yield Edit(span.start, span.end, (f"from {module} import {name} as {local}",))
            place = tree.text.place(span.start)
            message = f"`{_MODULE}.{_NAME}` is `{path}` in {target}"
            yield Unfixed(*place, tree.text.of(node), message, rule.note)
