"""Find the `training=` that Keras 3 overrides in a functional model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_imports.python.arguments import constant
from keras_imports.python.paths import is_result, last_callee
from keras_imports.python.references import TrackedCall

# They do the same either way: TFSMLayer unless it is told of another function for training, the
# others unless they are quantized.
_UNCONCERNED = (".TFSMLayer", ".Dense", ".EinsumDense")
_COMPUTED = re.compile(r"\.(?:ops|activations|backend)\.\w+\(\)$")


@dataclass(frozen=True)
class Training:
    """A constant `training=` in the call of what may be a layer of a functional model.

    `is_thawed` tells of a layer that is frozen now, for which `False` is meant, but that the code
    unfreezes somewhere.
    """

    call: TrackedCall
    keyword: ast.keyword
    value: bool
    is_thawed: bool


def training_given(calls: Iterable[TrackedCall], text: str) -> Iterator[Training]:
    """Yield the constants that calls of a module, whose text is given, pass as `training`."""
    for call in calls:
        keyword = next((each for each in call.call.keywords if each.arg == "training"), None)
        if keyword is None or not call.call.args or not is_result(call.paths[0]):
            continue
        if last_callee(call.paths[0]).endswith(_UNCONCERNED):
            continue
        value = constant(keyword.value)
        if not isinstance(value, bool):
            continue
        layer = call.call.func
        trainable = set() if value else _trainable(text, layer)
        # Of a layer that stays frozen `training=False` is what happens anyway.
        if _is_functional(call) and trainable != {"False"}:
            yield Training(call, keyword, value, is_thawed="False" in trainable)


def _is_functional(call: TrackedCall) -> bool:
    """Return whether a layer call may build a functional model."""
    first = call.call.args[0]
    given = [each for node, bindings in call.arguments if node is first for each in bindings]
    if any(binding.symbolic for binding in given):
        return True
    # Who creates a layer only to call it, in a function, builds a functional model, unless what it
    # is called on was computed there, as in a function of a layer's `call`.
    is_computed = any(_COMPUTED.search(binding.path) for binding in given)
    return isinstance(call.call.func, ast.Call) and call.context.function and not is_computed


def _trainable(text: str, layer: ast.expr) -> set[str]:
    """Return all that a text assigns to `trainable` of a layer or model."""
    if not isinstance(layer, ast.Name):
        return set()
    return set(re.findall(rf"\b{re.escape(layer.id)}\.trainable\s*=\s*(\w+)", text))
