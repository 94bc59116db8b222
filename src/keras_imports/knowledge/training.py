"""Find the `training=` that Keras 3 overrides in a functional model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_imports.python.arguments import constant
from keras_imports.python.paths import is_result
from keras_imports.python.references import TrackedCall


@dataclass(frozen=True)
class Training:
    """A `training=` that is given to a layer of a functional model, where Keras 3 overrides it."""

    passed: TrackedCall
    keyword: ast.keyword
    value: bool
    is_thawed: bool  # a layer that is frozen, for which False is meant, but not for ever


def training_given(calls: Iterable[TrackedCall], text: str) -> Iterator[Training]:
    """Where calls of a module give `training=` to what may be a layer of a functional model."""
    for passed in calls:
        keyword = next((k for k in passed.call.keywords if k.arg == "training"), None)
        if keyword is None or not passed.call.args or not is_result(passed.paths[0]):
            continue
        value = constant(keyword.value)
        if not isinstance(value, bool):
            continue
        layer = passed.call.func
        # Who creates a layer only to call it, in a function, builds a functional model.
        inline = isinstance(layer, ast.Call) and passed.context.function
        first = passed.call.args[0]
        symbolic = any(
            b.symbolic for node, known in passed.arguments if node is first for b in known
        )
        frozen = _trainable(text, layer) if not value else set()
        # Of one that stays frozen `training=False` is what happens anyway.
        if (symbolic or inline) and frozen != {"False"}:
            yield Training(passed, keyword, value, "False" in frozen)


def _trainable(text: str, layer: ast.expr) -> set[str]:
    """All that a text assigns to `trainable` of a layer or model."""
    if not isinstance(layer, ast.Name):
        return set()
    return set(re.findall(rf"\b{re.escape(layer.id)}\.trainable\s*=\s*(\w+)", text))
