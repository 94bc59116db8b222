"""KI007, KI008, KI105: find keyword arguments that fail, are converted, or are ignored."""

from __future__ import annotations

from functools import lru_cache

from keras_imports import atlas
from keras_imports.check.calls import KerasCall
from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.codes import NOT_TAKEN, not_taken
from keras_imports.engine.findings import Code, Example
from keras_imports.knowledge.arguments import all_by_rest, instead_of, new_names, takes_by_rest

KI007 = NOT_TAKEN
KI008 = Code(
    "KI008",
    "warning",
    "deprecated argument",
    "This release still takes the argument by its old name and converts it, with a warning; "
    "later ones do not.",
    since="keras 2.0 to 2.3",
    example=Example.of(
        """
        from keras.layers import Dense

        layer = Dense(3, init="zeros")
        """,
        """
        from keras.layers import Dense

        layer = Dense(3, kernel_initializer="zeros")
        """,
        installed=("keras==2.3.1", "tensorflow==2.1.4"),
    ),
)
KI105 = Code(
    "KI105",
    "error",
    "argument that is ignored",
    "The call passes an argument that this release takes, at most with a warning, and does "
    "nothing with. What it was meant for has to be written in another way, as `decay` as a "
    "schedule.",
    "differs",
    since="keras and TensorFlow 2.11 and later",
    example=Example.of(
        """
        import keras

        optimizer = keras.optimizers.Adam(decay=1e-6)
        """,
        """
        import keras

        optimizer = keras.optimizers.Adam(
            learning_rate=keras.optimizers.schedules.InverseTimeDecay(
                0.001, decay_steps=1, decay_rate=1e-6))
        """,
    ),
)
_VERBS = {
    KI008: "still converts the Keras 1 argument",
    KI105: "ignores the argument",
}


def unknown_arguments(module: CheckedModule) -> Violations:
    """Find keyword arguments that the signature does not name and nothing else accepts."""
    for call in module.named_calls:
        if call.entry.signature is not None and call.node.keywords:
            yield from _of_call(call)


RULE = Rule(unknown_arguments, (KI007, KI008, KI105))


def _of_call(call: KerasCall) -> Violations:
    signature = call.entry.signature or ()
    names = {parameter.name for parameter in signature if not parameter.kind.startswith("*")}
    takes_rest = any(parameter.kind == "**" for parameter in signature)
    for keyword in call.node.keywords:
        given = keyword.arg
        if given is None or given in names:
            continue
        code = _by_rest(call, given, names) if takes_rest else KI007
        if code is not None:
            message = (
                not_taken(call.path, given, call.release)
                if code is KI007
                else f"`{call.name}` of {call.release} {_VERBS[code]} `{given}`"
            )
            new = next((name for name in new_names(given) if name in names or not names), None)
            advice = instead_of(call.symbol, given, _free(call)) if code is KI007 else ""
            yield Violation(code, keyword, message, new and f"{new}=", advice=advice)


def _free(call: KerasCall) -> set[str]:
    """Return the names of the parameters that a call does not pass."""
    rest = (call.entry.signature or ())[len(call.node.args) :]
    names = {parameter.name for parameter in rest if not parameter.kind.startswith("*")}
    return names - {keyword.arg for keyword in call.node.keywords}


def _by_rest(call: KerasCall, given: str, names: set[str]) -> Code | None:
    """Return the code for an argument that only `**` takes, or `None` if it is all right."""
    if call.entry.kind != "class":
        known = all_by_rest(call.symbol, call.generation)
        return None if known is None or given in known else KI007
    accepted = takes_by_rest(call.symbol, call.generation, given)
    if call.symbol.startswith("optimizers."):
        # Keras 2.11 brought other optimizers, which know `use_ema` and no longer `decay`.
        is_new = call.generation == "keras2" and "use_ema" in names
        if given == "decay" and (is_new or call.generation == "keras3"):
            return KI007 if is_new else KI105
        if given == "lr" and is_new:
            return KI105
        return None if accepted else KI007
    if accepted:
        return None
    is_known = _was_parameter(call.symbol, given)
    if call.generation == "standalone" and is_known and new_names(given):
        return KI008
    # In older releases a class may take an argument out of `**` that its base does not know.
    return KI007 if is_known or call.generation == "keras3" else None


@lru_cache(maxsize=10_000)
def _was_parameter(symbol: str, given: str) -> bool:
    """Return whether the symbol has this parameter in some release or flavour."""
    if new_names(given):
        return True
    return any(
        parameter.name == given
        for identity in (symbol, f"compat.v1.{symbol}")
        for spans in atlas.history(identity).values()
        for span in spans
        for parameter in span.signature or ()
    )
