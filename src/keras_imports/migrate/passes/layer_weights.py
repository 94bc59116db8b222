"""Weights of layers as Keras 1 made them: variables that are listed in `self.trainable_weights`.

A layer finds its weights by itself now, and the list cannot be set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keras_imports.knowledge.target import Target
from keras_imports.migrate.passes.tensor_attributes import has_tensorflow_2, is_own
from keras_imports.python.edits import Edit, Text
from keras_imports.python.tree import FUNCTIONS, Tree

_VARIABLES = frozenset({"add_weight", "add_variable", "variable", "Variable"})
_FILLED = frozenset({"zeros", "ones"})
_WEIGHTS = frozenset({"add_weight", "add_variable"})
_LISTS = frozenset({"trainable_weights", "_trainable_weights"})


def weight_edits(text: Text, layers: Iterable[ast.ClassDef], target: Target) -> Iterator[Edit]:
    """`self.trainable_weights = [self.w]` goes where the layer makes all that it lists.

    What `self.init(shape)` and `K.zeros(shape)` gave were variables: `self.add_weight` makes them.
    """
    if not has_tensorflow_2(target) or "trainable_weights" not in text.text:
        return
    for layer in layers:
        made: dict[str, list[Edit | None]] = {}  # None for what is no weight
        for node in ast.walk(layer):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                for assigned in filter(is_own, node.targets):
                    edits = made.setdefault(assigned.attr, [])  # type: ignore[attr-defined]
                    if _name(node.value) not in _VARIABLES:
                        edits.append(_as_weight(text, node.value))
        known = {name for name, edits in made.items() if None not in edits}
        listed: set[str] = set()
        for block in _blocks(layer):
            gone = [node for node in block if known.issuperset(_listed(node) or [""])]
            for node in gone:
                listed.update(_listed(node) or [])
                yield from _without(text, node, len(gone) == len(block) and node is gone[-1])
        yield from (edit for name in sorted(listed) for edit in made[name] if edit)


def truth_edits(text: Text, layers: Iterable[ast.ClassDef], target: Target) -> Iterator[Edit]:
    """`if self.bias:` asks for `is not None` where it is a weight or None.

    The variables of TensorFlow 1 were true, those of now have no truth value.
    """
    for layer in layers if has_tensorflow_2(target) and "add_" in text.text else ():
        nodes = [*ast.walk(layer)]
        weights, others = set(), set()
        for node in nodes:
            for assigned in filter(is_own, _targets(node)):
                value = getattr(node, "value", None)
                is_weight = isinstance(value, ast.Call) and _name(value) in _WEIGHTS
                is_none = isinstance(value, ast.Constant) and value.value is None
                (weights if is_weight else set() if is_none else others).add(assigned.attr)
        for node in nodes:
            for asked in _asked(node):
                if is_own(asked) and asked.attr in weights - others:  # type: ignore[attr-defined]
                    is_negated = isinstance(node, ast.UnaryOp)
                    span = text.span(node if is_negated else asked)
                    words = " is None" if is_negated else " is not None"
                    yield Edit(span.start, span.end, (text.span(asked), words))


def is_constant(tree: Tree, call: ast.Call | None, target: Target) -> bool:
    """Whether `K.variable(x)` stands in a layer's `call`, and is not kept.

    There it was made anew for each graph; a layer cannot make variables there any more.
    """
    if call is None or not has_tensorflow_2(target) or len(call.args) > 2:
        return False
    parent = tree.parent(call)
    if any(map(is_own, _targets(parent) if parent is not None else ())):
        return False
    inside = next((node for node in tree.above(call) if isinstance(node, FUNCTIONS)), None)
    named = {keyword.arg for keyword in call.keywords}
    return getattr(inside, "name", "") == "call" and named <= {"value", "dtype", "name"}


def _targets(node: ast.AST) -> list[ast.expr]:
    """What a node sets."""
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        return [node.target]
    found = node.targets if isinstance(node, ast.Assign) else []
    return [each for target in found for each in getattr(target, "elts", [target])]


def _asked(node: ast.AST) -> list[ast.expr]:
    """The expressions whose truth a node asks for."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return [node.test]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    return []


def _as_weight(text: Text, call: ast.Call) -> Edit | None:
    """The call of an initializer, or of `K.zeros`, as one of `self.add_weight`."""
    name, span = _name(call), text.span(call)
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
    pieces = ["self.add_weight(shape=", shape, f", initializer={initializer}"]
    if "name" in arguments:
        pieces += [", name=", text.span(arguments["name"])]
    return Edit(span.start, span.end, (*pieces, ")"))


def _name(call: ast.Call) -> str:
    """The last name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _listed(node: ast.stmt) -> list[str] | None:
    """The attributes of `self` that a statement lists as trainable weights, and no more."""
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
    if not is_own(target) or target.attr not in _LISTS:  # type: ignore[attr-defined]
        return None
    items = [item for value in values for item in getattr(value, "elts", [value])]
    return [item.attr for item in items] if items and all(map(is_own, items)) else None  # type: ignore


def _without(text: Text, node: ast.stmt, is_last: bool) -> Iterator[Edit]:
    """The edit that takes a statement out, of a block that must not become empty."""
    span = text.span(node)
    if is_last:
        yield Edit(span.start, span.end, ("pass",))
        return
    start = text.text.rfind("\n", 0, span.start) + 1
    end = text.text.find("\n", span.end) + 1 or len(text.text)
    if text.text[start : span.start].isspace() and not text.text[span.end : end].strip():
        yield Edit(start, end, ())


def _blocks(layer: ast.ClassDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(layer):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                yield block
