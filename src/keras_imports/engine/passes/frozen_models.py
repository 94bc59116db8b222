"""Report a model that is compiled, then frozen for a second one, and trained by itself after that.

    d.compile("sgd", "mse")
    d.trainable = False             freezes `d` itself, too, in Keras 3
    gan = Model(z, d(g(z)))
    d.train_on_batch(x, y)          trains nothing any more

Keras 1 and 2 go on training what was compiled before it was frozen. Nothing is edited, since the
places to thaw and freeze it again are the program's. The model is followed through the functions
and classes of the module; where only another file knows what becomes of it, names have to tell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.same_objects import Place, SameObjects
from keras_imports.python.tree import walk

_FREEZES = re.compile(r"\btrainable\b")
_TRAINS = frozenset({"train_on_batch", "fit", "fit_generator"})
_OUTPUTS = frozenset({"output", "outputs", "__call__"})
_GAN = re.compile(r"(?i)gan|discriminat|critic|adversar|(?:\b|_)d(?:\b|_)")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and something may be frozen."""
    if module.target.generation != "keras3":
        return False
    return _FREEZES.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding where such a model is frozen."""
    uses = _Uses(SameObjects(module.tree.module))
    for name, (node, shown, place) in uses.frozen.items():
        is_compiled = any(
            its.function is not place.function or call.lineno < node.lineno
            for call, its in uses.compiled.get(name, ())
        )
        is_trained = name in uses.trained
        if name in uses.thawed or name not in uses.parts:
            continue
        before, certain = "was compiled before, and", True
        if not (is_compiled and is_trained):
            context = f"{shown} {place.name}"
            if not uses.objects.is_open(name) or not _GAN.search(context):
                continue
            before, certain = "may have been compiled before: if it is trained by itself, it", False
        message = f"`{shown}` {before} is frozen for its own training, too, in {module.target}"
        advice = (
            f"set `{shown}.trainable = True` before its own `train_on_batch` or `fit`, "
            "and `False` after"
        )
        finding = module.unfixed(node, message, advice)
        yield finding if certain else replace(finding, certain=False, severity="warning")


@dataclass
class _Uses:
    """The models of a module by what is done with them, under the names of their objects."""

    objects: SameObjects
    compiled: dict[str, list[tuple[ast.Call, Place]]] = field(default_factory=dict)
    frozen: dict[str, tuple[ast.stmt | ast.Call, str, Place]] = field(default_factory=dict)
    thawed: set[str] = field(default_factory=set)
    trained: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)  # of other models
    switches: dict[str, str] = field(default_factory=dict)  # parameters, and what sets them

    def __post_init__(self) -> None:
        for node, place in self.objects.nodes:
            self._note_switch(node, place)
        for node, place in self.objects.nodes:
            match node:
                case ast.Assign(targets=[ast.Attribute(attr="trainable", value=model)]):
                    self._set(node, model, node.value, place)
                case ast.For(target=ast.Name(id=name), iter=iterated, body=body):
                    for inner in body:
                        match inner:
                            case ast.Assign(
                                targets=[ast.Attribute(attr="trainable", value=ast.Name(id=layer))]
                            ) if layer == name:
                                self._set_layers(inner, iterated, inner.value, place)
                case ast.Call():
                    self._note_call(node, place)

    def _note_switch(self, node: ast.AST, place: Place) -> None:
        """Note a parameter whose `trainable` its function sets to another one."""
        match node:
            case ast.Assign(
                targets=[ast.Attribute(attr="trainable", value=ast.Name() as model)],
                value=ast.Name() as value,
            ) if place.function is not None:
                names = [argument.arg for argument in place.function.args.args]
                if model.id in names and value.id in names:
                    self.switches[f"{place.name}:{model.id}"] = value.id

    def _note_call(self, call: ast.Call, place: Place) -> None:
        function = call.func
        given = dict(self.objects.given(call))
        for parameter, model in given.items():
            if parameter in self.switches:
                value = given.get(f"{parameter.rpartition(':')[0]}:{self.switches[parameter]}")
                if value is not None:
                    self._set(call, model, value, place)
        self.parts.add(self.objects.of(function, place))
        if isinstance(function, ast.Attribute):
            name = self.objects.of(function.value, place)
            if function.attr == "compile":
                self.compiled.setdefault(name, []).append((call, place))
            elif function.attr in _TRAINS:
                self.trained.add(name)
            elif function.attr == "add" and call.args:
                self.parts.add(self.objects.of(call.args[0], place))
        if ast.unparse(function).endswith("Sequential") and call.args:
            self.parts |= {self.objects.of(e, place) for e in getattr(call.args[0], "elts", ())}
        for node in walk(call):
            if isinstance(node, ast.Attribute) and node.attr in _OUTPUTS:
                self.parts.add(self.objects.of(node.value, place))

    def _set(
        self, node: ast.stmt | ast.Call, model: ast.expr, value: ast.expr, place: Place
    ) -> None:
        """Note that the `trainable` of a model is set."""
        name = self.objects.of(model, place)
        if not name:
            return
        if isinstance(value, ast.Constant) and not value.value:
            self.frozen.setdefault(name, (node, ast.unparse(model), place))
        elif not isinstance(value, ast.Name):
            self.thawed.add(name)

    def _set_layers(self, node: ast.stmt, layers: ast.expr, value: ast.expr, place: Place) -> None:
        """Note that the `trainable` of all layers of a model is set."""
        if isinstance(layers, ast.Attribute) and layers.attr == "layers":
            self._set(node, layers.value, value, place)
