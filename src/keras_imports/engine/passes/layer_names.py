"""Write the names of layers without `/`, which Keras 3 does not take.

    Dense(3, name="block/dense")        Dense(3, name="block_dense")
    model.get_layer(f"{name}/conv")     model.get_layer(f"{name}_conv")
    Dense(3, name=name)                 Dense(3, name=name.replace('/', '_'))

The last is done where a text with `/` is assigned to the variable.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.codes import VALUE
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.planning.literals import without_slash
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.edits import Edit
from keras_imports.python.tree import Tree, walk

# The literals come before what is around them: then `re` looks for nothing else.
_NAME = r"name(?<=\bname)\s*=\s*[^=\n]*"
_NAMED = (re.compile(f"{_NAME}/"), re.compile(r"get_layer(?<=\bget_layer)\s*\([^\n]*/"))
_IS_REPLACED = re.compile(r"""\.replace\((['"])/\1,\s*(['"])_\2\)$""")
_SLASHED = re.compile(r"[ \t]*(\w+)[ \t]*=[^=][^\n]*(['\"])[^'\"]*/[^'\"]*\2")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3."""
    return module.target.generation == "keras3" and "/" in module.text.text


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of names, also where a layer is asked for by its name; report the first."""
    tree = module.tree
    lines = [line for line in tree.text.text.split("\n") if "/" in line]
    variables = {match[1] for match in map(_SLASHED.match, lines) if match}
    patterns = list(_NAMED)
    if variables:
        patterns.append(re.compile(rf"{_NAME}\b(?:{'|'.join(sorted(variables))})\b"))
    known = {r.call for r in module.references if r.call and is_keras_path(r.path)}
    first: Edit | None = None
    for node in tree.matching(*patterns):
        if not isinstance(node, ast.Call):
            continue
        for name in _names(node, node in known or _is_layer(node, tree)):
            used = {n.id for n in walk(name) if isinstance(n, ast.Name)}
            replaced = _replaced(name, tree) if used & variables else _without_slash(name, tree)
            for edit in replaced:
                yield edit
                first = first or edit
    if first:
        line, column = tree.text.place(first.start)
        source = tree.text.text[first.start : first.end]
        message = f"names of layers have no `/` in {module.target}; they are written with `_` now"
        advice = "rename the layers in weights that were saved by these names, too"
        yield Finding(line, column, source, message, advice, VALUE.name)


def _is_layer(node: ast.Call, tree: Tree) -> bool:
    """Return whether what a call makes is called itself, or added to a model."""
    parent = tree.parent(node)
    if not isinstance(parent, ast.Call):
        return False
    added = isinstance(parent.func, ast.Attribute) and parent.func.attr == "add"
    return parent.func is node or added


def _names(node: ast.Call, is_layer: bool) -> Iterator[ast.expr]:
    """Yield the expressions of a call that name layers."""
    asked = isinstance(node.func, ast.Attribute) and node.func.attr == "get_layer"
    if asked:
        yield from node.args[:1]
    if is_layer or asked:
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "name")


def _replaced(node: ast.expr, tree: Tree) -> Iterator[Edit]:
    """Yield the edit that takes the slash out of what an expression gives."""
    span = tree.text.span(node)
    if not _IS_REPLACED.search(tree.text.of(node)):
        opening, closing = ("", "") if isinstance(node, ast.Name) else ("(", ")")
        yield Edit(span.start, span.end, (opening, span, f"{closing}.replace('/', '_')"))


def _without_slash(node: ast.expr, tree: Tree) -> Iterator[Edit]:
    """Yield the edits of the texts in an expression that is built of them."""
    if isinstance(node, ast.BinOp):
        yield from _without_slash(node.left, tree)
        yield from _without_slash(node.right, tree)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _without_slash(node.func.value, tree)
    elif new := without_slash(tree.text, node):
        span = tree.text.span(node)
        yield Edit(span.start, span.end, (new,))
