"""Report arguments that a method of an object's class does not take.

    model = keras.Sequential()
    model.fit(x, y, epoch=3)                TypeError, or ValueError

The atlas tells what a method takes, and `arguments.yml` what it takes by `**`. What a rule moves or
names is said by that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.codes import NOT_TAKEN, not_taken
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.owners import is_prepared, owners, signature_of
from keras_imports.engine.planning.call import Plan
from keras_imports.knowledge.arguments import all_by_rest, instead_of
from keras_imports.knowledge.methods import Method
from keras_imports.knowledge.target import Target
from keras_imports.python.references import Reference

applies = always  # the atlas tells what the methods of each target take


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each argument that no class takes which the object may be of."""
    for reference in module.references:
        node, call = reference.node, reference.call
        if call is None or not call.keywords or not isinstance(node, ast.Attribute):
            continue
        if not reference.certain or is_prepared(reference):
            continue
        symbols = owners(module, reference)
        names = [_taken(module.target, symbol, node.attr) for symbol in symbols]
        known = [each for each in names if each is not None]
        if not known or len(known) < len(names):
            continue
        taken = {name for each in known for name in each}
        wrong = [each for each in call.keywords if each.arg and each.arg not in taken]
        plans = _plans(module, reference, node, call) if wrong else []
        for keyword in wrong:
            name = keyword.arg or ""
            if any(_is_about(module, plan, keyword) for plan in plans):
                continue
            message = not_taken(f"{symbols[0].rpartition('.')[2]}.{node.attr}", name, module.target)
            given = {each.arg for each in call.keywords}
            given |= {*known[0][: len(call.args)]}
            advice = instead_of(symbols[0], name, taken - given)
            yield module.unfixed(keyword, message, advice, NOT_TAKEN.name)


def _taken(target: Target, symbol: str, name: str) -> list[str] | None:
    """Return the names that a method takes; `None` where that is not known, or it takes any."""
    signature = signature_of(target, symbol, name)
    if signature is None:
        return None
    names = [parameter.name for parameter in signature if not parameter.kind.startswith("*")]
    if all(parameter.kind != "**" for parameter in signature):
        return names
    by_rest = all_by_rest(Method(f"keras.{symbol}", name).key, target.generation)
    return None if by_rest is None else [*names, *by_rest]


def _plans(
    module: ModuleInMigration, reference: Reference, node: ast.Attribute, call: ast.Call
) -> list[Plan]:
    """Return what rules make of a call."""
    plans = [module.plan_method(path, node, call) for path in reference.paths]
    return [plan for plan in plans if plan is not None]


def _is_about(module: ModuleInMigration, plan: Plan, keyword: ast.keyword) -> bool:
    """Return whether a plan changes an argument, or says something of it."""
    span = module.text.span(keyword)
    if any(edit.start < span.end and span.start < edit.end for edit in plan.edits):
        return True
    return any(f"`{keyword.arg}`" in each.message or not plan.edits for each in plan.left)
