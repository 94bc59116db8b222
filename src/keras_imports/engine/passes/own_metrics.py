"""Report what Keras 3 gives to functions of a program's own, and wants to know of them.

    def r2(y_true, y_pred):                     targets are of shape (n,), predictions of (n, 1)
        return 1 - mean((y_true - y_pred) ** 2) / var(y_true)
    EarlyStopping(monitor="val_r2")             is greater better, or less?
    def loss(y_true, y_pred):                   targets are of the type of the predictions
        return tf.one_hot(y_true, 3) ...

The first is so of metrics where a model gives one number, and targets have one dimension.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.compiled import METRICS, compiled, functions_in
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods, passed
from keras_imports.python.arguments import constant
from keras_imports.python.tree import walk

_ONE_NUMBER = re.compile(
    r"\bDense\(\s*(?:units\s*=\s*)?1\s*[,)]|\bInput\(\s*(?:shape\s*=\s*)?\(1,\s*\)"
)
_RESHAPES = re.compile(
    r"\b\w*(?:reshape|flatten|ravel|squeeze|expand_dims|argmax|newaxis)\b|\[\s*[:.]"
)
_WATCHES = re.compile(r"\b(?:EarlyStopping|ModelCheckpoint|ReduceLROnPlateau)\s*\(")
_MONITORS = {"EarlyStopping": 0, "ReduceLROnPlateau": 0, "ModelCheckpoint": 1}
_ALIKE = "ops.cast(ops.reshape(y_true, ops.shape(y_pred)), y_pred.dtype)"
_SHAPELESS = re.compile(r"\.(?:py_function|py_func|numpy_function)$")
_INDEXES = re.compile(r"(?:one_hot|gather|sparse_softmax_cross_entropy_with_logits)$")


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding at such functions, and at callbacks that look at their results."""
    metrics: dict[ast.FunctionDef, None] = {}
    losses: dict[ast.FunctionDef, None] = {}
    for its in compiled(module):
        for name in METRICS:
            metrics.update(dict.fromkeys(functions_in(module, its.given.get(name))))
        losses.update(dict.fromkeys(functions_in(module, its.given.get("loss"))))
    if not module.is_surely_keras_3 and _ONE_NUMBER.search(module.text.text):
        for function in metrics:
            if _combines(module, function):
                message = (
                    f"{module.target} gives a metric the targets as they are: of shape (n,) and "
                    "any type beside predictions of (n, 1), with which they broadcast to (n, n)"
                )
                advice = f"begin with `y_true = {_ALIKE}`"
                yield module.differs(function, message, advice)
    for function in losses:
        yield from _indexes(module, function)
    for function in {**metrics, **losses}:
        yield from _shapeless(module, function)
    names = {function.name for function in metrics} | _names_of_classes(module)
    for node in module.tree.matching(_WATCHES):
        if isinstance(node, ast.Call):
            yield from _undirected(module, node, names)


def _combines(module: ModuleInMigration, function: ast.FunctionDef) -> bool:
    """Return whether a function computes with both of its arguments, in the form they have."""
    taken = [each.arg for each in function.args.args]
    if len(taken) != 2 or _RESHAPES.search(module.text.of(function)):
        return False
    used = {node.id for node in walk(function) if isinstance(node, ast.Name)}
    return used >= set(taken)


def _indexes(module: ModuleInMigration, function: ast.FunctionDef) -> Iterator[Fix]:
    """Yield a finding where a loss takes its targets for whole numbers, without a cast."""
    targets = [each.arg for each in function.args.args[:1]]
    for node in walk(function):
        if not isinstance(node, ast.Call) or not _INDEXES.search(ast.unparse(node.func)):
            continue
        if ".cast(" in ast.unparse(function):
            return
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        given = named.get("labels") or named.get("indices") or next(iter(node.args), None)
        if given is not None and any(getattr(n, "id", "") in targets for n in walk(given)):
            message = f"{module.target} casts the targets of a loss to the type of its predictions"
            yield module.unfixed(given, message, 'cast them back: `ops.cast(…, "int32")`')


def _shapeless(module: ModuleInMigration, function: ast.FunctionDef) -> Iterator[Fix]:
    """Yield a finding where a function returns what `tf.py_function` gives, as it is."""
    for node in walk(function):
        match node:
            case ast.Return(value=ast.Call(func=called) as value):
                known = module.reference_of.get(called)
                if known is not None and all(map(_SHAPELESS.search, known.paths)):
                    message = f"{module.target} needs the shape of what a metric or loss returns"
                    advice = "give it one: `tf.ensure_shape(…, [])` for one number"
                    yield module.unfixed(value, message, advice)


def _names_of_classes(module: ModuleInMigration) -> set[str]:
    """Return what metrics of the program's own are called by default."""
    names: set[str] = set()
    for kind in module.classes("Metric"):
        for method in methods(kind):
            if method.name == "__init__":
                named = zip(
                    reversed(method.args.args), reversed(method.args.defaults), strict=False
                )
                names.update(str(constant(value)) for arg, value in named if arg.arg == "name")
    return names


def _undirected(module: ModuleInMigration, call: ast.Call, names: set[str]) -> Iterator[Fix]:
    """Yield a finding for a callback that looks at one of some metrics, and says no `mode`."""
    leaf = module.symbol(call.func).partition("callbacks.")[2]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if leaf not in _MONITORS or None in given:
        return
    place = _MONITORS[leaf]
    monitor = passed(call, place, "monitor")
    watched = constant(monitor) if monitor is not None else None
    mode = given.get("mode")
    is_told = mode is not None and constant(mode) != "auto"
    is_kept = leaf != "ModelCheckpoint" or _is_true(given.get("save_best_only"))
    is_own = isinstance(watched, str) and watched.removeprefix("val_") in names
    if is_own and is_kept and not is_told and len(call.args) <= place + 1:
        message = f"{module.target} does not guess which way `{watched}` is better"
        yield module.unfixed(call, message, 'pass `mode="max"` or `mode="min"`')


def _is_true(node: ast.expr | None) -> bool:
    return node is not None and constant(node) is not False
