"""Take out a `compute_output_shape` that asks for what `call` sets: Keras 3 calls it before that.

    def call(self, x):
        self.result = K.exp(-x)
        return self.result

    def compute_output_shape(self, input_shape):
        return K.int_shape(self.result)

Keras 2 asks for shapes after `call`, or not at all; so a method may read what is never set, too.
That is reported. Without the method Keras 3 finds the shape out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit, Span
from keras_imports.python.expressions import is_own, last_name, names_of_class
from keras_imports.python.statements import first_line

_OTHERWISE = ("setattr", "__dict__", "__getattr__")  # how attributes may be set, too


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is moved to Keras 3, and has layers that tell their shapes."""
    tells = "compute_output_shape" in module.text.text
    return tells and module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edit of each such method, and a finding for what is never set."""
    for layer in module.keras_classes:
        named = methods_by_name(layer)
        call, shape = named.get("call"), named.get("compute_output_shape")
        if call is None or shape is None:
            continue
        others = [named[name] for name in ("__init__", "build") if name in named]
        late = _set_in(call) - {name for method in others for name in _set_in(method)}
        read = [node for node in ast.walk(shape) if is_own(node)]
        early = [node for node in read if node.attr in late]
        if early:
            yield _taken_out(module, layer, shape, early[0])
            continue
        for node in _never_set(module, layer, read):
            message = f"`self.{node.attr}` is never set, and {module.target} asks for it"
            advice = "remove `compute_output_shape`: the shape is found out"
            yield module.unfixed(node, message, advice, BEHAVIOUR.name)


def _taken_out(
    module: ModuleInMigration, layer: ast.ClassDef, method: Definition, node: ast.Attribute
) -> Change:
    """Return the change that takes a method out, with the comments above it."""
    text = module.text
    lines = text.text.splitlines()
    first = first_line(method)
    while lines[first - 2].lstrip().startswith("#"):
        first -= 1
    if method is not layer.body[0]:
        while not lines[first - 2].strip():
            first -= 1
    whole = Span(text.start_of(first), text.line_around(text.span(method))[1])
    message = f"`compute_output_shape` is called before `call` sets `self.{node.attr}`"
    wrong = Wrong(BEHAVIOUR, f"{message} in {module.target}", "fails")
    edit = Edit(whole.start, whole.end, ())
    place = text.offset(method.lineno, method.col_offset)
    return Change(whole, place, (edit,), lambda: wrong, is_path=False)


def _never_set(
    module: ModuleInMigration, layer: ast.ClassDef, read: list[ast.Attribute]
) -> Iterator[ast.Attribute]:
    """Yield the attributes that a layer reads, and that neither it nor its base has."""
    path = module.keras_classes[layer]
    body = module.text.of(layer)
    is_base = any(
        last_name(base) == layer.name for other in module.keras_classes for base in other.bases
    )
    if not path.endswith(".Layer") or len(layer.bases) > 1 or is_base:
        return
    if any(name in body for name in _OTHERWISE) or module.symbol(layer.bases[0]) != "layers.Layer":
        return
    set_here = names_of_class(body)
    for node in read:
        member = atlas.member(module.target.env, f"{module.target.flavour}.layers.Layer", node.attr)
        if node.attr not in set_here and member is None:
            yield node


def _set_in(method: ast.AST) -> set[str]:
    """Return the attributes of `self` that a method sets to more than `None`."""
    found: set[str] = set()
    for node in ast.walk(method):
        if isinstance(node, ast.Assign) and getattr(node.value, "value", node) is not None:
            found.update(target.attr for target in node.targets if is_own(target))
    return found
