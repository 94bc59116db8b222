"""Methods and attributes of Keras that are used where no name tells what they are of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.migrate.planning.plan import MEMBERS, METHODS, SET
from keras_imports.python.paths import has_call
from keras_imports.python.references import Module
from keras_imports.python.tree import Tree


def _words(names: frozenset[str]) -> str:
    return "|".join(sorted(names)) or r"\b\B"


_ANYWHERE = re.compile(rf"\.\s*(?:{_words(METHODS)})\b")
_OWN = re.compile(rf"self(?<=\bself)\.(?:{_words(MEMBERS)})\b")


def anywhere(tree: Tree) -> Iterator[tuple[str, ast.Attribute]]:
    """Those that Keras alone has, of whatever object; the path says `?` for that."""
    for node in tree.matching(_ANYWHERE):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            yield f"?.{node.attr}", node


def classes(tree: Tree, module: Module) -> dict[ast.ClassDef, str]:
    """The classes derived from one of Keras, and the path of that."""
    kinds: dict[str, str] = {}
    for reference in module.references:
        statement = reference.statement
        path = reference.path
        is_base = isinstance(statement, ast.ClassDef) and reference.node in statement.bases
        if is_base and is_keras_path(path) and not has_call(path):
            kinds[statement.name] = path  # type: ignore[attr-defined]
    if not kinds:
        return {}
    found = [node for node in tree.blocks if isinstance(node, ast.ClassDef)]
    for node in sorted(found, key=lambda node: node.lineno):
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in kinds:
                kinds.setdefault(node.name, kinds[base.id])
    return {node: kinds[node.name] for node in found if node.name in kinds}


def methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods that a class defines."""
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement


def base_calls(node: ast.ClassDef) -> Iterator[ast.Call]:
    """The calls by which a class makes what it is derived from: `super().__init__(…)`."""
    for method in methods(node):
        if method.name != "__init__":
            continue
        for call in ast.walk(method):
            function = call.func if isinstance(call, ast.Call) else None
            if isinstance(function, ast.Attribute) and function.attr == "__init__":
                owner = function.value
                if isinstance(owner, ast.Call) and getattr(owner.func, "id", "") == "super":
                    yield call


def own(tree: Tree, layers: dict[ast.ClassDef, str]) -> Iterator[tuple[str, ast.Attribute]]:
    """What methods of such classes use of `self` that the class does not set itself, or cannot."""
    if not layers:
        return
    found: dict[ast.ClassDef | None, list[ast.Attribute]] = {}
    for node in tree.matching(_OWN):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in MEMBERS
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        ):
            inside = (above for above in tree.above(node) if isinstance(above, ast.ClassDef))
            found.setdefault(next(inside, None), []).append(node)
    for kind, nodes in found.items():
        if kind in layers:
            its = {node.attr for node in nodes if isinstance(node.ctx, ast.Store)}
            for node in nodes:
                is_renamed = node.attr in SET and isinstance(node.ctx, ast.Store)
                if is_renamed or node.attr not in its:
                    yield f"{layers[kind]}().{node.attr}", node
