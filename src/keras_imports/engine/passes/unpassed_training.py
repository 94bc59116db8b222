"""Report a model of a program's own whose `call` takes no `training`, but has layers that need it.

    class Net(keras.Model):
        def call(self, x):                  def call(self, x, training=None):
            return self.dropout(x)              return self.dropout(x, training=training)

`fit` of Keras 3 passes `training` to the model only where its `call` has a parameter of that name;
so such layers do there what they do in `predict`. Layers, and models within others, are told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods_by_name
from keras_imports.python.definitions import Definition
from keras_imports.python.expressions import is_own, parameters
from keras_imports.python.tree import CALLED, walk

# Layers that do something else in training; recurrent ones and attention if they are given a rate.
_TRAINED = re.compile(
    r"layers\.(?:\w*Dropout\w*|Gaussian\w+|BatchNormalization|Random[A-Z]\w*|SpectralNormalization)"
    r"|applications\.[A-Z]\w*"
)
_WITH_RATE = re.compile(r"layers\.(?:LSTM|GRU|SimpleRNN|ConvLSTM\dD|\w*Attention)(?:Cell)?")
_RATES = ("dropout", "recurrent_dropout")
_TRAINS = re.compile(r"\.\s*(?:compile|fit|fit_generator|train_on_batch)\s*\(")
_STEPS = frozenset({"train_step", "fit"})


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding at each `def call` of such a model that may be trained by itself."""
    for model in module.classes("Model"):
        own = methods_by_name(model)
        call = own.get("call")
        if call is None or _takes_training(call) or _STEPS & own.keys():
            continue
        layer = _layer_that_needs_it(module, model)
        if layer and _may_be_trained(module, model):
            message = (
                f"`fit` of {module.target} passes `training` only to a `call` that takes it, so "
                f"that `{layer}` does not train in `{model.name}`"
            )
            advice = "add `training=None` to its parameters, and pass it on to the layers"
            yield module.differs(call, message, advice)


def _takes_training(call: Definition) -> bool:
    return any(parameter.arg == "training" for parameter in parameters(call.args))


def _layer_that_needs_it(
    module: ModuleInMigration, model: ast.ClassDef, seen: tuple[ast.ClassDef, ...] = ()
) -> str:
    """Return what a class makes that does something else in training, "" if it makes none.

    A layer whose calls all pass `training` themselves does what they say.
    """
    told = _told(model)
    classes = {node.name: node for node in module.keras_classes}
    for node in walk(model):
        if not isinstance(node, ast.Call) or _assigned_to(module, node) in told:
            continue
        own = classes.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if own is not None and own is not model and own not in seen:
            call = methods_by_name(own).get("call")
            needs = call is not None and _takes_training(call)
            if needs or _layer_that_needs_it(module, own, (*seen, model)):
                return own.name
        symbol = module.symbol(node.func)
        if _TRAINED.fullmatch(symbol) or (_WITH_RATE.fullmatch(symbol) and _has_rate(node)):
            return symbol.rpartition(".")[2]
    return ""


def _told(model: ast.ClassDef) -> set[str]:
    """Return the attributes of a class that are called with `training` each time."""
    calls = [n for n in walk(model) if isinstance(n, ast.Call) and is_own(n.func)]
    by_name: dict[str, list[bool]] = {}
    for call in calls:
        passes = any(keyword.arg == "training" for keyword in call.keywords)
        by_name.setdefault(call.func.attr, []).append(passes)  # type: ignore[attr-defined]
    return {name for name, passes in by_name.items() if all(passes)}


def _assigned_to(module: ModuleInMigration, node: ast.AST) -> str:
    """Return the attribute of `self` that an expression is assigned to, "" if to none."""
    parent = module.tree.parent(node)
    if isinstance(parent, ast.Assign) and is_own(parent.targets[0]):
        return parent.targets[0].attr
    return ""


def _has_rate(call: ast.Call) -> bool:
    """Return whether a layer is given a rate of dropout that is not 0."""
    rates = (keyword.value for keyword in call.keywords if keyword.arg in _RATES)
    return any(not isinstance(rate, ast.Constant) or bool(rate.value) for rate in rates)


def _may_be_trained(module: ModuleInMigration, model: ast.ClassDef) -> bool:
    """Return whether a class may be what is trained: not where the module only uses it as a part.

    Of a class that nothing here makes an object of, another module does.
    """
    made = [
        node
        for node in module.tree.naming(model.name, CALLED)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == model.name
    ]
    inside = [n for n in made if any(a in module.keras_classes for a in module.tree.above(n))]
    if made and len(inside) == len(made):
        return False
    return not made or _TRAINS.search(module.text.text) is not None
