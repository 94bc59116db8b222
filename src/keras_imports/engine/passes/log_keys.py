"""Read what Keras logs by the keys that the target has for it.

    history.history["lr"]               history.history["learning_rate"]        in Keras 3
    EarlyStopping(monitor="val_acc")    EarlyStopping(monitor="val_accuracy")   since Keras 2.3

The first is logged by callbacks that change the learning rate; of code that logs it by itself it
stays. The second is so where models are compiled with the metric "accuracy", and not with "acc", be
it in another file of the program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import class_around
from keras_imports.engine.metric_names import UNKNOWN, metrics_in
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit
from keras_imports.versions import version_key

_KEYS = re.compile(r"""\{(?:val_)?(?:\w+_)?acc\b|["'](?:lr|(?:\w+_)?acc)["']""")
_ACCURACY = re.compile(r"(?:val_)?(?:\w+_)?acc")
_IN_FORMAT = re.compile(r"(?<=\{)((?:val_)?(?:\w+_)?)acc(?=[:}!])")
_LOGS = re.compile(r"(?i)(?:hist\w{0,100}|(?:^|[._])logs?)$")
_SETS_RATE = re.compile(r"\b(?:ReduceLROnPlateau|LearningRateScheduler)\b")
_WRITES_RATE = re.compile(r"""\blogs\s*\[\s*["']lr["']\s*\]\s*=[^=]|["']lr["']\s*:""")
_HISTORY = re.compile(r"\(\)\.fit(?:_generator)?\(\)\.history$")
_NAMES = frozenset({"accuracy", "acc"})
_OTHERS = frozenset({"acc", UNKNOWN})
_SINCE_ACCURACY = (2, 3)


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is a Keras of TensorFlow 2, and such a key is written."""
    return module.target.has_tensorflow_2 and _KEYS.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the strings, or a finding where nothing tells how a metric is called."""
    metrics = metrics_in(module.tree)
    is_told = not metrics & _NAMES and bool(module.told.metrics & _NAMES)
    metrics |= module.told.metrics if is_told else frozenset()
    is_accuracy = "accuracy" in metrics and not metrics & _OTHERS and _has_accuracy(module)
    is_unknown = (UNKNOWN in metrics or not metrics & _NAMES) and _is_older(module)
    is_rate = _logs_rate(module)
    for node in module.tree.matching(_KEYS):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        is_key = _is_key(module, node)
        is_formatted = _IN_FORMAT.search(node.value) is not None
        if is_rate and node.value == "lr" and is_key:
            yield _written(module, node, "lr", "learning_rate")
            continue
        if not (is_formatted or (is_key and _ACCURACY.fullmatch(node.value))):
            continue
        if is_told and not _is_of_keras(module, node):
            continue
        if is_accuracy and is_formatted:
            span = module.text.span(node)
            new = _IN_FORMAT.sub(r"\1accuracy", module.text.of(node))
            yield Edit(span.start, span.end, (new,))
        elif is_accuracy:
            yield _written(module, node, "acc", "accuracy")
        elif is_unknown:
            message = f"{module.target} logs a metric by the name that `compile` was given"
            yield module.differs(node, message, 'write `accuracy` if that is not "acc"')


def _logs_rate(module: ModuleInMigration) -> bool:
    """Return whether Keras logs the learning rate of a module, by another key than before."""
    text = module.text.text
    is_set = module.target.generation == "keras3" and _SETS_RATE.search(text) is not None
    return is_set and not _WRITES_RATE.search(text)


def _is_older(module: ModuleInMigration) -> bool:
    """Return whether the code was written for a Keras that logged the metric as `acc`."""
    generations = {origin.generation for origin in module.origins.values()}
    return bool(generations & {"keras1", "standalone"}) and _has_accuracy(module)


def _has_accuracy(module: ModuleInMigration) -> bool:
    """Return whether the target logs that metric by its name."""
    target = module.target
    is_older = target.flavour == "keras" and version_key(target.release) < _SINCE_ACCURACY
    return not is_older


def _is_key(module: ModuleInMigration, node: ast.Constant) -> bool:
    """Return whether a string is a key of what Keras logs, or what a callback is to look at."""
    parent = module.tree.parent(node)
    match parent:
        case ast.Subscript(value=logs) | ast.Compare(left=ast.Constant(), comparators=[logs]):
            return _LOGS.search(module.text.of(logs)) is not None
        case ast.Call(func=ast.Attribute(value=logs, attr="get"), args=[first, *_]):
            return first is node and _LOGS.search(module.text.of(logs)) is not None
        case ast.keyword(arg="monitor"):
            return True
        case ast.Call(func=function):
            return node in parent.args and module.symbol(function).startswith("callbacks.")
    return False


def _is_of_keras(module: ModuleInMigration, node: ast.Constant) -> bool:
    """Return whether what a string is a key of is surely what Keras logs."""
    match module.tree.parent(node):
        case ast.Subscript(value=logs) | ast.Call(func=ast.Attribute(value=logs, attr="get")):
            known = module.reference_of.get(logs)
            is_history = known is not None and all(map(_HISTORY.search, known.paths))
            return is_history or class_around(module.tree, node) in module.keras_classes
        case ast.Compare():
            return False
    return True


def _written(module: ModuleInMigration, node: ast.Constant, old: str, new: str) -> Edit:
    """Return the edit that ends a string otherwise."""
    span = module.text.span(node)
    written = module.text.of(node)
    at = written.rindex(old)
    return Edit(span.start, span.end, (written[:at] + new + written[at + len(old) :],))
