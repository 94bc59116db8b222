"""Plan what functions and names of TensorFlow become: those of Keras for every backend."""

from __future__ import annotations

from dataclasses import replace

from keras_imports.atlas import Signature
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.call import Call, Plan
from keras_imports.engine.planning.draft import Draft, entry_in
from keras_imports.engine.planning.plan import ruled, written
from keras_imports.engine.planning.report import gone, unsure
from keras_imports.engine.planning.templates import filled
from keras_imports.knowledge.rules import Rule
from keras_imports.knowledge.target import Target
from keras_imports.python.arguments import bind
from keras_imports.python.edits import Edit


def plan_function(call: Call, rule: Rule, target: Target) -> Plan:
    """Plan how a call or name is written by its rule; `StayError` if that cannot be."""
    draft = Draft(call, target, "")
    if call.node is None:
        return _name(draft, rule)
    names = [name for name in rule.positional if name != "*"]
    arguments = tuple(bind(call.text, call.node, names))
    draft = replace(draft, written=arguments, arguments=arguments)
    takes_more = any(p.kind == "*" for p in _signature(rule, target))
    for argument in arguments:
        is_more = takes_more and argument.written is None and not argument.name
        if argument.name not in rule.arguments and not is_more:
            unsure(draft, "")
    plan = ruled(draft, call.node, rule, "tensorflow")
    return plan if isinstance(plan, Plan) else written(plan, call.node)


def _name(draft: Draft, rule: Rule) -> Plan:
    """Plan how a name without a call is written."""
    span = draft.call.text.span(draft.call.function)
    template = rule.template.get(frozenset())
    if template is not None:
        pieces = filled(draft, in_quotes_of(draft.call.text.text, template), {})
        return Plan((Edit(span.start, span.end, pieces),))
    names = [to for name in rule.positional for to in rule.arguments[name].to[:1]]
    signature = [parameter.name for parameter in _signature(rule, draft.target)]
    if not rule.to or rule.explicit or rule.fixer or names != signature[: len(names)]:
        gone(draft)
    return Plan((Edit(span.start, span.end, (TargetName(rule.to[0]),)),))


def _signature(rule: Rule, target: Target) -> Signature:
    entry = entry_in(target, rule.to[0]) if rule.to else None
    return (entry and entry.signature) or ()


def in_quotes_of(text: str, code: str) -> str:
    """Return code with its quotes as most are in a text."""
    return code.replace("'", '"') if text.count('"') > text.count("'") else code
