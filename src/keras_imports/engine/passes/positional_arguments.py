"""Report calls that pass more by position than the target takes.

    model.predict(x, 32, 1, None, [], 10, 4)    TypeError: `workers` went with Keras 3
    layers.Flatten("channels_last", 3)          TypeError

What a rule moves or names is said by that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.atlas import Signature
from keras_imports.engine.codes import NOT_TAKEN
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.owners import is_prepared, owners, signature_of
from keras_imports.engine.reference_plans import plan_use
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference

applies = always  # the atlas tells what each target takes


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for the first argument that is one too many."""
    for reference in module.references:
        call = reference.call
        if call is None or not call.args or not reference.certain or is_prepared(reference):
            continue
        if any(isinstance(each, ast.Starred) for each in call.args):
            continue
        most = _most(module, reference)
        if most is None or len(call.args) <= most or _is_said(module, reference):
            continue
        name = module.text.of(reference.node).rpartition(".")[2]
        message = f"`{name}` takes {most} by position in {module.target}, not {len(call.args)}"
        advice = "pass by name what is meant, and leave out what it does not take"
        yield module.unfixed(call.args[most], message, advice, NOT_TAKEN.name)


def _most(module: ModuleInMigration, reference: Reference) -> int | None:
    """Return how many arguments are taken by position, `None` where that is not known."""
    node = reference.node
    if has_call(reference.path):
        name = node.attr if isinstance(node, ast.Attribute) else ""
        symbols = owners(module, reference) if name else ()
        signatures = [signature_of(module.target, symbol, name) for symbol in symbols]
    else:
        signatures = [_signature(module, path) for path in reference.paths if is_keras_path(path)]
    numbers = [_positions(signature) for signature in signatures]
    known = [number for number in numbers if number is not None]
    return max(known) if known and len(known) == len(numbers) else None


def _signature(module: ModuleInMigration, path: str) -> Signature | None:
    """Return the signature of a class or function in the target, `None` where it is not known."""
    resolved = module.resolve(path)
    if resolved is None or resolved.is_module or resolved.rest:
        return None
    counterpart = module.counterpart(resolved)
    entry = atlas.lookup(module.target.env, counterpart) if counterpart else None
    return entry.signature if entry is not None else None


def _positions(signature: Signature | None) -> int | None:
    if signature is None or any(parameter.kind == "*" for parameter in signature):
        return None
    return sum(parameter.kind == "positional" for parameter in signature)


def _is_said(module: ModuleInMigration, reference: Reference) -> bool:
    """Return whether a rule changes what is passed, or says something of the call."""
    node, call = reference.node, reference.call
    if call is None or not isinstance(node, ast.expr):
        return True
    passed = module.text.span(node).end, module.text.span(call).end
    for path in reference.paths:
        plan = plan_use(module, path, node, call)
        edits = plan.edits if plan is not None else ()
        if plan is not None and plan.left:
            return True
        if any(passed[0] < edit.end and edit.start < passed[1] for edit in edits):
            return True
    return False
