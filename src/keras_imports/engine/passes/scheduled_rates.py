"""Let the function of a `LearningRateScheduler` return the float that Keras 3 asks for.

    return lr * tf.math.exp(-0.1)           return float(lr * tf.math.exp(-0.1))

Keras 2 takes a tensor, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import own_nodes, passed
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.edits import Edit

_SCHEDULER = "LearningRateScheduler"


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the code has such a callback."""
    return to_keras_3(module) and _SCHEDULER in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of what the functions return, and findings for schedules of optimizers."""
    for reference in module.references:
        if reference.call is None or not reference.path.endswith(f".{_SCHEDULER}"):
            continue
        schedule = passed(reference.call, 0, "schedule")
        if schedule is None:
            continue
        known = module.reference_of.get(schedule)
        if known is not None and all("schedules." in path for path in known.paths):
            message = f"a schedule of an optimizer gives a tensor, {module.target} asks for a float"
            advice = "pass `lambda epoch: float(schedule(epoch))`"
            yield module.unfixed(schedule, message, advice)
        for returned in _returned(module, schedule):
            if _is_tensor(module, returned):
                span = module.text.span(returned)
                yield Edit(span.start, span.end, ("float(", span, ")"))


def _returned(module: ModuleInMigration, schedule: ast.expr) -> Iterator[ast.expr]:
    """Yield what a function returns that is written at a place, or has the name there."""
    if isinstance(schedule, ast.Lambda):
        yield schedule.body
    name = schedule.id if isinstance(schedule, ast.Name) else getattr(schedule, "attr", "")
    for function in module.tree.binders(name) if name else ():
        if isinstance(function, ast.FunctionDef):
            for node in own_nodes(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield node.value


def _is_tensor(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether a number is computed by a function of TensorFlow or of Keras."""
    if isinstance(node, ast.BinOp):
        return _is_tensor(module, node.left) or _is_tensor(module, node.right)
    if isinstance(node, ast.IfExp):
        return _is_tensor(module, node.body) or _is_tensor(module, node.orelse)
    if not isinstance(node, ast.Call):
        return False
    known = module.reference_of.get(node.func)
    return known is not None and all(map(_computes, known.paths))


def _computes(path: str) -> bool:
    """Return whether a path is that of a function that gives a tensor."""
    if not is_keras_path(path):
        return path.startswith("tensorflow.")
    return ".backend." in path or ".ops." in path or ".schedules." in path
