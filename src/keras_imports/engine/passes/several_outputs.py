"""Say for each output of a model what Keras 2 took for all of them, or for those that are named.

    compile(metrics=["mae"])                        metrics=[["mae"], ["mae"]]
    compile(loss="mse", loss_weights=[1.0, 0.5])    loss=["mse", "mse"]
    compile(loss={"a": "mse"})                      named: `"b": None` is needed, too
    compile(metrics={"b": "mae", "a": "mae"})       named: `evaluate` gives that of "a" first

A model has several outputs if it is made with them, or if it is compiled with several losses.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator

from keras_imports.engine.compiled import METRICS, Compiled, compiled
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import passed
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import DISPLAYS, last_name
from keras_imports.python.tree import ASSIGNED

_FITS = re.compile(r"\.\s*(?:fit|evaluate)\s*\(")
_EVALUATES = re.compile(r"\.\s*evaluate\s*\(")
_NAMED = re.compile(r"""\bname\s*=\s*["'](\w+)["']""")
_SIMPLE = (ast.Constant, ast.Name, ast.Attribute)
_LONGEST = 40  # characters of a list that is written once more for each output
_EACH = "give each output its own: a list of lists, or a dictionary by the names of the outputs"


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what models are compiled with, and findings where they are not sure."""
    models = _Models(module)
    for its in compiled(module):
        outputs = models.outputs(its)
        for name in METRICS:
            if outputs > 1 and name in its.given:
                yield from _metrics(module, its.given[name], outputs)
        yield from _losses(module, its, outputs)
        if not module.is_surely_keras_3 and _is_unsorted(module, its.given.get("metrics")):
            yield from _results(module)
    yield from _sample_weights(module, models)


class _Models:
    """How the models of a module are made."""

    def __init__(self, module: ModuleInMigration) -> None:
        self.module = module
        self._assigned: dict[str, list[ast.expr]] = {}
        self._made: dict[str, list[ast.Call]] = {}  # by the functions that they are made in
        for reference in module.references:
            call = reference.call
            if call is not None and module.symbol(reference.node) == "models.Model":
                above = (n.name for n in module.tree.above(call) if isinstance(n, ast.FunctionDef))
                self._made.setdefault(next(above, ""), []).append(call)

    def outputs(self, its: Compiled) -> int:
        """Return how many outputs a model has that is compiled, 0 if that is not known."""
        known = [_size(its.given.get(name)) for name in ("loss", "loss_weights")]
        made = [_size(each) for each in self._given_outputs(its)]
        sizes = {size for size in (*known, *made) if size > 1}
        return max(sizes) if len(set(made)) < 2 and sizes else 0

    def have_lists(self) -> bool:
        """Return whether all that are compiled have their outputs in a list."""
        outputs = [each for its in compiled(self.module) for each in self._given_outputs(its)]
        return bool(outputs) and all(isinstance(each, DISPLAYS) for each in outputs)

    def _given_outputs(self, its: Compiled) -> Iterator[ast.expr]:
        """Yield the outputs that a model is made with: where it is assigned, or in its maker."""
        assigned = self._assigned_to(ast.unparse(its.model))
        before = bisect_left(assigned, _place(its.call), key=_place)
        last = assigned[before - 1 : before] if before else assigned
        values = [each for each in last if isinstance(each, ast.Call)]
        makers = {last_name(value.func) for value in values}
        models = [call for maker in makers if maker for call in self._made.get(maker, ())]
        models += [each for each in values if self.module.symbol(each.func) == "models.Model"]
        for call in models:
            outputs = passed(call, 1, "outputs", "output")
            if outputs is not None:
                yield self.module.value_of(outputs)

    def _assigned_to(self, name: str) -> list[ast.expr]:
        """Return what a name, or an attribute of `self`, is assigned in a module, in its order."""
        if name not in self._assigned:
            nodes = self.module.tree.naming(name.rpartition(".")[2], ASSIGNED)
            values = [
                node.value
                for node in nodes
                if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets)
            ]
            self._assigned[name] = sorted(values, key=_place)
        return self._assigned[name]


def _size(node: ast.expr | None) -> int:
    """Return how many elements a display has, 1 of anything else."""
    if isinstance(node, (*DISPLAYS, ast.Dict)):
        return len(node.keys) if isinstance(node, ast.Dict) else len(node.elts)
    return 1


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _metrics(module: ModuleInMigration, given: ast.expr, outputs: int) -> Iterator[Fix]:
    """Yield what becomes of metrics that are no list of lists, and no dictionary."""
    given = module.value_of(given)
    if not isinstance(given, DISPLAYS) or not given.elts:
        return
    if any(isinstance(each, (*DISPLAYS, ast.Dict, ast.Starred)) for each in given.elts):
        return
    is_for_each = len(given.elts) == outputs
    if is_for_each and module.is_surely_keras_3:
        return  # that is how one metric for each output is written there
    written = module.text.of(given)
    if all(isinstance(each, _SIMPLE) for each in given.elts) and len(written) <= _LONGEST:
        span = module.text.span(given)
        yield Edit(span.start, span.end, ("[", ", ".join([written] * outputs), "]"))
        return
    takes = "takes these for one output each" if is_for_each else "does not take these for all"
    yield module.unfixed(given, f"{module.target} {takes} of {outputs} outputs", _EACH)


def _losses(module: ModuleInMigration, its: Compiled, outputs: int) -> Iterator[Fix]:
    """Yield what becomes of a loss that is to be for several outputs, or for some of them."""
    loss, weights = its.given.get("loss"), its.given.get("loss_weights")
    if isinstance(loss, ast.Constant) and _size(weights) > 1:
        span, count = module.text.span(loss), _size(weights)
        if isinstance(weights, ast.Dict):
            keys = [key for key in weights.keys if key is not None]
            pairs = [f"{module.text.of(key)}: {module.text.of(loss)}" for key in keys]
            yield Edit(span.start, span.end, ("{", ", ".join(pairs), "}"))
        else:
            written = ", ".join([module.text.of(loss)] * count)
            yield Edit(span.start, span.end, (f"[{written}]",))
    elif isinstance(loss, ast.Dict) and None not in loss.keys and len(loss.keys) < outputs:
        message = f"{module.target} needs a loss for each output"
        advice = "give `None` for each output that has no loss, and targets for it"
        yield module.unfixed(loss, message, advice)


def _is_unsorted(module: ModuleInMigration, metrics: ast.expr | None) -> bool:
    """Return whether metrics are for outputs whose names are not in alphabetical order.

    It is the order in which the module names them, else that of the metrics.
    """
    keys = metrics.keys if isinstance(metrics, ast.Dict) else []
    names = [key.value for key in keys if isinstance(key, ast.Constant)]
    if len(names) < 2:
        return False
    given = [n for n in _NAMED.findall(module.text.text) if n in names]
    order = given if set(given) == set(names) else names
    return order != sorted(order, key=str)


def _results(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding where `evaluate` gives a list of such metrics."""
    for node in module.tree.matching(_EVALUATES):
        match node:
            case ast.Call(func=ast.Attribute(attr="evaluate"), keywords=keywords):
                if all(keyword.arg != "return_dict" for keyword in keywords):
                    message = f"`evaluate` of {module.target} sorts metrics by the outputs' names"
                    yield module.differs(node, message, "pass `return_dict=True`")


def _sample_weights(module: ModuleInMigration, models: _Models) -> Iterator[Fix]:
    """Yield a finding for sample weights by name beside targets, or outputs, in a list."""
    for node in module.tree.matching(_FITS):
        match node:
            case ast.Call(func=ast.Attribute(), keywords=keywords):
                targets = passed(node, 1, "y")
                given = (each.value for each in keywords if each.arg == "sample_weight")
                weights = next(given, None)
                if not isinstance(weights, ast.Dict):
                    continue
                are_named = isinstance(module.value_of(targets or weights), ast.Dict)
                if are_named and models.have_lists():
                    message = f"{module.target} takes no sample weights by name for listed outputs"
                    advice = "pass targets and weights as lists in the order of the outputs"
                    yield module.unfixed(weights, message, advice)
                elif isinstance(targets, DISPLAYS):
                    message = f"{module.target} takes sample weights in the form of the targets"
                    yield module.unfixed(weights, message, "pass a list, with one array an output")
