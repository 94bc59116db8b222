"""Fix activations that are functions of another shape now."""

from __future__ import annotations

import ast

from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.templates import filled
from keras_imports.knowledge.rules import Rule, sections
from keras_imports.python.edits import Edit


def hard_sigmoid(draft: Draft, _rule: Rule) -> Draft | Plan:
    """Write `activation=hard_sigmoid` as `activation='hard_sigmoid'` is written.

    A call of it is an expression; that in a `lambda` could not be saved with its layer.
    """
    call = draft.call
    if not call.is_bare or not _is_activation(call):
        return draft
    (of_layers,) = sections()["keras3"]["layers.*"]
    template = of_layers.arguments["activation"].code["hard_sigmoid"]
    span = call.text.span(call.function)
    return Plan((Edit(span.start, span.end, filled(draft, template, {})),))


def _is_activation(call: Call) -> bool:
    """Return whether a name is given to a layer as its activation."""
    parent = call.parent
    if isinstance(parent, ast.keyword):
        return parent.arg in ("activation", "recurrent_activation")
    return isinstance(parent, ast.Call) and ast.unparse(parent.func).endswith("Activation")
