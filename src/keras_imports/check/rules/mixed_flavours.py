"""KI004, KI101: find what one Keras makes and another one takes."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.check.installed import Installed, Part
from keras_imports.check.module import CheckedModule, Node
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.flavours import root_of
from keras_imports.python.paths import after_call, has_call, is_result, last_callee
from keras_imports.python.references import Binding, TrackedCall
from keras_imports.versions import minor_of

KI004 = Code(
    "KI004",
    "error",
    "flavours mixed in one program",
    "A layer, tensor or optimizer of one Keras is handed to a model or layer of another one, "
    "as of `tf_keras` to one of `keras`. No import fails; the error comes up only in add(), "
    "in a layer call, in compile() or in fit().",
    since="every release; `keras` and `tensorflow.keras` are the same since TensorFlow 2.6",
    example=Example.of(
        """
        import keras
        import tf_keras

        model = keras.Sequential([tf_keras.layers.Dense(3)])
        """,
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(3)])
        """,
    ),
)
KI101 = Code(
    "KI101",
    "error",
    "layer of another Keras in a functional model, silently untrained",
    "The call builds and fit() runs, but the layer's parameters are not tracked: they are "
    "never trained, and BatchNormalization's statistics stay frozen.",
    "differs",
    since="tf_keras and Keras 3 beside each other, TensorFlow 2.5 and 2.6",
    example=Example.of(
        """
        import keras
        import tf_keras

        outputs = keras.layers.Dense(3)(tf_keras.Input((4,)))
        """,
        """
        import tf_keras

        outputs = tf_keras.layers.Dense(3)(tf_keras.Input((4,)))
        """,
    ),
)

_MODELS = re.compile(r"(?:models|layers|)\.?(?:Input|Model|Sequential)$|applications\.")
_MADE = re.compile(r"[^(]*(?:\(\))+(?:\.(?:in|out)puts?)?")  # an instance, or a tensor of it
_WAYS = {".add": "is added to", ".compile": "is compiled into"}
_HOLDERS = re.compile(r"(?:models\.)?(?:Model|Sequential)$|layers\.(?:Bidirectional|TimeDist)")


def mixed_flavours(module: CheckedModule) -> Violations:
    """Find parts of one engine that are handed to another's."""
    roots = {root_of(path) for reference in module.names for path in reference.paths} - {""}
    is_mixed = len(module.installed.engines(roots)) > 1
    if is_mixed or module.told is not None:
        violations = list(handed_over(module))
        yield from violations or (_layers_without_model(module) if is_mixed else ())


RULE = Rule(mixed_flavours, (KI004, KI101))


def handed_over(module: CheckedModule) -> Violations:
    """Find calls that put a part of one engine into a part of another."""
    wrong: set[ast.AST] = set()  # assignments whose value comes out of a mix: enough is said
    for call in module.calls:
        takers = _parts(module.installed, call.paths)
        if not takers or not _takes_parts(call, takers[0]):
            continue
        for node, bindings in call.arguments:
            givers = [_giver(module.installed, binding) for binding in bindings]
            if any(
                giver is None or taker.engine == giver.engine
                for giver in givers
                for taker in takers
            ):
                continue
            wrong.add(call.statement)
            if givers[0] is not None and bindings[0].node not in wrong:
                mix = _Mix(module.installed, call, bindings[0], takers[0], givers[0])
                yield mix.violation(node)


def _parts(installed: Installed, paths: tuple[str, ...]) -> list[Part]:
    """Return the parts of models that paths name; none unless each path names one."""
    parts = [part for path in paths if (part := installed.part(path)) is not None]
    return parts if len(parts) == len(paths) else []


def _giver(installed: Installed, given: Binding) -> Part | None:
    """Return the part of a model that an argument is; `None` for data, which any Keras takes."""
    if given.made or not _MADE.fullmatch(given.path):
        return None
    part = installed.part(given.path)
    is_called = is_result(last_callee(given.path)) and not given.symbolic
    if is_called and part is not None and _MODELS.match(part.symbol):
        return None  # a model may have been called on data
    return part


