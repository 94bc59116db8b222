"""Do without the methods of TensorFlow's tensors, in code that is to run on other backends.

    loss.numpy()                keras.ops.convert_to_numpy(loss)
    x.set_shape((None, 3))

No array of JAX has the first one; nothing but TensorFlow has the second, which computes nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.placeholders import TargetName
from keras_imports.python.edits import Edit

_METHODS = re.compile(r"\.(?:numpy\(\)|set_shape\()")
_NUMPY = Wrong.of(NEEDS_TENSORFLOW, "arrays of JAX have no `numpy`")
_SET_SHAPE = Wrong.of(NEEDS_TENSORFLOW, "only tensors of TensorFlow have `set_shape`")
_TORCH = re.compile(r"^\s*(?:import|from)\s+torch\b", re.MULTILINE)


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code uses Keras and is to run on other backends, and mentions no torch."""
    is_about_keras = bool(module.target.backend) and bool(module.bound_names.all())
    return is_about_keras and not _TORCH.search(module.text.text)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the calls of such methods."""
    for node in module.tree.matching(_METHODS):
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or not isinstance(function, ast.Attribute):
            continue
        span, inner = module.text.span(node), module.text.span(function.value)
        statement = module.tree.parent(node)
        if function.attr == "numpy" and not node.args and not node.keywords:
            new = (TargetName("ops.convert_to_numpy"), "(", inner, ")")
            edit = Edit(span.start, span.end, new)
            yield Change(span, inner.end, (edit,), lambda: _NUMPY, is_path=False)
        elif function.attr == "set_shape" and isinstance(statement, ast.Expr):
            edit = _removal(module, statement)
            yield Change(span, inner.end, (edit,), lambda: _SET_SHAPE, is_path=False)


def _removal(module: ModuleInMigration, node: ast.stmt) -> Edit:
    """Return the edit that takes a statement out, or makes `pass` of one that is needed."""
    span, text = module.text.span(node), module.text.text
    start, end = module.text.line_around(span)
    block = module.tree.blocks[node][1]
    is_alone = text[start:end].strip() == text[span.start : span.end]
    return (
        Edit(start, end, ())
        if is_alone and len(block) > 1
        else Edit(span.start, span.end, ("pass",))
    )
