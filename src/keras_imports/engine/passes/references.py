"""Write each use of some Keras as the target has it, by the rules for what it stands for.

    keras.layers.Convolution2D(8, 3, 3)     keras.layers.Conv2D(8, (3, 3))
    K.tf.exp(x)                             tf.exp(x)

The names that uses start with (`keras`, `K`) are noted to be needed, or to be left as they are.
Left to a person is a use whose name may stand for several things that become different ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from keras_imports.engine.bound_names import BoundName, is_star
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.placeholders import (
    NAMES,
    InsertedFunction,
    NameOfUse,
    QualifiedName,
    TargetName,
)
from keras_imports.engine.planning.plan import Plan
from keras_imports.engine.reference_plans import (
    TENSORFLOW,
    change,
    is_kept,
    is_kept_path,
    is_there,
    plan_use,
    replaces,
    without_counterpart,
)
from keras_imports.engine.tensorflow_uses import wrong_with_use
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.methods import method_of
from keras_imports.python.edits import Edit, Piece, Span
from keras_imports.python.paths import has_call
from keras_imports.python.references import Binding, Reference
from keras_imports.python.tree import FUNCTIONS

_SCOPES = (*FUNCTIONS, ast.ClassDef)

Meaning = tuple[str, Binding]  # the path that a use may stand for, and what binds its first name


applies = always  # this is what a migration is about


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield what becomes of every use of a name that stands for some Keras."""
    for reference in module.references:
        node = reference.node
        if reference.kind == "part":
            yield from _part(module, reference)
        elif isinstance(node, ast.expr) and not _is_name_for_tensorflow(reference, node):
            yield from _use(module, reference, node)


def _is_name_for_tensorflow(reference: Reference, node: ast.expr) -> bool:
    """Return whether a use is that of `exp` after `exp = tf.exp`, which is moved there."""
    is_own = all(isinstance(binding.node, ast.Assign) for binding in reference.bindings)
    return is_own and isinstance(node, ast.Name) and not is_keras_path(reference.path)


def _use(module: ModuleInMigration, reference: Reference, node: ast.expr) -> Iterator[Fix]:
    """Yield what becomes of one use, and note what its names are needed for."""
    meanings = _of_one_name(module, _possible(module, _meanings(reference)))
    # Of `a.b()` and `a.b().c` it is the first that says what becomes of `a`.
    of_names = [] if has_call(reference.path) else meanings
    names: list[BoundName | None] = [_bound_name(module, binding, node) for _, binding in of_names]
    known = tuple(name for name in names if name is not None)
    for name in known:
        name.is_used = True
    if module.is_in_settings(node):
        return
    plans = [plan_use(module, path, node, reference.call) for path, _ in meanings]
    if all(plan is None for plan in plans):
        for name in known:
            name.stays = True
        return
    if has_call(reference.path) and not any(plan.edits for plan in plans if plan is not None):
        yield from _said_of_object(node, plans)
        return
    plan = plans[0]
    if plan is None or len({_new_name(module, each, node) for each in plans}) > 1:
        if names and all(
            _is_as_imported(module, node, name, each)
            for name, each in zip(names, plans, strict=True)
        ):
            for kept, each in zip(names, plans, strict=True):
                if kept is not None:
                    edits = _keep_name(module, kept, each)
                    yield change(module, edits, reference.path, node, reference.call)
            return
        of_imports = all(isinstance(b.node, (ast.Import, ast.ImportFrom)) for _, b in meanings)
        if not of_imports and all(_is_only_named(module, each, node) for each in plans):
            return  # what the name was given is moved there
        module.bound_names.leave(known, reference)
        yield _unclear(module, node, meanings)
        return
    start, suffix = _parts(node)
    if of_names and not isinstance(start, ast.Name):  # moved by itself: `(a := tf.keras).Model`
        pieces = _new_name(module, plan, node)
        if not any(isinstance(piece, str) and piece.endswith(suffix) for piece in pieces):
            message = f"`{module.text.of(node)}` starts with no name that can be followed"
            yield module.unmoved(node, message, "assign it to a name of its own first")
        return
    if _inserts_function(plan) and not _has_import_at_top(module):
        plan = without_counterpart(module, node, reference.path)
    if any(name.is_fixed for name in known):
        span = module.text.span(node)
        plan = replace(plan, edits=tuple(e for e in plan.edits if Span(e.start, e.end) != span))
        known = ()
    its_change = change(module, plan.edits, reference.path, node, reference.call)
    if is_kept(module, its_change, reference.path):
        moved = _path_alone(module, plan, reference.path, node)
        if moved:
            _note_assignment(module, reference)
            yield Change(
                module.text.span(node),
                its_change.place,
                tuple(_through(module, edit, known) for edit in moved),
                partial(_wrong_path, module, reference.path),
            )
        else:
            for name in known:
                name.stays = True
        return
    _note_assignment(module, reference)
    yield from plan.left
    if plan.edits and not is_keras_path(reference.path):
        span = module.text.span(reference.call or node)
        wrong = partial(wrong_with_use, module, reference.path)
        yield Change(span, span.start, plan.edits, wrong, is_path=False)
    elif plan.edits:
        edits = (_through(module, edit, known) for edit in plan.edits)
        yield change(module, edits, reference.path, node, reference.call)
    else:
        module.bound_names.leave(known, reference)


