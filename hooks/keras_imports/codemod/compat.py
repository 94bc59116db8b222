"""Functions and arguments of TensorFlow 1 that TensorFlow 2 has below `compat.v1` alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from keras_imports.bindings import Reference, is_keras_path
from keras_imports.codemod.edits import Edit, Text

NAMES = Path(__file__).parents[1] / "data" / "tensorflow_1.txt"


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


def _is_gone(reference: Reference) -> bool:
    """Whether TensorFlow 2 has no such name, or module that it is in, or keyword any more."""
    path = reference.path.removeprefix("tensorflow.")
    parts = path.split(".")
    found = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    keywords = reference.call.keywords if reference.call else ()
    found.update(f"{path}({keyword.arg})" for keyword in keywords)
    return not found.isdisjoint(_gone())


@cache
def _gone() -> frozenset[str]:
    return frozenset(NAMES.read_text("utf-8").split())
