"""Look for a weight in a list by what it is: weights are compared by their values now.

    for w in layer.trainable_weights:       for w in layer.trainable_weights:
        if w not in mine:                       if all(w is not each for each in mine):

The variables of TensorFlow 1 were equal only to themselves.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import last_name

_SURELY = re.compile(r"_?(?:non_)?trainable_(?:weights|variables)$")
_MAYBE = re.compile(r"_?(?:weights|variables|updates|losses)$")
_ASKED = re.compile(r"\bin\b")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to a Keras on TensorFlow 2, or on none."""
    return module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the comparisons of such loops' variables."""
    for node in module.tree.matching(_ASKED):
        match node:
            case ast.Compare(
                left=ast.Name(id=name), ops=[(ast.In() | ast.NotIn()) as asked], comparators=[kept]
            ) if _is_weight(module, node, name, kept):
                is_in = isinstance(asked, ast.In)
                words = f"any({name} is" if is_in else f"all({name} is not"
                each = "other" if name == "each" else "each"
                span = module.text.span(node)
                pieces = (f"{words} {each} for {each} in ", module.text.span(kept), ")")
                yield Edit(span.start, span.end, pieces)


def _is_weight(module: ModuleInMigration, node: ast.expr, name: str, kept: ast.expr) -> bool:
    """Return whether a name is the variable of a loop over the weights of something."""
    for above in module.tree.above(node):
        loops = [above] if isinstance(above, ast.For) else getattr(above, "generators", [])
        for loop in loops:
            if isinstance(loop.target, ast.Name) and loop.target.id == name:
                names = (last_name(loop.iter) or "", last_name(kept) or "")
                is_attribute = isinstance(loop.iter, ast.Attribute)
                return is_attribute and bool(
                    _SURELY.match(names[0]) or all(map(_MAYBE.match, names))
                )
    return False
