"""Report functions of NumPy that are given tensors of a model, which have no values.

    x = Dense(3)(Input((4,)))
    y = np.square(x)            raises a ValueError: `ops.square(x)` takes it

Functions that Keras calls, as that of a `Lambda`, may be given values, and are left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3

# What asks a tensor itself, and no values.
_TAKE_ANY = frozenset({"isscalar", "iterable", "ndim", "shape", "squeeze"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the module uses NumPy."""
    return to_keras_3(module) and "numpy" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each call."""
    imports = (node for node in module.tree.blocks if isinstance(node, ast.Import))
    names = {
        alias.asname or alias.name
        for node in imports
        for alias in node.names
        if alias.name == "numpy"
    }
    for name in sorted(names):
        for node in module.tree.matching(re.compile(rf"\b{name}\s*\.\s*\w+\s*\(")):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=function)) if (
                    owner == name
                    and function not in _TAKE_ANY
                    and any(map(module.symbolic.is_symbolic_here, node.args))
                ):
                    called = f"{name}.{function}"
                    message = f"`{called}` does not take the tensors of a model of {module.target}"
                    new = module.target.path(f"ops.{function}")
                    advice = f"use `keras.{new}`" if new else "use functions of `keras.ops`"
                    yield module.unfixed(node, message, advice)
