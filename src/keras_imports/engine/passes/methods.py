"""Write methods and attributes as the target has them where no name tells what they are of.

    model.fit_generator(batches)    model.fit(batches)          whatever `model` is
    self.output_shape               self.output.shape           in a class derived from one of Keras
    self.model.optimizer.lr         self.model.optimizer.learning_rate          in a callback

The first kind are those whose names Keras alone has. What a class sets itself is its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import call_of, class_around
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.planning.plan import HELD, MEMBERS, METHODS, SET
from keras_imports.engine.reference_plans import change
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.methods import method_of
from keras_imports.knowledge.rules import held_objects
from keras_imports.python.definitions import Definition
from keras_imports.python.expressions import is_own
from keras_imports.python.paths import has_call
from keras_imports.python.tree import ASSIGNED, walk


def _words(names: frozenset[str]) -> str:
    return "|".join(sorted(names)) or r"\b\B"


_ANYWHERE = re.compile(rf"\.\s*(?:{_words(METHODS)})\b")
_OWN = re.compile(rf"self(?<=\bself)\.(?:{_words(MEMBERS)})\b")
_HELD = re.compile(rf"self(?<=\bself)\.(?:{_words(HELD)})\.")


applies = always  # the rules say for which targets they hold


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield what becomes of them, but of those that a reference tells about."""
    seen: set[ast.AST] = {r.node for r in module.references if r.kind in ("name", "attribute")}
    for path, node in (*_used(module), *_own(module), *_held(module), *_anywhere(module)):
        if node not in seen:
            seen.add(node)
            call = call_of(module.tree, node)
            plan = module.plan_method(path, node, call)
            if plan is not None:
                yield from plan.left
                if plan.edits:
                    yield change(module, plan.edits, path, node, call)


def _used(module: ModuleInMigration) -> Iterator[tuple[str, ast.Attribute]]:
    """Yield what more is used of: `optimizer.lr` in `optimizer.lr.assign(0.1)`."""
    for reference in module.references:
        path = reference.path
        node: ast.AST | None = reference.node
        if not has_call(path) or len(reference.paths) > 1:
            continue
        while isinstance(node, ast.Attribute) and has_call(path):
            if node.attr in MEMBERS and node is not reference.node:
                yield path, node
            path, _, last = path.rpartition(".")
            node = node.value if last == node.attr else None


def _anywhere(module: ModuleInMigration) -> Iterator[tuple[str, ast.Attribute]]:
    """Yield those that Keras alone has, of whatever object; the path says `?` for that."""
    of_program: dict[str, bool] = {}
    for node in module.tree.matching(_ANYWHERE):
        if not isinstance(node, ast.Attribute) or node.attr not in METHODS:
            continue
        if node.attr not in of_program:
            of_program[node.attr] = _is_of_program(module, node.attr)
        if not of_program[node.attr]:
            yield f"?.{node.attr}", node


def _is_of_program(module: ModuleInMigration, name: str) -> bool:
    """Return whether a class of the program that is none of Keras has a name of its own."""
    if any(isinstance(binder, Definition) for binder in module.tree.binders(name)):
        return True
    for node in module.tree.naming(name, ASSIGNED):
        if is_own(node) and node.attr == name and isinstance(node.ctx, ast.Store):
            kind = class_around(module.tree, node)
            if kind and kind not in module.keras_classes and not kind.bases:
                return True
    return False


def _own(module: ModuleInMigration) -> Iterator[tuple[str, ast.Attribute]]:
    """Yield what methods of a class use of `self` that the class does not set itself, or cannot."""
    if not module.keras_classes:
        return
    by_class: dict[ast.ClassDef | None, list[ast.Attribute]] = {}
    for node in module.tree.matching(_OWN):
        if is_own(node) and node.attr in MEMBERS:
            by_class.setdefault(class_around(module.tree, node), []).append(node)
    for kind, nodes in by_class.items():
        if kind in module.keras_classes:
            its = {node.attr for node in nodes if isinstance(node.ctx, ast.Store)}
            for node in nodes:
                is_renamed = node.attr in SET and isinstance(node.ctx, ast.Store)
                if is_renamed or node.attr not in its:
                    yield f"{module.keras_classes[kind]}().{node.attr}", node


def _held(module: ModuleInMigration) -> Iterator[tuple[str, ast.Attribute]]:
    """Yield what methods of a class use of the objects that Keras gives it, as `self.model`."""
    if not module.keras_classes:
        return
    for node in module.tree.matching(_HELD):
        if isinstance(node, ast.Attribute) and node.attr in MEMBERS and not is_own(node):
            kind = class_around(module.tree, node)
            made = _made(module, node.value, kind) if kind in module.keras_classes else ""
            if made:
                yield f"{made}.{node.attr}", node


def _made(module: ModuleInMigration, node: ast.expr, kind: ast.ClassDef) -> str:
    """Return the path of the object that `self`, or an attribute of it, is in a class, or ""."""
    if isinstance(node, ast.Name) and node.id == "self":
        return f"{module.keras_classes[kind]}()"
    if not isinstance(node, ast.Attribute) or node.attr not in HELD or _sets(kind, node):
        return ""
    owner = _made(module, node.value, kind)
    method = method_of(f"{owner}.{node.attr}") if owner else None
    held = held_objects().get(method.key) if method else None
    return f"{flavour_of(owner)}.{held}()" if held else ""


def _sets(kind: ast.ClassDef, attribute: ast.Attribute) -> bool:
    """Return whether a class sets an attribute of `self` itself."""
    stored = (n for n in walk(kind) if is_own(n) and isinstance(n.ctx, ast.Store))
    return is_own(attribute) and any(n.attr == attribute.attr for n in stored)
