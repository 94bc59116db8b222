"""Make a variable that a layer, model or metric keeps one of Keras's: Keras 3 tracks no other.

    self.scale = tf.Variable(1.0)           self.scale = keras.Variable(1.0)

Else it would be neither trained nor saved. Left to a person is one that is made in another way, and
the `tf.Module` that a layer keeps.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import passed
from keras_imports.engine.placeholders import TargetName
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import walk

_VARIABLES = ("tensorflow.Variable", "tensorflow.compat.v1.Variable")
_MODULE = "tensorflow.Module"
_ARGUMENTS = frozenset({"initial_value", "trainable", "dtype", "name"})
_HOLDERS = (ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.DictComp, ast.IfExp)
_ADDS = frozenset({"append", "extend", "insert"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the module uses TensorFlow itself."""
    return module.target.generation == "keras3" and "tensorflow" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such variables, and findings for what is not moved."""
    parts = _classes_of_tensorflow(module)
    for kind in module.classes("Layer", "Model", "Metric"):
        for node in walk(kind):
            if not isinstance(node, ast.Call):
                continue
            is_part = isinstance(node.func, ast.Name) and node.func.id in parts
            known = module.reference_of.get(node.func)
            if known is not None and known.path in _VARIABLES and _is_kept(module, node):
                yield from _moved(module, node)
            elif is_part and _is_kept(module, node):
                message = f"{module.target} does not track the variables of a `tf.Module`"
                yield module.differs(node, message, "derive its class from `keras.layers.Layer`")


def _classes_of_tensorflow(module: ModuleInMigration) -> set[str]:
    """Return the names of the classes that are derived from `tf.Module`."""
    return {
        each.statement.name
        for each in module.references
        if each.path == _MODULE
        and isinstance(each.statement, ast.ClassDef)
        and each.node in each.statement.bases
    }


def _is_kept(module: ModuleInMigration, node: ast.AST) -> bool:
    """Return whether an expression becomes an attribute of `self`, or a part of one."""
    parent = module.tree.parent(node)
    while isinstance(parent, _HOLDERS):
        parent = module.tree.parent(parent)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        return any(is_own(getattr(each, "value", each)) or is_own(each) for each in targets)
    match parent:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)):
            return attr in _ADDS and is_own(owner)
    return False


def _moved(module: ModuleInMigration, call: ast.Call) -> Iterator[Fix]:
    """Yield the edits that make a variable one of Keras's, or a finding where it is not so easy."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    value = passed(call, 0, "initial_value")
    is_plain = len(call.args) < 2 and set(given) <= _ARGUMENTS
    if not is_plain or value is None or isinstance(value, (ast.Lambda, ast.Starred)):
        message = f"{module.target} does not track a `tf.Variable`: it is neither trained nor saved"
        yield module.differs(call, message, "use `self.add_weight`, or a `keras.Variable`")
        return
    text = module.text
    span = text.span(call.func)
    yield Edit(span.start, span.end, (TargetName("Variable"),))
    for keyword in call.keywords:
        place = text.span(keyword).start
        if keyword.arg == "initial_value":
            yield Edit(place, place + len(keyword.arg), ("initializer",))
        elif keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            name = text.span(keyword.value)
            yield Edit(name.start, name.end, (text.of(keyword.value).replace("/", "_"),))
