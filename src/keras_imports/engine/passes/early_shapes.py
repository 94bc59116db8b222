"""Take out a `compute_output_shape` that asks for what `call` sets: Keras 3 calls it before that.

    def call(self, x):
        self.result = K.exp(-x)
        return self.result

    def compute_output_shape(self, input_shape):
        return K.int_shape(self.result)

Keras 2 asks for shapes after `call`, or not at all; so a method may read what is never set, too.
That is reported. Without the method Keras 3 finds the shape out.

So does Keras 2 since TensorFlow 2.4, where a convolution asks for the shape of what its own `call`
is given: that of a class which pads it before, and tells its shape, goes, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, own_nodes
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit, Span
from keras_imports.python.expressions import is_own, last_name, names_of_class
from keras_imports.python.statements import first_line
from keras_imports.python.tree import walk
from keras_imports.versions import version_key

_CONVOLUTION = re.compile(r"layers\.(?:\w*Conv\dD\w*)$")
_OTHERWISE = ("setattr", "__dict__", "__getattr__")  # how attributes may be set, too


def applies(module: ModuleInMigration) -> bool:
    """Return whether layers tell their shapes, and are moved to Keras 2.4 or later."""
    is_new = version_key(module.target.release) >= (2, 4)
    return is_new and "compute_output_shape" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edit of each such method, and a finding for what is never set."""
    for layer in module.keras_classes:
        named = methods_by_name(layer)
        call, shape = named.get("call"), named.get("compute_output_shape")
        if call is None or shape is None:
            continue
        if module.target.generation != "keras3":
            if _is_given_other(call) and _CONVOLUTION.match(module.symbol(layer.bases[0])):
                message = "`call` of a convolution asks for the shape of what it is given"
                yield _taken_out(module, layer, shape, f"{message} in {module.target}")
            continue
        others = [named[name] for name in ("__init__", "build") if name in named]
        late = _set_in(call) - {name for method in others for name in _set_in(method)}
        read = [node for node in walk(shape) if is_own(node)]
        early = [node for node in read if node.attr in late]
        if early:
            message = f"`compute_output_shape` is called before `call` sets `self.{early[0].attr}`"
            yield _taken_out(module, layer, shape, f"{message} in {module.target}")
            continue
        for node in _never_set(module, layer, read):
            message = f"`self.{node.attr}` is never set, and {module.target} asks for it"
            advice = "remove `compute_output_shape`: the shape is found out"
            yield module.unfixed(node, message, advice, BEHAVIOUR.name)


def _taken_out(
    module: ModuleInMigration, layer: ast.ClassDef, method: Definition, message: str
) -> Change:
    """Return the change that takes a method out, with the comments above it."""
    text = module.text
    lines = text.text.split("\n")
    first = first_line(method)
    while lines[first - 2].lstrip().startswith("#"):
        first -= 1
    if method is not layer.body[0]:
        while not lines[first - 2].strip():
            first -= 1
    span = text.span(method)
    whole = Span(text.start_of(first), text.line_around(span)[1])
    wrong = Wrong(BEHAVIOUR, message, "fails")
    edit = Edit(whole.start, whole.end, ())
    return Change(whole, span.start, (edit,), lambda: wrong, is_path=False)


def _is_given_other(call: Definition) -> bool:
    """Return whether a method hands something else than its first argument to that of its base."""
    nodes = [*own_nodes(call)]
    names = [each.arg for each in call.args.args[1:2]]
    changed = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    handed = [
        node.args[0]
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "call"
        and node.args
    ]
    return any(getattr(each, "id", "") not in names or names[0] in changed for each in handed)


def _never_set(
    module: ModuleInMigration, layer: ast.ClassDef, read: list[ast.Attribute]
) -> Iterator[ast.Attribute]:
    """Yield the attributes that a layer reads, and that neither it nor its base has."""
    body = module.text.of(layer)
    is_base = any(
        last_name(base) == layer.name for other in module.keras_classes for base in other.bases
    )
    is_layer = len(layer.bases) == 1 and module.symbol(layer.bases[0]) == "layers.Layer"
    if not is_layer or is_base or any(name in body for name in _OTHERWISE):
        return
    set_here = names_of_class(body)
    inherited = f"{module.target.flavour}.layers.Layer"
    for node in read:
        if node.attr not in set_here and not atlas.member(module.target.env, inherited, node.attr):
            yield node


def _set_in(method: ast.AST) -> set[str]:
    """Return the attributes of `self` that a method sets to more than `None`."""
    found: set[str] = set()
    for node in walk(method):
        if isinstance(node, ast.Assign) and getattr(node.value, "value", node) is not None:
            found.update(target.attr for target in node.targets if is_own(target))
    return found
