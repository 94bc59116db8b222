"""Report what a module makes of Keras 2 that does not load, or is not cloned, in Keras 3.

    Lambda(lambda x: x * 2)         is refused by `load_model`, and by `clone_model`
    Lambda(twice)                   has to be among `custom_objects`
    class Own(Layer):
        def __init__(self, units):  is given `trainable` and `dtype`, too

Keras 2 keeps the code of a function in the file, and gives a layer no more than it asks for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, passed
from keras_imports.python.definitions import Definition
from keras_imports.python.references import Reference

_CLONE = "models.clone_model"
_LAMBDA = "layers.Lambda"
_LOADERS = {
    "saving.load_model": "pass `safe_mode=False`",
    "models.model_from_json": "call `keras.config.enable_unsafe_deserialization()` before",
    _CLONE: "call `keras.config.enable_unsafe_deserialization()` before",
}
_MAY_LOAD = re.compile(r"\b(?:load_model|model_from_json|clone_model)\b")
_ALLOWS = r"\benable_unsafe_deserialization\b"
_REGISTERS = r"\bregister_keras_serializable\b|custom_object|CustomObjectScope"
_LAYER = re.compile(r"\.(?:layers\.\w+|Layer)$")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and the module may load a model."""
    may_load = _MAY_LOAD.search(module.text.text) or module.text.has(_REGISTERS)
    return module.target.generation == "keras3" and bool(may_load)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each call that loads a model, and each layer that is not loaded."""
    called = [(r, module.symbol(r.node)) for r in module.references if r.call]
    lambdas = [r.call for r, symbol in called if r.call and symbol == _LAMBDA]
    functions = [f for call in lambdas if (f := passed(call, 0, "function")) is not None]
    for reference, symbol in called:
        function = _refused(module, reference, functions) if symbol in _LOADERS else None
        if function is not None:
            yield _not_loaded(module, reference, symbol, function)
    if module.text.has(_REGISTERS):
        for kind, path in module.keras_classes.items():
            constructor = _constructor(kind)
            is_layer = _LAYER.search(path) and any(b in module.reference_of for b in kind.bases)
            if constructor and is_layer and _is_registered(module, kind):
                message = f"{module.target} gives a layer that it loads `trainable` and `dtype`"
                advice = "take `**kwargs`, and pass them to `super().__init__`"
                yield module.unfixed(constructor, message, advice)


# Functions in `Lambda`


def _refused(
    module: ModuleInMigration, loader: Reference, functions: list[ast.expr]
) -> ast.expr | None:
    """Return the function of a `Lambda` of the module that a call does not load."""
    given = {keyword.arg for keyword in loader.call.keywords} if loader.call else set()
    allows = "safe_mode" in given or module.text.has(_ALLOWS)
    registers = module.text.has(_REGISTERS)
    for function in functions:
        if isinstance(function, ast.Lambda) and not allows:
            return function
        if isinstance(function, ast.Name) and not registers:
            return function
    return None


def _not_loaded(
    module: ModuleInMigration, loader: Reference, symbol: str, function: ast.expr
) -> Fix:
    """Return the finding for a call that loads a model which the function may be part of."""
    source = module.text.of(function).partition("\n")[0]
    verb = "cloned" if symbol == _CLONE else "loaded"
    message = f"a model with `Lambda({source})` is not {verb} in {module.target}"
    if isinstance(function, ast.Lambda):
        advice = f"{_LOADERS[symbol]}, or make a layer of the lambda"
    else:
        advice = f"decorate `{source}` with `@keras.saving.register_keras_serializable()`"
    node = loader.call or loader.node
    finding = module.unfixed(node, message, advice)
    return replace(finding, severity="warning", certain=False)  # it may be another model


# Layers of one's own


def _constructor(kind: ast.ClassDef) -> Definition | None:
    """Return the `__init__` of a class if it takes no `**`, and no method says how it is loaded."""
    own = methods_by_name(kind)
    constructor = own.get("__init__")
    if constructor is None or constructor.args.kwarg or {"get_config", "from_config"} & own.keys():
        return None
    return constructor


def _is_registered(module: ModuleInMigration, kind: ast.ClassDef) -> bool:
    """Return whether a class is one that models are loaded with."""
    if any("register_keras_serializable" in ast.unparse(node) for node in kind.decorator_list):
        return True
    own = re.compile(rf"""(["']){kind.name}\1\s*:\s*(?:\w+\.)?{kind.name}\b""")
    text = module.text
    uses = (place - 1 for place in text.places(kind.name) if own.match(text.text, place - 1))
    return any(_is_meant(module, kind, use) for use in uses)


def _is_meant(module: ModuleInMigration, kind: ast.ClassDef, place: int) -> bool:
    """Return whether a place means this class, and not one that takes its name from it."""
    same = [node for node in module.keras_classes if node.name == kind.name]
    starts = sorted(module.text.span(node).start for node in same)
    before = [start for start in starts if start < place]
    return module.text.span(kind).start == (before or starts)[-1]
