"""Note what the import statements of any Keras bind, and what that can be in the target.

    from keras.layers.core import Dense     `Dense` can be `keras.layers.Dense`
    from keras import objectives            `objectives` has no counterpart in Keras 3

Nothing changes yet: `references` notes what the uses of the names need, then the imports are
written. Left to a person is a module that hands out Keras and is used by its full name:

    import package.keras_flavour            write `from package import keras_flavour`
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from keras_imports.engine.bound_names import BoundName
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.noqa import is_meant_unused
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.plan import plan_call
from keras_imports.engine.reference_plans import (
    TENSORFLOW,
    as_written,
    is_kept_path,
    is_only_older,
)
from keras_imports.knowledge.counterparts import Resolved
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.references import Reference
from keras_imports.python.tree import walk

_OUTER = re.compile(r"\s+([\w, \t]+)")


applies = always  # every target has its own imports


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Fill the module's bound names; yield what cannot be followed."""
    public, of_tensorflow = _public_names(module), _instead_of_tensorflow(module)
    for reference in module.references:
        if reference.kind == "star":
            module.bound_names.statement(reference.statement, module.tree)
        elif isinstance(reference.node, ast.alias):
            if _binds_package(reference, reference.node):
                parent, _, leaf = reference.node.name.rpartition(".")
                message = f"`{reference.node.name}` is used by its full name"
                yield module.unfixed(
                    reference.node, message, f"write `from {parent} import {leaf}` and use `{leaf}`"
                )
            else:
                _bind(module, reference, reference.node, public, of_tensorflow)


def _binds_package(reference: Reference, alias: ast.alias) -> bool:
    """Return whether an import of a project's own module that hands out Keras binds its package."""
    is_whole = reference.kind == "import" and not alias.asname
    return is_whole and is_keras_path(reference.path) and not is_keras_path(alias.name)


def _public_names(module: ModuleInMigration) -> frozenset[str]:
    """Return the names that something else than the code here uses, or binds."""
    names = {*module.used.imported, *module.used.mentioned}
    for node in module.tree.module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            constants = (n.value for n in walk(node) if isinstance(n, ast.Constant))
            names.update(value for value in constants if isinstance(value, str))
    for word in ("global", "nonlocal"):
        for place in module.text.places(word):
            if outer := _OUTER.match(module.text.text, place + len(word)):
                names.update(name.strip() for name in outer[1].split(","))
    return frozenset(names)


def _bind(
    module: ModuleInMigration,
    reference: Reference,
    alias: ast.alias,
    public: frozenset[str],
    of_tensorflow: set[tuple[str, str]],
) -> None:
    """Note the name that one part of an import statement binds."""
    node, path, bound_names = reference.statement, reference.path, module.bound_names
    if not alias.asname and isinstance(node, ast.Import) and "." in alias.name:
        path = path.partition(".")[0]
    local = alias.asname or alias.name
    if reference.kind == "import":
        local = alias.asname or alias.name.partition(".")[0]
    is_tensorflow = (alias.asname or alias.name, path) in of_tensorflow
    target, is_module = ("tensorflow", True) if is_tensorflow else _in_target(module, path, alias)
    known = bound_names.by_place.get((node, local))
    if known is not None:
        if isinstance(node, ast.Import):  # `import keras.layers, keras.models`
            known.twins.append(alias)
        else:  # the same name twice in one list
            bound_names.statements[node].lines[alias] = []
        return
    at_top = module.tree.is_at_top(node) and not reference.context.arms
    name = BoundName(node, alias, local, path, target, is_module, at_top)
    lines = {node.lineno, alias.lineno, node.end_lineno or 0}
    name.keeps_name = (
        local in public
        or (module.used.is_open and not is_module)
        or any(map(is_meant_unused, _lines(module, lines)))
    )
    if module.noqa.holds(lines) or is_kept_path(module, reference.path, node.lineno):
        name.is_fixed, name.stays, name.target = True, True, None
    bound_names.by_place[node, local] = name
    bound_names.statement(node, module.tree)


def _lines(module: ModuleInMigration, numbers: Iterable[int]) -> Iterator[str]:
    """Yield lines of the module's text."""
    for number in numbers:
        yield module.text.line(number)


def _in_target(module: ModuleInMigration, path: str, alias: ast.alias) -> tuple[str | None, bool]:
    """Return the path of the same in the target, `None` without one, and if it is a module."""
    if not is_keras_path(path):  # TensorFlow itself, or a part of it
        return path, True
    if TENSORFLOW.fullmatch(path):
        return "tensorflow", True
    resolved = module.resolve(path)
    if resolved is None:
        return None, True
    if resolved.is_module:
        return module.counterpart(resolved), True
    return _renamed(module, path, resolved, alias) or module.counterpart(resolved), False


def _instead_of_tensorflow(module: ModuleInMigration) -> set[tuple[str, str]]:
    """Return the names and paths that stand for TensorFlow because another import may fail.

    try:
        from keras.backend import tf
    except ImportError:
        from keras.backend import tensorflow_backend as tf
    """
    imported = [
        (each.node.asname or each.node.name, each.path)
        for each in module.references
        if isinstance(each.node, ast.alias) and each.context.arms
    ]
    locals_ = {local for local, path in imported if TENSORFLOW.fullmatch(path)}
    backend = "keras.backend.tensorflow_backend"
    return {(local, path) for local, path in imported if local in locals_ and path == backend}


def _renamed(
    module: ModuleInMigration, path: str, resolved: Resolved, alias: ast.alias
) -> str | None:
    """Return what an imported class or function is called in the target, if a rule says so."""
    name = ast.copy_location(ast.Name(alias.name, ast.Load()), alias)
    name.end_col_offset = alias.end_col_offset or 0
    call = module.call(resolved, path, name, None)
    plan = plan_call(call, module.target)
    if plan.edits and is_only_older(module, call):
        return as_written(module, resolved.path)
    for edit in plan.edits:
        if len(edit.pieces) == 1 and isinstance(edit.pieces[0], TargetName):
            return module.qualified(edit.pieces[0])
    return None
