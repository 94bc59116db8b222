"""Report attributes that a class sets, and that are properties of its base in Keras 3.

    class Log(keras.callbacks.Callback):
        def __init__(self, model):
            self.model = model              raises an AttributeError

Keras 2 has no such properties, or lets them be set.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods, set_by
from keras_imports.knowledge.rules import read_only
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import walk

applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each that is set, but of a property that the class defines itself."""
    for kind, names in read_only().items():
        for node in module.classes(kind):
            own = {method.name for method in methods(node)}
            for assigned in (each for inner in walk(node) for each in set_by(inner)):
                if is_own(assigned) and assigned.attr in names and assigned.attr not in own:
                    message = f"`{assigned.attr}` of a `{kind}` cannot be set in {module.target}"
                    advice = "give the attribute another name"
                    if kind == "Callback":
                        advice += ", or leave it out: `fit` tells a callback its model"
                    yield module.unfixed(assigned, message, advice)
