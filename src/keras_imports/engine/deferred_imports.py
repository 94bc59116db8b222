"""Import what has no counterpart only where it is used, so that the rest of the module works.

    from keras import objectives        def old():
    def old():                              from keras import objectives
        return objectives.mse               return objectives.mse

That fails only where it has to. An import of TensorFlow goes there in the same way, if the code is
to run without it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.bound_names import BoundName
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit
from keras_imports.python.import_statements import Line, Statement, grouped
from keras_imports.python.references import Reference
from keras_imports.python.statements import DEFINITIONS
from keras_imports.python.tree import FUNCTIONS, Tree, walk


def defer(module: ModuleInMigration) -> Iterator[Fix]:
    """Move the import of what has no counterpart to where it is used, if that is in functions.

    So the module can be imported, and fails only where it has to. What is used nowhere goes, unless
    others may import it. Yield the edits, and findings for imports that are left.
    """
    bound_names, is_open = module.bound_names, module.used.is_open
    moved: dict[ast.stmt, dict[Line, Statement]] = {}
    for name in bound_names.all():
        statement = bound_names.statements.get(name.statement)
        if name.alias is None or statement is None or name.alias.name == "*":
            continue
        old = statement.old(name.alias)
        lines = statement.lines.get(name.alias, [old])
        is_broken = _is_broken(name, module.target)
        if old not in lines or not (is_broken or _is_tie(name, module.target)):
            continue
        can_go = name.at_top and not name.keeps_name
        uses = bound_names.stuck.get(name, ())
        places = [place for place in (_place(module.tree, use) for use in uses) if place]
        if name.is_used and can_go and places and len(places) == len(uses):
            statement.lines[name.alias] = [line for line in lines if line != old]
            for place in _once(module.tree, places):
                moved.setdefault(place, {})[old] = statement
            continue
        if not is_broken:
            continue
        if not name.is_used and can_go and not is_open:
            statement.lines[name.alias] = [line for line in lines if line != old]
        else:
            yield module.without_counterpart(name.alias, name.path)
    for node, imports in moved.items():
        yield _imports_before(module, node, imports)


def _imports_before(
    module: ModuleInMigration, node: ast.stmt, imports: dict[Line, Statement]
) -> Edit:
    """Return the edit that imports lines of other statements before a statement."""
    text = module.text
    start = text.span(node).start
    between = f"\n{text.indent(start)}"
    gone = (statement for statement in imports.values() if not statement.all_lines())
    beside = dict.fromkeys(text.comment_after(statement.node) for statement in gone)
    lines = grouped(imports)
    lines[-1] = "  ".join([lines[-1], *filter(None, beside)])
    gap = "" if isinstance(node, (ast.Import, ast.ImportFrom)) else "\n"
    return Edit(start, start, (between.join(lines), gap, between))


def _is_broken(name: BoundName, target: Target) -> bool:
    """Return whether an import that stays would fail in the target."""
    if name.is_fixed or name.target is not None or not is_keras_path(name.path):
        return False
    entry = atlas.lookup(target.env, name.path)
    return entry is None or not (entry.importable or entry.module_path)


def _is_tie(name: BoundName, target: Target) -> bool:
    """Return whether an import needs TensorFlow, where the code is to run without it."""
    return bool(target.backend) and name.is_of_tensorflow


def _place(tree: Tree, reference: Reference) -> ast.stmt | None:
    """Return the statement before which an import can stand, where a use runs later or never."""
    if len(reference.paths) > 1:
        return None
    above = list(tree.above(reference.node))
    node = next((n for n in above if isinstance(n, ast.stmt)), reference.statement)
    inside = any(isinstance(n, FUNCTIONS) or _is_of_script(n) for n in tree.above(node))
    if not inside or isinstance(node, DEFINITIONS):
        return None
    return node if _starts_line(tree, node) else None


def _once(tree: Tree, places: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield for each function the first statement of the innermost block that has all its uses."""
    of_functions: dict[ast.AST, list[list[ast.stmt]]] = {}
    for place in places:
        above = [place, *(node for node in tree.above(place) if isinstance(node, ast.stmt))]
        ends = [index for index, node in enumerate(above) if isinstance(node, FUNCTIONS)]
        function = above[ends[-1]] if ends else tree.module
        inside = above[: ends[-1]] if ends else above
        of_functions.setdefault(function, []).append(inside[::-1])
    for paths in of_functions.values():
        first = min(paths, key=lambda path: path[-1].lineno)
        depth = 0
        for depth, node in enumerate(first):
            block = tree.blocks[node][1]
            if any(
                len(path) <= depth or tree.blocks[path[depth]][1] is not block for path in paths
            ):
                depth -= 1
                break
            if any(path[depth] is not node for path in paths):
                break
        place = first[max(depth, 0)]
        cannot = isinstance(place, DEFINITIONS) or tree.is_at_top(place)
        if cannot or not _starts_line(tree, place):
            yield from dict.fromkeys(path[-1] for path in paths)
        else:
            yield place


def _starts_line(tree: Tree, node: ast.stmt) -> bool:
    """Return whether another statement can stand before one."""
    before = tree.text.line_before(tree.text.span(node).start)
    return not before.strip() and not tree.text.of(node).startswith("elif")


def _is_of_script(node: ast.AST) -> bool:
    """Return whether a node is `if __name__ == "__main__":`."""
    names = walk(node.test) if isinstance(node, ast.If) else ()
    return any(isinstance(name, ast.Name) and name.id == "__name__" for name in names)