def _said_of_object(node: ast.expr, plans: list[Plan | None]) -> Iterator[Fix]:
    """Yield what is said of an attribute of an object that may be of several classes.

    A name that it was given is used as it is: what fails is told where the attribute is read.
    """
    said = [plan.left for plan in plans if plan is not None]
    if isinstance(node, ast.Attribute):
        for each in said[0]:
            is_certain = len(said) == len(plans)
            yield each if is_certain else replace(each, certain=False, severity="warning")


def _part(module: ModuleInMigration, reference: Reference) -> Iterator[Fix]:
    """Yield what becomes of a call of a class that was taken out of a list or dictionary.

    The class is moved where its name stands; here only its arguments are.
    """
    node, call = reference.node, reference.call
    if call is None or not isinstance(node, (ast.Name, ast.Subscript, ast.Call)):
        return
    span = module.text.span(node)
    plans = [plan_use(module, path, node, call) or Plan() for path in reference.paths]
    edits = [
        tuple(edit for edit in plan.edits if (edit.start, edit.end) != (span.start, span.end))
        for plan in plans
    ]
    yield from _said_of_parts(reference, plans)
    changing = [path for path, its in zip(reference.paths, edits, strict=True) if its]
    is_one = reference.certain and len(set(edits)) == 1
    if is_one and changing and not any(replaces(edit, span) for edit in edits[0]):
        yield change(module, edits[0], reference.path, node, call)
    elif changing:
        may_be = " or ".join(f"`{path}`" for path in changing)
        message = f"`{module.text.of(node)}` may be {may_be}, not called so in {module.target}"
        yield module.unfixed(node, message, "write a call of its own for each of them")


def _said_of_parts(reference: Reference, plans: list[Plan]) -> Iterator[Finding]:
    """Yield what is said of calls of several classes, once of those of which the same is said."""
    said: dict[tuple[str, str], list[Finding]] = {}
    for plan in plans:
        for each in plan.left:
            if each.code != NOT_THERE.name:  # it is said where the class is named
                said.setdefault((each.code, each.advice), []).append(each)
    for first, *others in said.values():
        is_certain = reference.certain and len(others) + 1 == len(plans)
        yield first if is_certain else replace(first, certain=False, severity="warning")


def _unclear(module: ModuleInMigration, node: ast.expr, meanings: list[Meaning]) -> Fix:
    """Return the finding for a use that may be several things which become different ones."""
    methods = [method_of(path) for path, _ in meanings]
    paths = [
        path if method is None else method.shown
        for method, (path, _) in zip(methods, meanings, strict=True)
    ]
    may_be = " or ".join(f"`{path}`" for path in paths)
    text = module.text.of(node)
    if all(methods):
        message = f"`{text}` may be {may_be}, which are written differently in {module.target}"
        return module.unfixed(node, message, "tell them apart, and write each as it is there")
    if not all(isinstance(binding.node, (ast.Import, ast.ImportFrom)) for _, binding in meanings):
        message = f"`{text}` may be {may_be}, which are called in different ways"
        return module.unfixed(node, message, "write a call for each of them")
    message = f"`{text}` may be {may_be}, which become different names"
    return module.unmoved(node, message, "keep one of the imports")


