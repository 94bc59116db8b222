"""Pass what is no tensor to layers by name, as Keras 3 asks for.

    self.dropout(x, training)               self.dropout(x, training=training)
    self.blocks[0](x, True, mask)           self.blocks[0](x, training=True, mask=mask)

That a call is one of a layer shows where the layer is made, in the same module: a class of Keras,
or one of the module's own, whose `call` tells the names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import class_around
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods_by_name, set_by
from keras_imports.python.edits import Edit
from keras_imports.python.expressions import DISPLAYS, is_own
from keras_imports.python.tree import walk

_FLAG = "training"
_GIVEN = re.compile(r"\((?:[^()]|\([^()]*\))*,\s*(?:training|True|False)\b")
_OF_KERAS = ("inputs", _FLAG)  # what `call` of a layer of Keras takes


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such calls."""
    message = f"a layer of {module.target} takes nothing but tensors by position"
    wrong = Wrong(BEHAVIOUR, message, "fails")
    for node in module.tree.matching(_GIVEN):
        if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
            continue
        flags = [index for index, each in enumerate(node.args) if index and _is_flag(each)]
        names = _parameters(module, node.func) if flags else ()
        if not flags or len(names) < len(node.args) or _FLAG not in names[flags[0] :]:
            continue
        edits = []
        for name, value in zip(names[flags[0] :], node.args[flags[0] :], strict=False):
            start = module.text.span(value).start
            edits.append(Edit(start, start, (f"{name}=",)))
        span = module.text.span(node)
        yield Change(span, span.start, tuple(edits), lambda: wrong, is_path=False)


def _is_flag(node: ast.expr) -> bool:
    """Return whether an argument is no tensor for sure."""
    if isinstance(node, ast.Name):
        return node.id == _FLAG
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _parameters(module: ModuleInMigration, function: ast.expr) -> tuple[str, ...]:
    """Return what a called layer takes by its `call`; nothing where it is not known as one."""
    found = {_taken_by(module, value) for value in _values(module, function)}
    return found.pop() if len(found) == 1 else ()


def _values(module: ModuleInMigration, node: ast.expr) -> Iterator[ast.expr]:
    """Yield the calls that make what an expression is, as far as one sees."""
    if isinstance(node, ast.Subscript):
        yield from _items(module, node.value)
    elif is_own(node):
        yield from _set(module, node)
    elif isinstance(node, ast.Name):
        for binder in module.tree.binders(node.id):
            statement = module.tree.parent(binder)
            if isinstance(statement, ast.Assign):
                yield statement.value
            elif isinstance(statement, ast.For):
                yield from _items(module, statement.iter)


def _items(module: ModuleInMigration, node: ast.expr) -> Iterator[ast.expr]:
    """Yield the calls that make the items of a list."""
    for value in _values(module, node):
        if isinstance(value, DISPLAYS):
            yield from value.elts
        elif isinstance(value, ast.ListComp):
            yield value.elt


def _set(module: ModuleInMigration, node: ast.Attribute) -> Iterator[ast.expr]:
    """Yield what the class around assigns to an attribute of `self`."""
    layer = class_around(module.tree, node)
    for statement in walk(layer) if layer is not None else ():
        if isinstance(statement, ast.Assign) and any(
            is_own(target) and target.attr == node.attr for target in set_by(statement)
        ):
            yield statement.value


def _taken_by(module: ModuleInMigration, made: ast.expr) -> tuple[str, ...]:
    """Return what the layer that an expression makes takes by its `call`; nothing for no layer."""
    if not isinstance(made, ast.Call):
        return ()
    if module.symbol(made.func) in ("layers.Dropout", "layers.BatchNormalization"):
        return _OF_KERAS
    name = made.func.id if isinstance(made.func, ast.Name) else ""
    for layer in module.classes("Layer", "Model"):
        call = methods_by_name(layer).get("call")
        if layer.name == name and call is not None and call.args.vararg is None:
            return tuple(each.arg for each in [*call.args.posonlyargs, *call.args.args][1:])
    return ()