def _takes_parts(call: TrackedCall, taker: Part) -> bool:
    """Return whether a call puts its arguments into a model: `Model()`, `add`, `layer(x)`."""
    member = after_call(call.paths[0])
    if member is not None:
        return member in ("", ".add", ".compile")
    return _HOLDERS.match(taker.symbol) is not None


@dataclass(frozen=True)
class _Mix:
    """A call of a part of one Keras, the taker, that is given a part of another, the giver."""

    installed: Installed
    call: TrackedCall
    given: Binding
    taker: Part
    giver: Part

    def violation(self, node: Node) -> Violation:
        """Return what is wrong with it; `node` is the argument."""
        taker = f"{self.taker.root}{_made_in(self.call.origin)}"
        giver = f"{self.giver.root}{_made_in(self.given.origin)}"
        member = after_call(self.call.paths[0])
        if member != "":
            way = _WAYS.get(member or "", "is put into")
            message = f"`{self.giver.name}` of {giver} {way} a model of {taker}"
            return self._at(node, KI004, message, self._giver_of_taker)
        if self.given.symbolic and self._is_silent:
            message = (
                f"a layer of {taker} in a functional model of {giver}: nothing fails, but its "
                "parameters are not tracked and never trained"
            )
            return self._at(self.call.call, KI101, message, self._taker_of_giver)
        message = f"a layer of {taker} is called on a tensor of {giver}"
        return self._at(self.call.call, KI004, message, self._taker_of_giver)

    def _at(self, node: Node, code: Code, message: str, write: str | None) -> Violation:
        if write is None and (self.given.origin or self.call.origin):
            message += "; use one Keras in both files"
        return Violation(code, node, message, write)

    @property
    def _giver_of_taker(self) -> str | None:
        """What to write instead of the giver, unless it is another file that names it."""
        if self.given.origin:
            return None
        return self.installed.counterpart(self.taker.root, self.giver.symbol)

    @property
    def _taker_of_giver(self) -> str | None:
        """What to write instead of the taker, unless it is another file that names it."""
        if self.call.origin:
            return None
        return self.installed.counterpart(self.giver.root, self.taker.symbol)

    @property
    def _is_silent(self) -> bool:
        """Whether a layer call across engines goes unnoticed.

        So it does where the tensor is that of a Keras 2 inside TensorFlow 2.4 or newer, and the
        layer is of any Keras that runs there.
        """
        return (
            minor_of(self.installed.env.tensorflow or "0") >= (2, 4)
            and self.installed.generation(self.giver.root) == "keras2"
            and self.installed.generation(self.taker.root) in ("keras2", "keras3")
        )


def _made_in(file: str | None) -> str:
    return "" if file is None else f" (made in {os.path.relpath(file)})"


def _layers_without_model(module: CheckedModule) -> Violations:
    """Find layers of an engine that has no model in this file, while another engine has one."""
    layers: dict[str, tuple[Node, Part]] = {}
    models: dict[str, Part] = {}
    for node, paths in _instantiated(module):
        parts = _parts(module.installed, paths)
        if len({part.engine for part in parts}) != 1:
            continue
        part = parts[0]
        if _MODELS.match(part.symbol):
            models.setdefault(part.engine, part)
        elif part.symbol.startswith("layers."):
            layers.setdefault(part.engine, (node, part))
    for engine, (node, part) in layers.items():
        if models and engine not in models:
            model = next(iter(models.values()))
            message = f"layers of {part.root} in a program whose models are of {model.root}"
            write = module.installed.counterpart(model.root, part.symbol)
            yield Violation(KI004, node, message, write)


def _instantiated(module: CheckedModule) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield what a module instantiates or derives from."""
    for call in module.calls:
        if not has_call(call.paths[0]):
            yield call.call, call.paths
    for reference in module.names:
        statement = reference.statement
        if isinstance(statement, ast.ClassDef) and reference.node in statement.bases:
            yield reference.node, reference.paths
