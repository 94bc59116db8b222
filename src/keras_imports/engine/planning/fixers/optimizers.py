"""Fix optimizers."""

from __future__ import annotations

import re
from dataclasses import replace

from keras_imports.engine.planning.draft import Draft
from keras_imports.engine.planning.literals import described
from keras_imports.engine.planning.templates import filled
from keras_imports.knowledge.rules import Rule
from keras_imports.python.arguments import Argument

_ZERO = re.compile(r"0(\.0)?$")
_SETS_RATE = r"ReduceLROnPlateau|LearningRateScheduler|optimizer\.(lr|learning_rate)\b"
_SCHEDULE = (
    "{@optimizers.schedules.InverseTimeDecay}({learning_rate}, decay_steps=1, decay_rate={decay})"
)


def decay(draft: Draft, rule: Rule) -> Draft:
    """Make a schedule of `learning_rate` and `decay`, which optimizers do not take any more."""
    given = draft.given
    argument = given.get("decay")
    if argument is None:
        return draft
    rates = {a.name: a for a in draft.defaults if a.name == "learning_rate"} | given
    draft = _warned(draft, argument, rule)
    if "learning_rate" not in rates:
        return draft
    parts = [given[name] for name in given if name in ("learning_rate", "decay")]
    schedule = replace(
        parts[0], name="learning_rate", value=filled(draft, _SCHEDULE, rates), node=None
    )
    arguments = tuple(
        schedule if a is parts[0] else a for a in draft.arguments if a is parts[0] or a not in parts
    )
    return replace(draft, arguments=arguments)


def _warned(draft: Draft, argument: Argument, rule: Rule) -> Draft:
    """Remark on a decay in modules that set the learning rate while they train, too."""
    if _ZERO.match(described(draft.call.text, argument)) or not draft.mentions(_SETS_RATE):
        return draft
    message = f"the learning rate of `{draft.shown}` is a schedule now, and nothing else can set it"
    return draft.remarked(rule.note, message, argument.node)
