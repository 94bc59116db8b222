"""Let a layer tell all of its outputs where its base of Keras 3 tells that there is one.

    class Reusable(Embedding):
        def call(self, inputs):
            return [super().call(inputs), self.embeddings]

        def compute_output_spec(self, *args, **kwargs):                             is added
            return Operation.compute_output_spec(self, *args, **kwargs)

That of `Operation` runs `call`, that of `Layer` asks the `compute_output_shape` of the class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods_by_name, own_nodes
from keras_imports.engine.placeholders import TargetName
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import DISPLAYS

_SPEC, _SHAPE = "compute_output_spec", "compute_output_shape"
_OF_ALL_LAYERS = ("layers.Layer", "Operation")
_SEVERAL = re.compile(r"Attention|Bidirectional|GRU|LSTM|RNN")  # these may have several outputs


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits that add the method."""
    for layer, path in module.keras_classes.items():
        named = methods_by_name(layer)
        call = named.get("call")
        if call is None or _SPEC in named or not _returns_several(call):
            continue
        told = _told_by_base(module, path)
        if _SHAPE not in named and told:
            yield _added(module, layer, call, "Operation")
        elif _SPEC in told:
            yield _added(module, layer, call, "layers.Layer")


def _returns_several(call: Definition) -> bool:
    """Return whether a method returns a list or tuple of several values."""
    values = [node.value for node in own_nodes(call) if isinstance(node, ast.Return)]
    return any(isinstance(value, DISPLAYS) and len(value.elts) > 1 for value in values)


def _told_by_base(module: ModuleInMigration, path: str) -> list[str]:
    """Return which of both methods a layer of the target defines itself, for its one output."""
    resolved, target = module.resolve(path), module.target
    below = target.path(resolved.symbol) if resolved and not resolved.rest else None
    if resolved is None or below is None or not resolved.symbol.startswith("layers."):
        return []
    if _SEVERAL.search(resolved.symbol):
        return []
    found = [atlas.member(target.env, f"{target.flavour}.{below}", n) for n in (_SPEC, _SHAPE)]
    return [m.name for m in found if m and m.owner and m.owner not in _OF_ALL_LAYERS]


def _added(module: ModuleInMigration, layer: ast.ClassDef, call: Definition, owner: str) -> Edit:
    """Return the edit that adds the method below `call`."""
    text = module.text
    outside = text.indent(text.span(layer).start)
    indent = text.indent(text.span(call).start)
    deeper = indent + indent.removeprefix(outside)
    end = text.span(call).end
    pieces = (
        f"\n\n{indent}def {_SPEC}(self, *args, **kwargs):\n{deeper}return ",
        TargetName(owner),
        f".{_SPEC}(self, *args, **kwargs)",
    )
    return Edit(end, end, pieces)
