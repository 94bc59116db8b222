"""Report what `train_step` returns, and `fit` of Keras 3 replaces by a metric that nobody updates.

    def train_step(self, data):
        ...
        return {"loss": loss}               the log says 0

A model of Keras 3 has a metric called `loss`. Where the keys are those of its metrics, their
results are logged in place of what is returned.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods, own_nodes

_STEPS = frozenset({"train_step", "test_step"})
# How code updates a metric of that name: its own, or that of Keras.
_UPDATED = re.compile(r"""_loss_tracker\b|name\s*==?\s*["']loss["']""")
_ADVICE = (
    'keep a `keras.metrics.Mean(name="loss")` in the model, update it with the loss, and return '
    "its `result()`"
)


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and a step may return a loss of its own."""
    text = module.text.text
    is_step = any(f"def {name}" in text for name in _STEPS)
    return is_step and module.target.generation == "keras3" and not _UPDATED.search(text)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding at each such `return`."""
    for model in module.classes("Model"):
        own = [*methods(model)]
        if any(method.name == "metrics" for method in own):
            continue
        for step in (method for method in own if method.name in _STEPS):
            for node in own_nodes(step):
                value = node.value if isinstance(node, ast.Return) else None
                if value is not None and _has_keys_of_metrics(value):
                    message = (
                        f"{module.target} logs its own metric `loss` in place of this one, and "
                        "nothing updates that with the loss, which `fit` shows wrong"
                    )
                    yield module.differs(value, message, _ADVICE)


def _has_keys_of_metrics(node: ast.expr) -> bool:
    """Return whether a dictionary has the names of a model's metrics alone as its keys."""
    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return bool(keys) and all(
                _is_of_metrics(value) if key is None else _is_loss(key) for key, value in pairs
            )
    return _is_of_metrics(node)


def _is_loss(key: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and key.value == "loss"


def _is_of_metrics(node: ast.expr) -> bool:
    """Return whether an expression is `{m.name: m.result() for m in self.metrics}`."""
    match node:
        case ast.DictComp(generators=[ast.comprehension(iter=ast.Attribute(attr="metrics"))]):
            return True
    return False
