"""Ask the engine what it would change or name to fit a module to the releases installed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.check.module import CheckedModule
from keras_imports.engine.analysis import flavours_in
from keras_imports.engine.bound_names import is_star
from keras_imports.engine.findings import Finding
from keras_imports.engine.mentions import may_change
from keras_imports.engine.questions import wrong_in
from keras_imports.engine.star_names import star_names
from keras_imports.knowledge.keras_names import tracked
from keras_imports.knowledge.target import targets_in
from keras_imports.python.tree import walk

_BY_VERSION = re.compile(
    r"version|hasattr\((?!self\b)|find_spec|tf_?[12]\b|keras_?[123]\b", re.IGNORECASE
)
_EXPECTED = re.compile(r"\b(?:Import|ModuleNotFound|Attribute|Type)Error\b")


def target_findings(module: CheckedModule) -> Iterator[Finding]:
    """Yield what is wrong with the uses of each Keras in the release that is installed of it."""
    tree, resolved = module.tree, module.followed
    stars = {each.statement for each in resolved.references if each.kind == "star"}
    if stars and stars.issuperset(node for node in walk(module.source.tree) if is_star(node)):
        # What a star gave in another release is missing here.
        resolved = module.following(tracked(star_names))
    if not may_change(module.source.text, resolved.references, module.setting.packages):
        return
    used, backend = flavours_in(resolved.references), module.setting.backend
    for target in targets_in(module.installed.env, used, backend):
        for finding in wrong_in(module.text, module.source.tree, resolved, target, module.told):
            above = tree.statements_at(finding.line)
            if module.noqa.keep(tree, finding.line, finding.code):
                continue
            if any(is_prepared(node, finding.line) for node in above):
                continue
            cell, line = module.source.place(finding.line)
            yield replace(finding, file=module.source.file, line=line, cell=cell)


def is_prepared(node: ast.stmt, line: int) -> bool:
    """Return whether a statement asks what there is before a line of it, or catches what fails."""
    if isinstance(node, ast.If):
        is_inside = line > (node.test.end_lineno or 0) or line >= node.body[0].lineno
        return is_inside and _BY_VERSION.search(ast.unparse(node.test)) is not None
    if isinstance(node, ast.Try):
        caught = (ast.unparse(handler.type) for handler in node.handlers if handler.type)
        return any(map(_EXPECTED.search, caught))
    return False
