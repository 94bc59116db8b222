"""Import from the target what code takes from `keras_applications`, which no Keras brings now.

    from keras_applications.imagenet_utils import _obtain_input_shape
    from keras.src.applications.imagenet_utils import obtain_input_shape as _obtain_input_shape

It is the one function of that package that is needed without Keras's models.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.rules import sections
from keras_imports.python.edits import Edit

_MODULE = "keras_applications.imagenet_utils"
_NAME = "_obtain_input_shape"


def applies(module: ModuleInMigration) -> bool:
    """Return whether the module mentions that package."""
    return _MODULE in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the new imports, and a finding for each, since the function is not the same."""
    target = module.target
    (rule,) = sections()["gone"][f"applications.imagenet_utils.{_NAME}"]
    paths = (module.below_root(path) for path in rule.to)
    path = next((path for path in paths if atlas.lookup(target.env, path)), None)
    for node in module.tree.blocks:
        if not isinstance(node, ast.ImportFrom) or node.module != _MODULE:
            continue
        if path is None:
            message = f"`{_MODULE}` is a package that {target} does not bring"
            yield module.unfixed(node, message, f"write `{_NAME}` as a function of your own")
            continue
        if [alias.name for alias in node.names] == [_NAME]:
            parent, _, name = path.rpartition(".")
            local = node.names[0].asname or _NAME
            span = module.text.span(node)
            yield Edit(span.start, span.end, (f"from {parent} import {name} as {local}",))
            yield module.unfixed(node, f"`{_MODULE}.{_NAME}` is `{path}` in {target}", rule.note)
