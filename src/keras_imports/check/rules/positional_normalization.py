"""KI106: find positional arguments of BatchNormalization, whose first parameter has changed."""

from __future__ import annotations

import ast

from keras_imports.check.calls import KerasCall
from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.python.arguments import constant

KI106 = Code(
    "KI106",
    "error",
    "positional argument of BatchNormalization that changed its meaning",
    "The first parameter was epsilon in Keras 1 and is axis since; standalone Keras 2.0 to "
    "2.3 takes no positional arguments at all.",
    "differs",
    since="keras 2.0 and later",
    example=Example.of(
        """
        from keras.layers import BatchNormalization

        layer = BatchNormalization(1e-3)
        """,
        """
        from keras.layers import BatchNormalization

        layer = BatchNormalization(epsilon=1e-3)
        """,
    ),
)


def positional_normalization(module: CheckedModule) -> Violations:
    """Find a first argument of BatchNormalization that is not of the kind that it should be."""
    for call in module.named_calls:
        if call.symbol.startswith("layers.BatchNormalization") and call.node.args:
            yield from _first_argument(call, call.node.args[0])


RULE = Rule(positional_normalization, (KI106,))


def _first_argument(call: KerasCall, first: ast.expr) -> Violations:
    value, name, release = constant(first), call.name, call.release
    if call.generation == "standalone":
        message = f"`{name}` of {release} takes no positional arguments: pass them by name"
        yield Violation(KI106, first, message)
    elif call.generation == "keras1" and isinstance(value, int):
        message = f"the first parameter of `{name}` is epsilon in {release}, not axis"
        yield Violation(KI106, first, message, f"axis={value}")
    elif call.generation in ("keras2", "keras3") and isinstance(value, float):
        message = f"the first parameter of `{name}` is axis in {release}, not epsilon"
        yield Violation(KI106, first, message, f"epsilon={ast.unparse(first)}")
