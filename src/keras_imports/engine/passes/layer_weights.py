"""Let `self.add_weight` make what Keras 1 listed as a layer's weights; the list cannot be set now.

    self.w = self.init(shape, name="w")     self.w = self.add_weight(
                                                shape=shape, initializer=self.init, name="w")
    self.trainable_weights = [self.w]

A layer finds its weights by itself. The list goes where the layer makes all that it lists, and is
named elsewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.codes import BY_HAND, MEMBER
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit, Piece, Text
from keras_imports.python.expressions import is_own, last_name
from keras_imports.python.tree import walk

_VARIABLES = frozenset({"add_weight", "add_variable", "variable", "Variable"})
_FILLED = frozenset({"zeros", "ones"})
_LISTS = frozenset({"trainable_weights", "_trainable_weights"})
_GONE = frozenset({"_trainable_weights", "_non_trainable_weights", "_updates"})  # in Keras 3


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to a Keras on TensorFlow 2, or on none."""
    is_listed = "trainable_weights" in module.text.text or "_updates" in module.text.text
    return is_listed and module.target.has_tensorflow_2


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the classes derived from one of Keras."""
    for layer in module.keras_classes:
        without: list[ast.stmt] = []
        yield from _layer(module.text, layer, without)
        yield from _left(module, layer, without)


def _left(module: ModuleInMigration, layer: ast.ClassDef, without: list[ast.stmt]) -> Iterator[Fix]:
    """Yield findings for the lists that stay, once a statement; `without` are those that go."""
    told: set[int] = set()
    for node in walk(layer):
        if not is_own(node) or node.lineno in told:
            continue
        is_set = node.attr == "trainable_weights" and isinstance(node.ctx, ast.Store)
        is_gone = node.attr in _GONE and module.target.generation == "keras3"
        goes = any(statement in without for statement in module.tree.above(node))
        if (is_set or is_gone) and not goes:
            told.add(node.lineno)
            what = "cannot be set" if is_set else "is not there"
            message = f"`self.{node.attr}` {what} in {module.target}"
            advice = "leave it out: a layer finds the weights of its attributes by itself"
            yield module.unfixed(node, message, advice, (BY_HAND if is_set else MEMBER).name)


def _layer(text: Text, layer: ast.ClassDef, without: list[ast.stmt]) -> Iterator[Edit]:
    """Yield the edits of a class, and note the statements that they take out in `without`."""
    made: dict[str, list[Edit | None]] = {}  # None for what is no weight
    for node in walk(layer):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            for assigned in filter(is_own, node.targets):
                edits = made.setdefault(assigned.attr, [])
                if last_name(node.value.func) not in _VARIABLES:
                    edits.append(_as_weight(text, node.value))
    known = {name for name, edits in made.items() if None not in edits}
    listed: set[str] = set()
    for block in _blocks(layer):
        gone = [node for node in block if known.issuperset(_listed(node) or [""])]
        for node in gone:
            listed.update(_listed(node) or [])
            edit = _without(text, node, len(gone) == len(block) and node is gone[-1])
            if edit is not None:
                without.append(node)
                yield edit
    yield from (edit for name in sorted(listed) for edit in made[name] if edit)


def _as_weight(text: Text, call: ast.Call) -> Edit | None:
    """Return the call of an initializer, or of `K.zeros`, as one of `self.add_weight`."""
    name, span = last_name(call.func) or "", text.span(call)
    arguments = {keyword.arg: keyword.value for keyword in call.keywords}
    if len(call.args) == 1:
        arguments["shape"] = call.args[0]
    if len(call.args) > 1 or not {"shape"} <= arguments.keys() <= {"shape", "name"}:
        return None
    if "#" in text.of(call):
        return None
    if name in _FILLED:
        initializer = f"'{name}'"
    elif is_own(call.func) and name.endswith(("init", "initializer")):
        initializer = f"self.{name}"
    else:
        return None
    shape = text.span(arguments["shape"])
    pieces: list[Piece] = ["self.add_weight(shape=", shape, f", initializer={initializer}"]
    if "name" in arguments:
        pieces += [", name=", text.span(arguments["name"])]
    return Edit(span.start, span.end, (*pieces, ")"))


def _listed(node: ast.stmt) -> list[str] | None:
    """Return the attributes of `self` that a statement lists as trainable weights, and no more."""
    values: list[ast.expr]
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, values = node.targets[0], [node.value]
    elif isinstance(node, ast.AugAssign):
        target, values = node.target, [node.value]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("append", "extend"):
            return None
        target, values = call.func.value, call.args
    else:
        return None
    if not is_own(target) or target.attr not in _LISTS:
        return None
    items = [item for value in values for item in getattr(value, "elts", [value])]
    own = [item.attr for item in items if is_own(item)]
    return own if items and len(own) == len(items) else None


def _without(text: Text, node: ast.stmt, is_last: bool) -> Edit | None:
    """Return the edit that takes a statement out, of a block that must not become empty.

    A comment beside it goes, too; `None` where another statement stands there.
    """
    span = text.span(node)
    if is_last:
        return Edit(span.start, span.end, ("pass",))
    start = text.text.rfind("\n", 0, span.start) + 1
    end = text.text.find("\n", span.end) + 1 or len(text.text)
    beside = text.text[span.end : end].strip()
    is_alone = text.text[start : span.start].isspace() and beside[:1] in ("", "#")
    return Edit(start, end, ()) if is_alone else None


def _blocks(layer: ast.ClassDef) -> Iterator[list[ast.stmt]]:
    for node in walk(layer):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                yield block
