"""Report arguments that a call takes from a dictionary, and that the target does not take.

    options = dict(momentum=0.9, fused=True)        or `{"momentum": 0.9, "fused": True}`
    x = BatchNormalization(**options)(x)

Nothing is edited: others may use the dictionary as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from keyword import iskeyword

from keras_imports.engine.changes import wrong_with
from keras_imports.engine.codes import NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.placeholders import InsertedFunction, QualifiedName, TargetName
from keras_imports.engine.planning.call import Call, nowhere
from keras_imports.engine.planning.plan import plan_call
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.edits import Placeholder, Text, apply
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference

applies = always  # the rules say for which targets they hold


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such argument, once."""
    if "**" not in module.text.text:
        return
    told: set[tuple[int, str]] = set()
    for reference in module.references:
        for key, value in _unpacked(module, reference.call) if reference.call else ():
            finding = _finding(module, reference, key, value)
            if finding is not None and (finding.line, finding.message) not in told:
                told.add((finding.line, finding.message))
                yield finding


def _unpacked(module: ModuleInMigration, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield the arguments that a call takes by `**` from what is written in the module."""
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from _items(module.value_of(keyword.value))


def _items(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the arguments that a dictionary holds, as far as it is written there."""
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            yield from ((each.arg, each.value) for each in keywords if each.arg)


def _finding(
    module: ModuleInMigration, reference: Reference, key: str, value: ast.expr
) -> Finding | None:
    """Return the finding for an argument; `None` if the target takes it as it is."""
    call = _call(module, reference) if key.isidentifier() and not iskeyword(key) else None
    if call is None:
        return None
    code = f"f({key}={module.text.of(value)})"
    node = ast.parse(code, mode="eval").body
    if not isinstance(node, ast.Call):
        return None
    alone = replace(call, text=Text(code), function=node.func, node=node, above=nowhere)
    plan = plan_call(alone, module.target)
    for left in plan.left:
        if f"`{key}`" in left.message:
            return Finding.at(module.text, value, left.message, left.advice, left.code, left.reason)
    wrong = wrong_with(alone, module.target) if plan.edits else None
    new = ast.parse(apply(code, plan.edits, _written), mode="eval").body
    if wrong is None or wrong.code is NOT_THERE or not isinstance(new, ast.Call):
        return None
    written = ", ".join(map(ast.unparse, new.keywords))
    advice = f"write `{written}`" if written else "leave it out"
    return Finding.at(module.text, value, wrong.message, advice, wrong.code.name, wrong.reason)


def _call(module: ModuleInMigration, reference: Reference) -> Call | None:
    """Return the call of some Keras that a reference is; `None` if it is none."""
    path, node = reference.path, reference.node
    if not isinstance(node, ast.expr) or len(reference.paths) > 1 or not is_keras_path(path):
        return None
    if has_call(path):
        return module.method(path, node, reference.call)
    resolved = module.resolve(path)
    if resolved is None or resolved.is_module or resolved.rest:
        return None
    return module.call(resolved, path, node, reference.call)


def _written(name: Placeholder) -> str:
    """Return how a name of the target is shown."""
    if isinstance(name, (TargetName, QualifiedName)):
        return name.path
    return name.name if isinstance(name, InsertedFunction) else str(name)