# What a use may stand for


def _meanings(reference: Reference) -> list[Meaning]:
    """Return what a use may stand for; what a star may bind counts only if nothing before does."""
    meanings = list(zip(reference.paths, reference.bindings, strict=True))
    named = [meaning for meaning in meanings if not is_star(meaning[1].node)]
    first = min((binding.node.lineno for _, binding in named), default=0)
    return named if 0 < first <= reference.node.lineno else meanings


def _possible(module: ModuleInMigration, meanings: list[Meaning]) -> list[Meaning]:
    """Return the meanings that some release has, all if none does."""
    if len(meanings) < 2:
        return meanings
    through = [meaning for meaning in meanings if TENSORFLOW.match(meaning[0])]
    if through:  # the other one is what `tf` is where that import fails
        return through
    return [
        (path, binding)
        for path, binding in meanings
        if has_call(path) or not is_keras_path(path) or module.resolve(path) is not None
    ] or meanings


def _of_one_name(module: ModuleInMigration, meanings: list[Meaning]) -> list[Meaning]:
    """Return meanings under one path where all are the same: `K` that several stars bring."""
    if len(meanings) < 2 or not all(is_star(binding.node) for _, binding in meanings):
        return meanings
    first, *others = (module.resolve(path) for path, _ in meanings)
    if first is None or first.is_module or first.rest:
        return meanings
    path = f"{flavour_of(meanings[0][0])}.{first.symbol}"
    same = (*others, module.resolve(path))
    if any(each is None or each.rest or each.symbol != first.symbol for each in same):
        return meanings
    return [(path, binding) for _, binding in meanings]


def _new_name(module: ModuleInMigration, plan: Plan | None, node: ast.expr) -> tuple[object, ...]:
    """Return what a plan makes of the name itself; names as dotted paths."""
    if plan is None or not plan.edits:
        return (plan and plan.left,)
    span = module.text.span(node)
    pieces = next((edit.pieces for edit in plan.edits if replaces(edit, span)), ())
    return tuple(
        module.qualified(piece) if isinstance(piece, (TargetName, QualifiedName)) else piece
        for piece in pieces
    )


def _path_alone(
    module: ModuleInMigration, plan: Plan, path: str, node: ast.expr
) -> tuple[Edit, ...]:
    """Return the edits of a path alone, where only what else becomes of its use is to stay.

    None if the path stays, too, or becomes another name: what that takes may differ.
    """
    span = module.text.span(node)
    edits = tuple(edit for edit in plan.edits if (edit.start, edit.end) == (span.start, span.end))
    names = [str(piece).rpartition(".")[2] for piece in _new_name(module, Plan(edits), node)]
    is_same = names == [path.rpartition(".")[2]]
    return edits if is_same and not is_kept_path(module, path, node.lineno) else ()


def _wrong_path(module: ModuleInMigration, path: str) -> Wrong | None:
    """Return what is wrong with a path alone, `None` if nothing but that it is private."""
    if is_there(module, path):
        return None
    return Wrong.of(NOT_THERE, f"`{path}` is not in {module.target}")


def _is_only_named(module: ModuleInMigration, plan: Plan | None, node: ast.expr) -> bool:
    """Return whether a plan changes no more of a use than a name that the module itself binds."""
    if plan is None or not isinstance(node, ast.Name):
        return plan is None
    span = module.text.span(node)
    return not plan.left and all((e.start, e.end) == (span.start, span.end) for e in plan.edits)


