"""Find weights by their paths where code looks for more in a name than Keras 3 has there.

    if "dense_1/" in w.name             if "dense_1/" in w.path
    w.name.split("/")[0]                named: the path of `kernel` begins with the model

A weight of Keras 2 was called `dense/kernel:0`, one of Keras 3 is called `kernel`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, old_to_keras_3
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import last_name

_NAME = re.compile(r"\.Variable\(\)\.name(?:\.|$)")
# What weights of Keras's layers are called in both.
_OWN = re.compile(
    r"(?:kernel|bias|gamma|beta|moving_\w+|embeddings?|recurrent\w*|depthwise|pointwise)\w*"
)
_SHOWN = frozenset({"print", "debug", "info", "write", "format", "warning"})


applies = old_to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such tests, and findings for what else is done with a weight's name."""
    for reference in module.references:
        node = reference.node
        if isinstance(node, ast.Attribute) and all(map(_NAME.search, reference.paths)):
            while node.attr != "name" and isinstance(node.value, ast.Attribute):
                node = node.value  # `w.name` of `w.name.split`
            yield from _named(module, node)


def _named(module: ModuleInMigration, node: ast.Attribute) -> Iterator[Fix]:
    match module.tree.parent(node):
        case ast.Compare(left=ast.Constant(value=str(part)), ops=[ast.In() | ast.NotIn()]):
            if _OWN.fullmatch(part):
                return
            if ":" not in part:
                end = module.text.span(node).end
                yield Edit(end - len(node.attr), end, ("path",))
                return
    if not isinstance(node.ctx, ast.Load) or _is_shown(module, node):
        return
    message = (
        f"the `name` of a weight is `kernel` in {module.target}, where it was `dense/kernel:0`"
    )
    yield module.differs(node, message, "use its `path`, which is `model/dense/kernel`")


def _is_shown(module: ModuleInMigration, node: ast.AST) -> bool:
    """Return whether an expression is only shown to people."""
    for above in module.tree.above(node):
        if isinstance(above, ast.Call):
            return last_name(above.func) in _SHOWN
        if isinstance(above, ast.stmt):
            break
    return False
