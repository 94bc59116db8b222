"""What a module is told by the other files of its program, of its objects and of what is logged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.python.exports import Surroundings

_COMPILES = re.compile(r"\.\s*compile\s*\(")


@dataclass(frozen=True, slots=True)
class Told(Surroundings):
    """What a module knows of the others; `metrics` are the strings that those compile models with.

    A string may be the name of a metric, or the one that an object is given.
    """

    metrics: frozenset[str] = frozenset()


def strings_in(node: ast.AST) -> Iterator[str]:
    """Yield the strings of an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def metrics_in(text: str, tree: ast.Module) -> frozenset[str]:
    """Return the strings among the metrics that a module compiles models with."""
    if not _COMPILES.search(text):
        return frozenset()
    return frozenset(
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "compile"
        for keyword in node.keywords
        if keyword.arg == "metrics"
        for name in strings_in(keyword.value)
    )
