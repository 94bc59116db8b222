"""What only old libraries had: functions of TensorFlow 1, and converters of Keras 1."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.tables import DIRECTORY
from keras_imports.migrate.placeholders import QualifiedName
from keras_imports.migrate.planning.call import Plan
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text
from keras_imports.python.references import Reference
from keras_imports.python.tree import Tree

_BACKEND = re.compile(r"(?:tensorflow\.)?keras\.backend\.(?:tensorflow_backend\.)?tf(?:\.|$)")
_CONVERTER = re.compile(r"keras\.legacy\.interfaces\.legacy_\w+_support$")
NAMES = DIRECTORY / "tensorflow_1.txt"


def compat_edits(text: Text, references: Iterable[Reference]) -> Iterator[Edit]:
    """`tf.to_float(x)` becomes `tf.compat.v1.to_float(x)`, which is the same function."""
    for reference in references:
        if reference.bindings[0].path != "tensorflow" or is_keras_path(reference.path):
            continue
        root = reference.node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and _is_gone(reference):
            end = text.span(root).end
            yield Edit(end, end, (".compat.v1",))


def without_converter(tree: Tree, path: str, node: ast.expr) -> Plan | None:
    """`@interfaces.legacy_dense_support`, which let a function take Keras 1's arguments, goes."""
    function = tree.parent(node)
    if not _CONVERTER.match(path) or node not in getattr(function, "decorator_list", ()):
        return None
    span = tree.text.span(node)
    start, end = tree.text.line_around(span)
    if tree.text.text[start : span.start].strip() != "@" or tree.text.text[span.end : end].strip():
        return None
    message = f"`{path}` is not needed any more"
    advice = "it converted the arguments of Keras 1: pass them by their new names"
    left = Unfixed(*tree.text.place(span.start), tree.text.of(node), message, advice)
    return Plan((Edit(start, end, ()),), (left,))


def through_backend(text: Text, path: str, node: ast.expr) -> Plan | None:
    """`K.tf.exp(x)`, TensorFlow as the backend of old imported it for itself, is `tf.exp(x)`."""
    found = _BACKEND.match(path)
    if found is None:
        return None
    name = path[found.end() :]
    for _ in range(name.count(".") + bool(name)):
        node = node.value if isinstance(node, ast.Attribute) else node
    span = text.span(node)
    compat = ".compat.v1" if _has_left(name) else ""
    return Plan((Edit(span.start, span.end, (QualifiedName("tensorflow"), compat)),))


def _is_gone(reference: Reference) -> bool:
    """Whether TensorFlow 2 has no such name, or no such keyword of it, any more."""
    path = reference.path.removeprefix("tensorflow.")
    keywords = reference.call.keywords if reference.call else ()
    return _has_left(path) or any(f"{path}({keyword.arg})" in _gone() for keyword in keywords)


def _has_left(path: str) -> bool:
    """Whether TensorFlow 2 has no such name, or module that it is in, any more."""
    parts = path.split(".")
    return any(".".join(parts[:end]) in _gone() for end in range(1, len(parts) + 1))


@cache
def _gone() -> frozenset[str]:
    return frozenset(NAMES.read_text("utf-8").split())
