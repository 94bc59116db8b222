"""Ask the engine what it would change or name to fit a module to the releases installed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.check.module import CheckedModule
from keras_imports.check.noqa import is_silenced
from keras_imports.engine.bound_names import is_star
from keras_imports.engine.findings import Finding
from keras_imports.engine.questions import flavours_in, wrong_in
from keras_imports.engine.star_names import star_names
from keras_imports.knowledge.keras_names import tracked
from keras_imports.knowledge.target import targets_in
from keras_imports.python.bindings import resolve
from keras_imports.python.tree import Tree

_BY_VERSION = re.compile(r"version|hasattr|find_spec|tf_?[12]\b|keras_?[123]\b", re.IGNORECASE)
_EXPECTED = re.compile(r"\b(?:Import|ModuleNotFound|Attribute|Type)Error\b")


def target_findings(module: CheckedModule) -> Iterator[Finding]:
    """Yield what is wrong with the uses of each Keras in the release that is installed of it."""
    tree, resolved = Tree(module.source.tree, module.text), module.resolved
    stars = {each.statement for each in resolved.references if each.kind == "star"}
    if stars and stars.issuperset(node for node in ast.walk(module.source.tree) if is_star(node)):
        # What a star gave in another release is missing here.
        resolved = resolve(module.source.text, module.source.tree, tracked(star_names))
    for target in targets_in(module.installed.env, flavours_in(resolved)):
        for finding in wrong_in(module.text, module.source.tree, resolved, target):
            above = _statements_at(tree, finding.line)
            lines = {finding.line, *(node.end_lineno or 0 for node in above[-1:])}
            if is_silenced(module.source, finding.code, lines):
                continue
            if any(is_prepared(node, finding.line) for node in above):
                continue
            cell, line = module.source.place(finding.line)
            yield replace(finding, file=module.source.file, line=line, cell=cell)


def _statements_at(tree: Tree, line: int) -> list[ast.stmt]:
    """Return the statements that a line lies in, the innermost one last."""
    found: list[ast.stmt] = []
    block = tree.module.body
    while block:
        inside = [node for node in block if _first(node) <= line <= (node.end_lineno or 0)]
        if not inside:
            break
        found.append(inside[0])
        parts = (getattr(inside[0], name, []) for name in ("body", "orelse", "finalbody"))
        handlers = getattr(inside[0], "handlers", [])
        block = [s for part in parts for s in part] + [s for h in handlers for s in h.body]
    return found


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def is_prepared(node: ast.stmt, line: int) -> bool:
    """Return whether a statement asks what there is before a line of it, or catches what fails."""
    if isinstance(node, ast.If):
        is_inside = line > (node.test.end_lineno or 0) or line >= node.body[0].lineno
        return is_inside and _BY_VERSION.search(ast.unparse(node.test)) is not None
    if isinstance(node, ast.Try):
        caught = (ast.unparse(handler.type) for handler in node.handlers if handler.type)
        return any(map(_EXPECTED.search, caught))
    return False
