"""What flows from one Keras into another: KI004 and KI101; and into a functional model: KI104."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.check.rules.subject import (
    Findings,
    Found,
    Knowledge,
    Part,
    Subject,
    found,
)
from keras_imports.flavours import root_of
from keras_imports.knowledge.training import training_given
from keras_imports.python.paths import after_call, has_call, is_result, last_callee
from keras_imports.python.references import Binding, Module, TrackedCall

_MODELS = re.compile(r"(?:models|layers|)\.?(?:Input|Model|Sequential)$|applications\.")
_MADE = re.compile(r"[^(]*(?:\(\))+(?:\.(?:in|out)puts?)?")  # an instance, or a tensor of it
_HOLDERS = re.compile(r"(?:models\.)?(?:Model|Sequential)$|layers\.(?:Bidirectional|TimeDist)")


def mixed_flavours(subject: Subject) -> Findings:
    """Parts of one engine that are handed to another's."""
    roots = {root_of(path) for r in subject.module.references for path in r.paths} - {""}
    if len({subject.known.engine(root) for root in roots} - {None}) < 2:
        return
    rows = list(handed_over(subject))
    yield from rows or _layers_without_model(subject)


def handed_over(subject: Subject) -> Findings:
    """Calls that put a part of one engine into a part of another."""
    wrong: set[ast.AST] = set()  # assignments whose value comes out of a mix: enough is said
    for passed in subject.flow.calls:
        takers = [subject.known.part(path) for path in passed.paths]
        if None in takers or not _takes_parts(passed, takers[0]):
            continue
        for node, known in passed.arguments:
            givers = [_giver(subject.known, binding) for binding in known]
            if None in givers or any(t.engine == g.engine for t in takers for g in givers):
                continue
            wrong.add(passed.statement)
            if known[0].node not in wrong:
                yield _mixed(subject, passed, node, known[0], takers[0], givers[0])


def _giver(known: Knowledge, given: Binding) -> Part | None:
    """The part of a model that an argument is; `None` for data, which any Keras takes."""
    if given.made or not _MADE.fullmatch(given.path):
        return None
    part = known.part(given.path)
    is_called = is_result(last_callee(given.path)) and not given.symbolic
    if is_called and part is not None and _MODELS.match(part.symbol):
        return None  # a model may have been called on data
    return part


def _takes_parts(passed: TrackedCall, taker: Part | None) -> bool:
    """Whether a call puts its arguments into a model: `Model()`, `add`, `compile`, `layer(x)`."""
    member = after_call(passed.paths[0])
    if member is not None:
        return member in ("", ".add", ".compile")
    return taker is not None and _HOLDERS.match(taker.symbol) is not None


def _mixed(
    subject: Subject, passed: TrackedCall, node: ast.AST, given: Binding, taker: Part, giver: Part
) -> Found:
    known = subject.known
    member = after_call(passed.paths[0])
    if member != "":
        how = {".add": "is added to", ".compile": "is compiled into"}.get(
            member or "", "is put into"
        )
        name = giver.symbol.rpartition(".")[2]
        message = (
            f"`{name}` of {giver.root}{_made_in(given.origin)} {how} a model of {taker.root}"
            + _made_in(passed.origin)
        )
        replacement = None if given.origin else known.counterpart(taker.root, giver.symbol)
        return found(subject, node, "KI004", message, replacement)
    replacement = None if passed.origin else known.counterpart(giver.root, taker.symbol)
    of_taker = taker.root + _made_in(passed.origin)
    of_giver = giver.root + _made_in(given.origin)
    if given.symbolic and _is_silent(known, taker, giver):
        message = (
            f"a layer of {of_taker} in a functional model of {of_giver}: nothing fails, "
            "but its parameters are not tracked and never trained"
        )
        return found(subject, passed.call, "KI101", message, replacement)
    message = f"a layer of {of_taker} is called on a tensor of {of_giver}"
    return found(subject, passed.call, "KI004", message, replacement)


def _made_in(file: str | None) -> str:
    return "" if file is None else f" (made in {file})"


def _is_silent(known: Knowledge, layer: Part, tensor: Part) -> bool:
    """Whether a layer call across engines goes unnoticed.

    So it does where the tensor is that of a Keras 2 inside TensorFlow 2.4 or newer, and the layer
    is of any Keras that runs there.
    """
    major, minor = (int(part) for part in (known.env.tensorflow or "0.0").split(".")[:2])
    return (
        (major, minor) >= (2, 4)
        and known.generation(tensor.root) == "keras2"
        and known.generation(layer.root) in ("keras2", "keras3")
    )


def _layers_without_model(subject: Subject) -> Findings:
    """Layers of an engine that has no model in this file, while another engine has one."""
    layers: dict[str, tuple[ast.AST, Part]] = {}
    models: dict[str, Part] = {}
    for node, paths in _made(subject.flow):
        parts = [subject.known.part(path) for path in paths]
        if None in parts or len({part.engine for part in parts}) > 1:
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
            replacement = subject.known.counterpart(model.root, part.symbol)
            yield found(subject, node, "KI004", message, replacement)


def _made(module: Module) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    """What a module instantiates or derives from."""
    for passed in module.calls:
        if not has_call(passed.paths[0]):
            yield passed.call, passed.paths
    for reference in module.references:
        statement = reference.statement
        if isinstance(statement, ast.ClassDef) and reference.node in statement.bases:
            yield reference.node, reference.paths


def overridden_training(subject: Subject) -> Findings:
    """`layer(x, training=…)` in a functional model of Keras 3."""
    if not subject.calls_with_training:
        return
    for given in training_given(subject.flow.calls, subject.source.text):
        part = subject.known.part(given.passed.paths[0])
        if part is None or subject.known.generation(part.root) != "keras3":
            continue
        name = part.symbol.rpartition(".")[2]
        if given.is_thawed:
            message = (
                f"`training=False` of `{name}` holds only while it is frozen: once it is thawed, "
                "fit of Keras 3 passes True; keep its BatchNormalization frozen"
            )
            yield found(subject, given.keyword, "KI104", message, severity="warning")
            continue
        message = (
            f"`training={given.value}` of `{name}` in a functional model is overridden: "
            "Keras 3 passes True in fit and False in predict"
        )
        replacement, layer = None, given.passed.call.func
        if not given.value and isinstance(layer, ast.Name):
            replacement = f"{layer.id}.trainable = False"
        yield found(subject, given.keyword, "KI104", message, replacement)
