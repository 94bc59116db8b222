"""`Sequential([Dense(3, input_shape=(4,))])` with an `Input` instead, as Keras 3 has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.codemod.aim import Aim
from keras_imports.codemod.arguments import bind, rewrite
from keras_imports.codemod.edits import Edit, Span, Symbol
from keras_imports.codemod.plans import Call

_SHAPES = {"input_shape": "shape", "batch_input_shape": "batch_shape"}


def inputs_first(call: Call, aim: Aim) -> Iterator[Edit]:
    """The edits that turn the shape given to a model's first layer into an `Input`.

    Only where the layers stand in the call: elsewhere the layer keeps the argument, which works
    with a warning.
    """
    layers = _layers(call)
    first = layers.elts[0] if layers and layers.elts else None
    if aim.generation != "keras3" or layers is None or not isinstance(first, ast.Call):
        return
    if call.text.of(first.func).endswith("InputLayer"):
        return
    arguments = bind(call.text, first, ())
    for argument in arguments:
        if argument.written in _SHAPES and argument.span:
            before = Span(call.text.span(layers).start, call.text.span(first).start)
            newline, indent = call.text.text[before.start : before.end].rpartition("\n")[1:]
            shape = f"({_SHAPES[argument.written]}=", argument.span
            after = f"),{newline}{indent if newline else ' '}"
            pieces = (before, Symbol("Input"), *shape, after)
            yield Edit(before.start, before.end, pieces)
            rest = [other for other in arguments if other is not argument]
            yield from rewrite(call.text, first, arguments, rest, None)
            return


def _layers(call: Call) -> ast.List | None:
    """The literal list of a model's layers."""
    if call.symbol != "models.Sequential" or call.node is None:
        return None
    named = [keyword.value for keyword in call.node.keywords if keyword.arg == "layers"]
    found = [*call.node.args, *named][:1]
    return found[0] if found and isinstance(found[0], ast.List) else None
