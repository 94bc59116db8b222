"""Write attributes of optimizers as the target has them where a string names them.

    hasattr(model.optimizer, "lr")      hasattr(model.optimizer, "learning_rate")

An object counts as an optimizer if it is called `optimizer` or `opt`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.python.edits import Edit

_CALL = re.compile(r"\b(?:has|get|set|del)attr\s*\(")
_OPTIMIZER = re.compile(r"(?i)(?:^|[._])(?:optimizer|optim|opt)$")
_NAMES = {"lr": "learning_rate"}


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the strings."""
    for node in module.tree.matching(_CALL):
        match node:
            case ast.Call(
                func=ast.Name(id="hasattr" | "getattr" | "setattr" | "delattr"),
                args=[owner, ast.Constant(value=str(name)) as constant, *_],
            ) if name in _NAMES and _OPTIMIZER.search(module.text.of(owner)):
                span = module.text.span(constant)
                new = module.text.of(constant).replace(name, _NAMES[name])
                yield Edit(span.start, span.end, (new,))
