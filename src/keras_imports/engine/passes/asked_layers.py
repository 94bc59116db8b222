"""Report layers that are asked for by a number or name that Keras 2 gave them by itself.

    model.get_layer("input_1")          an input is called `input_layer` in Keras 3
    y = 2.0 * Dense(3)(x)               an operator is no layer in Keras 3
    model.layers[2]                     is the one after that, or none

A model that is loaded keeps its names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, old_to_keras_3
from keras_imports.engine.nodes import passed
from keras_imports.engine.symbolic import SymbolicTensors
from keras_imports.python.arguments import constant
from keras_imports.python.tree import walk

_ASKED = re.compile(r"""get_layer\s*\(\s*(?:name\s*=\s*)?["'](?:input|model)_\d+["']""")
_COUNTED = re.compile(r"\.\s*layers\s*\[\s*-?\d+\s*\]")
_MADE = re.compile(r"(?:input|model)_\d+")
_LOADS = re.compile(r"\b(?:load_model|model_from_\w+|clone_model)\b")


applies = old_to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such layer."""
    text = module.text.text
    if not _LOADS.search(text):
        for node in module.tree.matching(_ASKED):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_layer":
                yield from _asked(module, node)
    if _COUNTED.search(text) and _has_operator(module):
        for node in module.tree.matching(_COUNTED):
            match node:
                case ast.Subscript(value=ast.Attribute(attr="layers"), slice=index):
                    if type(constant(index)) is int:
                        message = (
                            f"an operator is no layer in {module.target}, so that others count"
                        )
                        yield module.differs(node, message, "ask for the layer by its name")


def _asked(module: ModuleInMigration, call: ast.Call) -> Iterator[Fix]:
    """Yield a finding for the name of a layer that the module does not name itself."""
    given = passed(call, 0, "name")
    name = constant(given) if given is not None else None
    if given is None or not isinstance(name, str) or not _MADE.fullmatch(name):
        return
    own = rf"""(?<!get_layer\()\bname\s*=\s*["']{name}["']"""
    if not re.search(own, module.text.text):
        message = f"no layer of {module.target} is called `{name}` by itself"
        advice = f'name the layer, `name="{name}"`, or ask for `input_layer` or `functional`'
        yield module.unfixed(given, message, advice)


def _has_operator(module: ModuleInMigration) -> bool:
    """Return whether tensors of a model are computed with by operators."""
    tensors = SymbolicTensors(module.tree, module.references)
    operators = [n for n in walk(module.tree.module) if isinstance(n, ast.BinOp)]
    return any(map(tensors.is_symbolic, operators))
