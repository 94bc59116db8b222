"""KI107: find calls of names that can be imported, but raise when they are called."""

from __future__ import annotations

from keras_imports import atlas
from keras_imports.check.calls import KerasCall
from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example

KI107 = Code(
    "KI107",
    "error",
    "name that imports, and raises when it is called",
    "Keras kept the name so that programs can be imported, but nothing is behind it: a call "
    "raises ImportError or another error.",
    since="Keras 3",
    example=Example.of(
        """
        import keras

        optimizer = keras.optimizers.legacy.SGD()
        """,
        """
        import keras

        optimizer = keras.optimizers.SGD()
        """,
    ),
)


def placeholders(module: CheckedModule) -> Violations:
    """Find calls of names that only raise."""
    for call in module.placeholder_calls:
        message = f"`{call.path}` can be imported from {call.release}, but raises when called"
        yield Violation(KI107, call.node, message, _working_path(call))


RULE = Rule(placeholders, (KI107,))


def _working_path(call: KerasCall) -> str | None:
    """Return a path of the same flavour that has the name and is no placeholder."""
    for symbol in atlas.symbols(call.name):
        public = call.counterpart(symbol)
        if public is not None and public != call.path and ".legacy." not in public:
            return public
    return None
