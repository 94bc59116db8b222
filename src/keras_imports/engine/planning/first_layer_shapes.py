"""Give a model's first layer its shape by an `Input` of its own, as Keras 3 has it.

    Sequential([Dense(3, input_shape=(4,))])    Sequential([Input(shape=(4,)), Dense(3)])

Another layer that is added keeps its `input_shape`, which works with a warning, and so does one of
code that is surely for Keras 3.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_imports.engine.nodes import passed
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.call import Call
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import bind, rewrite
from keras_imports.python.edits import Edit, Span
from keras_imports.python.tree import FUNCTIONS

_BATCHES = {"batch_input_shape": "batch_shape"}
_SHAPES = {"input_shape": "shape", **_BATCHES}


def inputs_first(call: Call, target: Target) -> Iterator[Edit]:
    """Yield the edits that turn the shape given to a model's first layer into an `Input`.

    Where the layers stand in the call; and where one with a fixed batch size, which layers do not
    take any more, is added by a statement. Another layer that is added keeps its `input_shape`,
    which works with a warning: nothing tells whether it is the first.
    """
    layers = _layers(call)
    if target.generation != "keras3":
        return
    if layers and layers.elts and isinstance(layers.elts[0], ast.Call):
        first = layers.elts[0]
        if not call.text.of(first.func).endswith("InputLayer"):
            before = Span(call.text.span(layers).start, call.text.span(first).start)
            newline, indent = call.text.text[before.start : before.end].rpartition("\n")[1:]
            separator = f",{newline}{indent if newline else ' '}"
            is_for_keras_3 = call.origin.exact and call.origin.generation == "keras3"
            shapes = _BATCHES if is_for_keras_3 else _SHAPES
            yield from _moved(call, first, before, separator, shapes=shapes)
    elif isinstance(call.function, ast.Attribute) and _is_added(call):
        added = call.node.args[0] if call.node and call.node.args else None
        receiver = call.text.span(call.function.value)
        line = call.text.line_before(receiver.start)
        name = call.text.text[receiver.start : receiver.end]
        if isinstance(added, ast.Call) and not line.strip() and "\n" not in name:
            yield from _moved(call, added, receiver, f")\n{line}{name}", ".add(", _BATCHES)


def _moved(
    call: Call,
    layer: ast.Call,
    before: Span,
    after: str,
    opening: str = "",
    shapes: Mapping[str, str] = _SHAPES,
) -> Iterator[Edit]:
    """Yield the edits that take out the shape, and put an `Input` between two pieces of text."""
    arguments = bind(call.text, layer, ())
    for argument in arguments:
        name = shapes.get(argument.written or "")
        if name and argument.span:
            shape = f"({name}=", argument.span, f"){after}"
            yield Edit(before.start, before.end, (before, opening, TargetName("Input"), *shape))
            rest = [other for other in arguments if other is not argument]
            yield from rewrite(call.text, layer, arguments, rest, None)
            return


def _layers(call: Call) -> ast.List | None:
    """Return the literal list of a model's layers."""
    if call.symbol != "models.Sequential" or call.node is None:
        return None
    layers = passed(call.node, 0, "layers")
    return layers if isinstance(layers, ast.List) else None


def _is_added(call: Call) -> bool:
    """Return whether a call is a statement that adds a layer to a model, and in no loop."""
    statement = call.parent
    if not call.path.endswith("Sequential().add") or not isinstance(statement, ast.Expr):
        return False
    for above in call.around(statement):
        if isinstance(above, (ast.For, ast.While, *FUNCTIONS)):
            return isinstance(above, FUNCTIONS)
    return True
