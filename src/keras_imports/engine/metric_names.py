"""Read off by which names Keras logs the metrics that models are compiled with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import value_of
from keras_imports.engine.nodes import passed
from keras_imports.python.expressions import last_name
from keras_imports.python.tree import Tree, walk

UNKNOWN = "?"  # stands for metrics that come from where nobody looked
COMPILES = re.compile(r"\.\s*compile\s*\(")
_PLACE = 2  # of the metrics among the arguments of `compile`


def metrics_in(tree: Tree) -> frozenset[str]:
    """Return the names of the metrics that a module compiles models with, maybe with `UNKNOWN`."""
    return frozenset(
        name
        for node in tree.matching(COMPILES)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "compile"
        if (given := passed(node, _PLACE, "metrics")) is not None
        for name in metric_names(tree, given)
    )


def metric_names(tree: Tree, given: ast.expr) -> Iterator[str]:
    """Yield the names of what `compile` is given as metrics."""
    match value_of(tree, given):
        case ast.Constant(value=value):
            yield from [value] if isinstance(value, str) else []
        case ast.List(elts=metrics) | ast.Tuple(elts=metrics) | ast.Set(elts=metrics):
            for metric in metrics:
                yield from _names_of(tree, metric)
        case ast.Dict(values=by_output):
            for its in by_output:
                yield from metric_names(tree, its)
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            yield from metric_names(tree, left)
            yield from metric_names(tree, right)
        case _:
            yield UNKNOWN


def _names_of(tree: Tree, metric: ast.expr) -> Iterator[str]:
    """Yield the names of one metric: its string, or what a function or object may be called."""
    value = value_of(tree, metric)
    if isinstance(value, (ast.List, ast.Tuple, ast.Dict)):
        yield from metric_names(tree, value)
        return
    yield from filter(None, [last_name(metric)])
    for each in walk(value):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