def _is_as_imported(
    module: ModuleInMigration, node: ast.expr, name: BoundName | None, plan: Plan | None
) -> bool:
    """Return whether a use of a class or function stays, since its import says what it is."""
    if name is None or plan is None:
        return name is not None
    parent = (name.target or "").rpartition(".")[0]
    if plan.left or not isinstance(node, ast.Name):
        return False
    if module.target.is_one_level and parent != module.target.root:
        return False
    return len(plan.edits) == 1 and _new_name(module, plan, node) == (name.target,)


def _keep_name(module: ModuleInMigration, name: BoundName, plan: Plan | None) -> Iterator[Edit]:
    """Let a name be whatever one of several imports gives."""
    name.keeps_name = True
    if plan is None:
        name.stays = True
    else:
        yield from (_through(module, edit, (name,)) for edit in plan.edits)


# The names that uses start with


def _bound_name(module: ModuleInMigration, binding: Binding, node: ast.expr) -> BoundName | None:
    """Return the name that a use starts with."""
    start, _ = _parts(node)
    if not isinstance(start, ast.Name):
        return None
    if is_star(binding.node):
        same = _named_before(module, start.id, binding.path, node)
        if same is not None:
            return same
    name = module.bound_names.by_place.get((binding.node, start.id))
    if name is None and not has_call(binding.path):
        name = _add_name(module, binding.path, binding.node, start.id)
    return name


def _named_before(
    module: ModuleInMigration, local: str, path: str, node: ast.expr
) -> BoundName | None:
    """Return what imports the same by its name before a use, for the whole module."""
    for name in module.bound_names.by_place.values():
        if (name.local, name.path) != (local, path) or is_star(name.statement):
            continue
        is_inside = any(isinstance(above, _SCOPES) for above in module.tree.above(name.statement))
        if name.statement.lineno < node.lineno and not is_inside:
            return name
    return None


def _add_name(
    module: ModuleInMigration, path: str, statement: ast.stmt, local: str
) -> BoundName | None:
    """Note a name that a star or an assignment binds."""
    alias = None
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        alias = statement.names[0]
        if alias.name != "*":
            return None
    target: str | None = path
    is_module = True
    if is_keras_path(path):
        resolved = module.resolve(path)
        target = module.counterpart(resolved) if resolved is not None else None
        is_module = resolved is not None and resolved.is_module
    at_top = module.tree.is_at_top(statement)
    name = BoundName(statement, alias, local, path, target, is_module, at_top)
    module.bound_names.by_place[statement, local] = name
    return name


def _note_assignment(module: ModuleInMigration, reference: Reference) -> None:
    """Note the name in `keras = tf.keras`, whether it is used here or not."""
    node = reference.statement
    if not isinstance(node, ast.Assign) or node.value is not reference.node:
        return
    name = node.targets[0]
    if len(node.targets) > 1 or not isinstance(name, ast.Name) or has_call(reference.path):
        return
    if (node, name.id) not in module.bound_names.by_place:
        _add_name(module, reference.path, node, name.id)


# Edits


def _through(module: ModuleInMigration, edit: Edit, bound: tuple[BoundName, ...]) -> Edit:
    """Return an edit that writes its names by what the use started with; note what that needs."""
    pieces: list[Piece] = []
    for piece in edit.pieces:
        if isinstance(piece, (TargetName, QualifiedName)):
            for name in bound:
                name.wanted[module.qualified(piece)] = None
        pieces.append(NameOfUse(piece, bound) if isinstance(piece, NAMES) else piece)
    return replace(edit, pieces=tuple(pieces))


def _inserts_function(plan: Plan) -> bool:
    """Return whether a plan calls a function that has to be inserted into the module."""
    return any(isinstance(piece, InsertedFunction) for e in plan.edits for piece in e.pieces)


def _has_import_at_top(module: ModuleInMigration) -> bool:
    """Return whether a function at the top can use what is imported of Keras."""
    return any(map(module.tree.is_at_top, module.bound_names.statements))


def _parts(node: ast.expr) -> tuple[ast.expr, str]:
    """Return what an expression starts with, and the attributes that follow: `.layers.Dense`."""
    suffix = ""
    while isinstance(node, ast.Attribute):
        suffix = f".{node.attr}{suffix}"
        node = node.value
    return node, suffix
