"""What calls and names of another Keras become in the target; the knowledge is in renames.yml."""

from __future__ import annotations

from keras_imports.knowledge.rules import definitions, has_setter, members, methods_anywhere
from keras_imports.knowledge.target import Target
from keras_imports.migrate.passes.first_layer_shapes import inputs_first
from keras_imports.migrate.passes.loop_variables import values_kept
from keras_imports.migrate.planning.call import Call, Plan
from keras_imports.migrate.planning.planner import Planner, StayError, identity, method_key

__all__ = [
    "MEMBERS",
    "METHODS",
    "SET",
    "Call",
    "Plan",
    "identity",
    "plan_call",
    "renamed_definition",
]

# The last names of the methods and attributes that mean Keras whatever object they are of.
METHODS = frozenset(key.rpartition(".")[2] for key in methods_anywhere())

# Those of all methods and attributes that anything becomes of.
MEMBERS = frozenset(key.rpartition(".")[2] for key in members()) | {"add"}

# Those that cannot be set by the same name in every Keras.
SET = frozenset(key.rpartition(".")[2] for key in members() if has_setter(key))


def plan_call(call: Call, target: Target) -> Plan:
    """How a call or bare name is written in the target."""
    plan = Planner(call, target)
    try:
        if call.node is None:
            return plan.name()
        moved = plan.call(call.node)
    except StayError as reason:
        return Plan(left=(reason.left,))
    return Plan((*moved.edits, *inputs_first(call, target), *values_kept(call, target)), moved.left)


def renamed_definition(path: str, name: str, target: Target) -> str | None:
    """What a method is called that a class defines for Keras to call; `None` if as before.

    `path` is that of the Keras class that the class is derived from.
    """
    kind = method_key(f"{path}().{name}").partition("(")[0]
    return definitions().get(kind, {}).get(name) if target.generation != "keras1" else None
