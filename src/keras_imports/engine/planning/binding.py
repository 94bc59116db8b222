"""Bind the arguments of a call to parameters, as its source release does."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from keras_imports.engine.planning.defaults import default_arguments
from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.selection import is_included, sections_between
from keras_imports.knowledge.rules import Rule, leading_to
from keras_imports.python.arguments import bind


def bound(draft: Draft, node: ast.Call) -> Draft:
    """Return the draft with a call's arguments as its source release understands them."""
    call = draft.call
    written = tuple(bind(call.text, node, _source_positions(draft)))
    given = {argument.name for argument in written}
    defaults = tuple(a for a in default_arguments(call) if a.name not in given)
    return replace(draft, written=written, arguments=written, defaults=defaults)


def _source_positions(draft: Draft) -> Sequence[str]:
    """Return the parameters that the source takes by position; rules know those of methods."""
    call, target = draft.call, draft.target
    if not call.method:
        return [p.name for p in call.signature or () if p.kind == "positional"]
    for step in sections_between(call.origin.generation, target.generation):
        for rule in leading_to(target, step, draft.symbol):
            is_new = rule.always or not is_included(rule, step, call.origin)
            if rule.positional and is_new:
                return rule.positional
    return ()


def bound_as_keras_1(draft: Draft, node: ast.Call, rule: Rule) -> Draft:
    """Bind as Keras 1 did where 2.0 to 2.3 still do: with more than they take by position."""
    call = draft.call
    if not rule.positional or call.origin.generation != "standalone":
        return draft
    if call.method:
        as_keras_1 = bool(node.args) and isinstance(node.args[0], (ast.Tuple, ast.List))
    else:
        parts = {part for joined in rule.join.values() for part in joined}
        known = any(p.kind == "positional" for p in call.signature or ())
        sizes = node.args[1:]
        by_name = any(argument.name in parts for argument in draft.arguments)
        certain = call.origin.exact or all(isinstance(size, ast.Constant) for size in sizes)
        as_keras_1 = by_name or not known or (len(sizes) > 1 and certain)
        if any(isinstance(size, (ast.Tuple, ast.List)) for size in sizes):
            as_keras_1 = False
    if not as_keras_1:
        return draft
    return replace(draft, arguments=tuple(bind(call.text, node, rule.positional)))
