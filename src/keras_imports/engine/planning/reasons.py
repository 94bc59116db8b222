"""Tell why a call or name must change for the target.

The atlas says if the target has the path as it is written, and takes the arguments. Where both
sides have something that means two things, the rule for it gives the `reason`.
"""

from __future__ import annotations

import ast

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.engine.planning.binding import bound
from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.draft import Draft, entry_in
from keras_imports.engine.planning.first_layer_shapes import inputs_first
from keras_imports.engine.planning.loop_variables import values_kept
from keras_imports.engine.planning.plan import edits_of, ruled, unapplied
from keras_imports.engine.planning.report import StayError
from keras_imports.engine.planning.selection import first_draft, is_reordered
from keras_imports.engine.planning.signatures import checked, spelled_out
from keras_imports.knowledge.reasons import Reason
from keras_imports.knowledge.rules import Rule
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.knowledge.target import Target

_OTHER_CLASSES = "compat."  # the symbols and roots of what Keras has twice


def reason_of(call: Call, target: Target) -> Reason:
    """Return why a call, or a name that is not called, must change; `style` if it need not.

    It is that of the path below the root: whether the root is the target's is another question.
    """
    root, path = atlas.split_flavour(call.path)
    here = (_class_of(path, target) or entry_in(target, path)) if root else None
    if here is None:
        return "fails"
    draft = first_draft(call, target)
    rules = [(section, rule) for section, rule in unapplied(draft) if rule.reason != "style"]
    given = {rule.reason for _, rule in rules}
    if "fails" in given:
        return "fails"
    if "differs" in given or not _is_same(call, here, path, target):
        return "differs"
    if not _is_taken(draft, here, [each for each in rules if not _moves(each[1])]):
        return "fails"
    return "private" if "private" in given or not here.public else "style"


def _class_of(path: str, target: Target) -> Entry | None:
    """Return the class of the target that a path leads to an attribute of: `Reduction.NONE`."""
    owner = entry_in(target, path.rpartition(".")[0])
    return owner if owner is not None and owner.kind == "class" else None


def _is_same(call: Call, here: Entry, path: str, target: Target) -> bool:
    """Return whether the path is the same class or function in the target."""
    if _OTHER_CLASSES in call.path or call.symbol.startswith(_OTHER_CLASSES):
        return False
    symbol = shared_symbol(call.path, call.symbol)
    return here.symbol == symbol or target.path(symbol) in (None, path)


def _moves(rule: Rule) -> bool:
    """Return whether a rule leads to another symbol, so that its arguments are those of that."""
    return bool(rule.to or rule.template or rule.cases)


def _is_taken(draft: Draft, here: Entry, rules: list[tuple[str, Rule]]) -> bool:
    """Return whether the target takes a call by its old name, and nothing is to be said of it."""
    node = draft.call.node
    if node is None:
        return all(rule.is_about_arguments for _, rule in rules)
    beside = (*inputs_first(draft.call, draft.target), *values_kept(draft.call, draft.target))
    if beside or is_reordered(draft.call, node):
        return False
    try:
        return _is_unchanged(bound(draft, node), node, here, rules)
    except StayError:
        return False


def _is_unchanged(draft: Draft, node: ast.Call, here: Entry, rules: list[tuple[str, Rule]]) -> bool:
    """Return whether neither the rules nor the target's signature change a call.

    `StayError` if one of them leaves it to a person.
    """
    for section, rule in rules:
        result = ruled(draft, node, rule, section)
        if isinstance(result, Plan):
            return False
        draft = result
    if here.signature is not None:
        draft = spelled_out(draft, here.signature)
        draft = checked(draft, here, here.signature)
    changed = draft.remarks or draft.edits or draft.path
    return not changed and not edits_of(draft, node, here.signature)
