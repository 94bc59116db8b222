"""Plan what one meaning of a use becomes: by the rules, or as one of a few special cases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace

from keras_imports import atlas
from keras_imports.engine.around import lines_of_decorator
from keras_imports.engine.changes import Change, Wrong, wrong_with
from keras_imports.engine.codes import BEHAVIOUR, NOT_THERE, PRIVATE
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.nodes import set_by
from keras_imports.engine.placeholders import QualifiedName
from keras_imports.engine.planning.call import Call
from keras_imports.engine.planning.plan import Plan, plan_call
from keras_imports.engine.planning.reasons import reason_of
from keras_imports.engine.tensor_values import works_on_its_tensors
from keras_imports.engine.tensorflow_uses import plan_tensorflow
from keras_imports.knowledge.counterparts import Resolved
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.rules import sections
from keras_imports.knowledge.tensorflow_1 import in_tensorflow_2
from keras_imports.python.edits import Edit, Span
from keras_imports.python.expressions import is_own
from keras_imports.python.paths import has_call

# TensorFlow, and modules of it, as the backend of old releases imported them.
TENSORFLOW = re.compile(
    r"(?:tensorflow\.)?keras\.backend\.(?:tensorflow_backend\.)?"
    r"(?:tf(?:\.|$)|control_flow_ops\.(?=(?:case|cond|while_loop)$))"
)
# Modules of Keras that TensorFlow 2 has as its own, too; TensorFlow 1 had only functions there.
_SHARED = re.compile(
    r"tensorflow\.((?:initializers|losses|metrics|optimizers)\.(?:\w+\.)*[A-Z]\w+)"
)
_CONVERTER = re.compile(r"keras\.legacy\.interfaces\.legacy_\w+_support$")


def plan_use(
    module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None
) -> Plan | None:
    """Plan what a use becomes if it stands for a path; `None` if that has to be as it is."""
    if not is_keras_path(path):
        path = _of_keras(module, path)
    if not is_keras_path(path):
        return plan_tensorflow(module, path, node, call)
    if has_call(path):
        return module.plan_method(path, node, call)
    gone = _without_converter(module, path, node)
    if gone is not None:
        return gone
    resolved = module.resolve(path)
    if resolved is None:
        plan = _through_backend(module, path, node, call)
        if plan is None and any(f"{path}.".startswith(each + ".") for each in module.own_members):
            plan = Plan()
        return plan or without_counterpart(module, node, path)
    if resolved.symbol == "backend.variable" and _is_constant(module, call):
        resolved = module.resolve(path.replace("variable", "constant")) or resolved
    resolved = _with_attribute(resolved, path)
    for _ in range(resolved.rest):
        node = node.value if isinstance(node, ast.Attribute) else node
        call = None
    span, plan = module.text.span(node), Plan()
    if not resolved.is_module:
        its_call = module.call(resolved, path, node, call)
        plan = plan_call(its_call, module.target)
        if plan != Plan() and is_only_older(module, its_call):
            return Plan(
                (Edit(span.start, span.end, (QualifiedName(as_written(module, resolved.path)),)),)
            )
        if any(replaces(edit, span) for edit in plan.edits):
            return plan
    counterpart = module.counterpart(resolved)
    if counterpart is None:
        return plan if plan.edits or plan.left else without_counterpart(module, node, path)
    named = Edit(span.start, span.end, (QualifiedName(counterpart),))
    return Plan((*plan.edits, named), plan.left)


def _of_keras(module: ModuleInMigration, path: str) -> str:
    """Return the path below `tf.keras` of what TensorFlow has a second time: `tf.losses.Huber`.

    Only where the code is to run without TensorFlow, and the path as it is if it has none.
    """
    shared = _SHARED.fullmatch(path) if module.target.backend else None
    own = f"tensorflow.keras.{shared[1]}" if shared else ""
    return own if own and module.resolve(own) is not None else path


def _with_attribute(resolved: Resolved, path: str) -> Resolved:
    """Return what a path means with its attribute, if there are rules for it: `Reduction.NONE`."""
    symbol = f"{resolved.symbol}{path.removeprefix(resolved.path)}"
    if not resolved.rest or not any(symbol in rules for rules in sections().values()):
        return resolved
    entry = replace(resolved.entry, symbol=symbol, signature=None)
    return Resolved(path, 0, entry, symbol)


def change(
    module: ModuleInMigration,
    edits: Iterable[Edit],
    path: str,
    node: ast.expr,
    call: ast.Call | None,
) -> Change:
    """Return edits as the change of a use that stands for a path of some Keras."""

    def wrong() -> Wrong | None:
        its = module.method(path, node, call) if has_call(path) or path[0] == "?" else None
        resolved = None if its else module.resolve(path)
        if resolved is not None and not resolved.is_module:
            its = module.call(resolved, path, node, None if resolved.rest else call)
        if its is None:
            return Wrong.of(NOT_THERE, f"`{path}` is not in {module.target}")
        if its.symbol == "backend.variable" and _is_constant(module, call):
            message = f"`call` of a layer cannot make variables in {module.target}"
            return Wrong(BEHAVIOUR, message, "fails")
        found = wrong_with(its, module.target)
        if found is None and not works_on_its_tensors(module, its.symbol, its.node):
            given = "weights" if call in module.calls_on_weights else "the tensors of a model"
            message = f"`{path}` does not take {given} of {module.target}"
            return Wrong(BEHAVIOUR, message, "fails")
        return found

    span = module.text.span(call or node)
    return Change(span, span.start, tuple(edits), wrong)


def is_kept(module: ModuleInMigration, change: Change, path: str = "") -> bool:
    """Return whether what a change mends is to stay, by a comment at its statement or its code.

    `path` is that of a name, which may be gone or private.
    """
    line, _ = module.text.place(change.place)
    if not module.ignored and not module.is_kept(line):
        return False
    wrong = change.wrong()
    if wrong is not None:
        return module.is_kept(line, wrong.code.name)
    return bool(path) and is_there(module, path) and is_kept_path(module, path, line)


def is_kept_path(module: ModuleInMigration, path: str, line: int) -> bool:
    """Return whether a path of some Keras stays on a line, though the target has no such public."""
    if not is_keras_path(path):
        return False
    entry = atlas.lookup(module.target.env, path)
    if entry is not None and entry.public:
        return False
    return module.is_kept(line, (PRIVATE if entry else NOT_THERE).name)


def is_there(module: ModuleInMigration, path: str) -> bool:
    """Return whether the target has a path, be it a private one."""
    return atlas.lookup(module.target.env, path) is not None


def is_only_older(module: ModuleInMigration, call: Call) -> bool:
    """Return whether a call or name works in the target as it is, and is to stay so."""
    if module.modernize or reason_of(call, module.target) != "style":
        return False
    return works_on_its_tensors(module, call.symbol, call.node)


def as_written(module: ModuleInMigration, path: str) -> str:
    """Return a path of some Keras below the root of the target."""
    return module.below_root(atlas.split_flavour(path)[1])


def without_counterpart(module: ModuleInMigration, node: ast.expr, path: str) -> Plan:
    """Return the plan that leaves a use as it is, and says why."""
    return Plan(left=(module.without_counterpart(node, path),))


def replaces(edit: Edit, span: Span) -> bool:
    """Return whether an edit decides what becomes of a span, which it does not keep as it is."""
    if not (edit.start <= span.start and span.end <= edit.end):
        return False
    return not any(
        isinstance(piece, Span) and piece.start <= span.start and span.end <= piece.end
        for piece in edit.pieces
    )


def _without_converter(module: ModuleInMigration, path: str, node: ast.expr) -> Plan | None:
    """Plan that `@interfaces.legacy_dense_support` goes, which took the arguments of Keras 1."""
    if not _CONVERTER.match(path) or not module.target.has_tensorflow_2:
        return None
    lines = lines_of_decorator(module.tree, node)
    if lines is None:
        return None
    message = f"`{path}` converted the arguments of Keras 1, and is removed"
    unfixed = module.unfixed(node, message, "pass these arguments by their new names")
    return Plan((Edit(*lines, ()),), (unfixed,))


def _through_backend(
    module: ModuleInMigration, path: str, node: ast.expr, call: ast.Call | None
) -> Plan | None:
    """Plan that `K.tf.exp(x)`, TensorFlow as the old backend imported it, becomes `tf.exp(x)`.

    So does `K.control_flow_ops.cond(…)`.
    """
    backend = TENSORFLOW.match(path)
    if backend is None:
        return None
    name = path[backend.end() :]
    plan = plan_tensorflow(module, f"tensorflow.{name}", node, call) if name else None
    if plan is not None:
        return plan
    span, new = module.text.span(node), in_tensorflow_2(name)
    rest = f".{new}" if name else ""
    return Plan((Edit(span.start, span.end, (QualifiedName("tensorflow"), rest)),))


def _is_constant(module: ModuleInMigration, call: ast.Call | None) -> bool:
    """Return whether `K.variable(x)` stands in a layer's `call`, and is not kept.

    There it was made anew for each graph; a layer cannot make variables there any more.
    """
    if call is None or not module.target.has_tensorflow_2 or len(call.args) > 2:
        return False
    parent = module.tree.parent(call)
    if parent is not None and any(map(is_own, set_by(parent))):
        return False
    inside = module.tree.function_around(call)
    named = {keyword.arg for keyword in call.keywords}
    return getattr(inside, "name", "") == "call" and named <= {"value", "dtype", "name"}
