"""Tell which imports of TensorFlow nothing uses: Keras 3 does not need them.

    import tensorflow as tf

They stay where others may use what they bind: in a package's `__init__.py`, beside a comment for
linters, in a `try` or an `if`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.bound_names import BoundName
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import ModuleInMigration
from keras_imports.python.tree import walk

_FOR_LINTERS = re.compile(r"#\s*(?:noqa|pylint:|type:|ruff:|NOQA)")


def is_removed(module: ModuleInMigration, name: BoundName) -> bool:
    """Return whether an import of TensorFlow goes, since nothing uses it, here or elsewhere."""
    return _is_unused(module, name) and not _may_be_used_elsewhere(module, name)


def removed_at(module: ModuleInMigration) -> set[int]:
    """Return where the imports begin that go: nothing else is to be done about them."""
    names = (name for name in module.bound_names.all() if is_removed(module, name))
    return {module.text.span(name.alias).start for name in names if name.alias}


def left_unused(module: ModuleInMigration) -> Iterator[Finding]:
    """Yield a finding for each that stays, where the code is to run without TensorFlow."""
    for name in module.bound_names.all() if module.target.backend else ():
        if name.at_top and _is_unused(module, name) and _may_be_used_elsewhere(module, name):
            yield _finding(module, name, "remove it if nothing imports it from here")


def removed(module: ModuleInMigration) -> Iterator[Finding]:
    """Yield a finding for each that goes, where the code is to run without TensorFlow."""
    for name in module.bound_names.all() if module.target.backend else ():
        if is_removed(module, name):
            yield _finding(module, name, "remove the import")


def _finding(module: ModuleInMigration, name: BoundName, advice: str) -> Finding:
    message = f"`{name.path}` needs TensorFlow, and nothing here uses it"
    node = name.alias or name.statement
    return module.unfixed(node, message, advice, NEEDS_TENSORFLOW.name)


def _may_be_used_elsewhere(module: ModuleInMigration, name: BoundName) -> bool:
    is_public = name.keeps_name or module.used.is_open or not name.at_top
    return is_public or bool(_FOR_LINTERS.match(module.text.comment_after(name.statement)))


def _is_unused(module: ModuleInMigration, name: BoundName) -> bool:
    """Return whether a name is a part of TensorFlow that the module imports for nothing.

    A module without any Keras is not tidied up, unless it is to run without TensorFlow.
    """
    target = module.target
    if (target.flavour, target.generation) != ("keras", "keras3"):
        return False
    if name.is_used or name.alias is None or not name.is_of_tensorflow:
        return False
    if not target.backend and all(each.is_of_tensorflow for each in module.bound_names.all()):
        return False
    nodes = (n for n in walk(module.tree.module) if isinstance(n, ast.Name))
    return all(node.id != name.local for node in nodes)
