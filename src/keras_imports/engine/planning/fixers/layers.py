"""Fix layers, and arguments of theirs."""

from __future__ import annotations

import ast
from dataclasses import replace

from keras_imports.engine.codes import BEHAVIOUR
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.fixers.releases import is_before
from keras_imports.engine.planning.literals import described
from keras_imports.engine.planning.report import unsure
from keras_imports.engine.planning.sizes import assigned_in
from keras_imports.engine.planning.templates import with_argument
from keras_imports.knowledge.rules import Change, Rule
from keras_imports.python.arguments import Argument
from keras_imports.python.edits import Span
from keras_imports.versions import version_key

_SINCE_FLATTEN = {"keras": "2.1.6"}
_CHANNELS_FIRST = r"set_image_d(ata_format|im_ordering)\(['\"](th|channels_first)"
_FREEZES = r"\btrainable\s*=\s*False"


def flatten(draft: Draft, rule: Rule) -> Draft:
    """Flatten images of channels first as they are; keras since 2.1.6 puts the channels last."""
    if not is_before(draft.call, _SINCE_FLATTEN) or not draft.mentions(_CHANNELS_FIRST):
        return draft
    if not draft.call.is_bare:
        draft = with_argument(draft, "data_format", "'channels_last'")
    return draft if draft.call.origin.exact else draft.remarked(rule.note)


def interpolation(draft: Draft, rule: Rule) -> Draft:
    """Tell that TensorFlow 1 interpolated otherwise; of code for Keras 3 only if that is unsure."""
    call, argument = draft.call, draft.given.get("interpolation")
    if argument is None or "bilinear" not in described(call.text, argument):
        return draft
    origin = call.origin
    if origin.generation == "keras3" and not draft.is_doubtful:
        return draft
    if origin.exact and origin.flavour != "keras" and version_key(origin.release) >= (2,):
        return draft
    message = f"`{draft.shown}` interpolates between other points than TensorFlow 1 did"
    return draft.remarked(rule.note, message, argument.node, BEHAVIOUR)


def frozen_statistics(draft: Draft, rule: Rule) -> Draft:
    """Tell what a frozen BatchNormalization does now, in modules that freeze something."""
    return draft.remarked(rule.note) if draft.mentions(_FREEZES) else draft


def single_axis(draft: Draft, argument: Argument, _change: Change) -> Argument:
    """Pass the only element of a list as it is: `axis=[3]` as `axis=3`."""
    node = argument.node
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
        return argument.valued(draft.call.text.span(node.elts[0]))
    return argument


def single_number(draft: Draft, argument: Argument, _change: Change) -> Argument:
    """Pass a number that stands for a shape of one dimension as a tuple."""
    node, text = argument.node, draft.call.text
    values = [node]
    if isinstance(node, ast.Name):
        values = [*assigned_in(text.text, node.id)]
    if node is None or not values or not all(type(_number(value)) is int for value in values):
        return argument
    return argument.valued("(", text.span(node), ",)")


def _number(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def without_batch_size(draft: Draft, argument: Argument, _change: Change) -> Argument | None:
    """Pass a shape without its first element, `None`; a known size or shape cannot be passed."""
    node = argument.node
    if not isinstance(node, (ast.List, ast.Tuple)) or len(node.elts) < 2:
        return None
    first, *rest = node.elts
    if not isinstance(first, ast.Constant) or first.value is not None:
        return None
    text = draft.call.text
    inner = Span(text.span(rest[0]).start, text.span(rest[-1]).end)
    return argument.valued("(", inner, ",)" if len(rest) == 1 else ")")


def connected_models(draft: Draft, _argument: Argument, change: Change) -> Argument:
    """Leave a `Merge` of models to a person: only layers are merged now."""
    return unsure(draft, change.left)


def one_shape(draft: Draft, _rule: Rule) -> Draft:
    """Leave out the shape of an input that is given with that of its batch, which counts alone."""
    batch = draft.given.get("batch_shape")
    if batch is None or getattr(batch.node, "value", batch) is None:
        return draft
    arguments = tuple(a for a in draft.arguments if a.name != "shape")
    return replace(draft, arguments=arguments)
