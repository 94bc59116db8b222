"""Import statements after the move: what no longer imports, stands twice, or is all the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from keras_imports import atlas
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.migrate.names import BoundName
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text
from keras_imports.python.imports import Line, Statement, grouped
from keras_imports.python.references import Module, Reference
from keras_imports.python.tree import FUNCTIONS, Tree

_COMMENT = re.compile(r"#.*")  # nothing else has that character in imports
_FOR_LINTERS = re.compile(r"#\s*(?:noqa|type:|pyright:|mypy:|pylint:|pragma:|isort:|ruff:|NOQA)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Statements = Mapping[ast.stmt, Statement]


@dataclass
class Deferred:
    """Edits that import where a name is used, and what was left out altogether."""

    edits: list[Edit] = field(default_factory=list)
    left: list[Unfixed] = field(default_factory=list)


def defer(
    tree: Tree,
    target: Target,
    statements: Statements,
    stuck: Mapping[BoundName, list[Reference]],
    slots: Iterable[BoundName],
    exports: bool,
) -> Deferred:
    """Move the import of what has no counterpart to where it is used, if that is in functions.

    So the module can be imported, and fails only where it has to. What is used nowhere goes, unless
    the module `exports` it.
    """
    found = Deferred()
    moved: dict[ast.stmt, dict[Line, Statement]] = {}
    for slot in slots:
        statement = statements.get(slot.statement)
        if slot.alias is None or statement is None or slot.alias.name == "*":
            continue
        old = statement.old(slot.alias)
        lines = statement.lines.get(slot.alias, [old])
        if old not in lines or not _is_broken(slot, target):
            continue
        if not slot.is_used:
            found.left.append(without_counterpart(tree.text, slot.alias, slot.path, target))
            if not exports and slot.at_top and not slot.keeps_name:
                statement.lines[slot.alias] = [line for line in lines if line != old]
            continue
        places = [_place(tree, reference) for reference in stuck.get(slot, ())]
        if slot.at_top and not slot.keeps_name and places and None not in places:
            statement.lines[slot.alias] = [line for line in lines if line != old]
            for node in filter(None, places):
                moved.setdefault(node, {})[old] = statement
        else:
            found.left.append(without_counterpart(tree.text, slot.alias, slot.path, target))
    for node, imports in moved.items():
        start = tree.text.span(node).start
        between = f"\n{tree.text.indent(start)}"
        gone = (its for its in imports.values() if not its.all_lines())
        beside = dict.fromkeys(tree.text.comment_after(its.node) for its in gone)
        lines = grouped(imports)
        lines[-1] = "  ".join([lines[-1], *filter(None, beside)])
        found.edits.append(Edit(start, start, (between.join([*lines, ""]),)))
    return found


def without_counterpart(text: Text, node: ast.AST, path: str, target: Target) -> Unfixed:
    """The report of a node that stands for something that the target does not have."""
    message = f"`{path}` has no counterpart in {target}"
    root = path.partition(".")[0]
    advice = f"`keras-imports where {path}` says in which releases of {root} it is"
    code = text.of(node).partition("\n")[0]
    return Unfixed(*text.place(text.span(node).start), code, message, advice)


def _is_broken(slot: BoundName, target: Target) -> bool:
    """Whether an import that stays would fail in the target."""
    if slot.target is not None or not is_keras_path(slot.path):
        return False
    entry = atlas.lookup(target.env, slot.path)
    return entry is None or not (entry.importable or entry.module_path)


def _place(tree: Tree, reference: Reference) -> ast.stmt | None:
    """The statement before which an import can stand, where a use runs later or never."""
    if len(reference.paths) > 1:
        return None
    above = list(tree.above(reference.node))
    node = next((n for n in above if isinstance(n, ast.stmt)), reference.statement)
    inside = any(isinstance(n, FUNCTIONS) or _is_of_script(n) for n in tree.above(node))
    if not inside or isinstance(node, _DEFINITIONS):
        return None
    start = tree.text.span(node).start
    line = tree.text.line_before(start)
    return node if not line.strip() and not tree.text.of(node).startswith("elif") else None


def _is_of_script(node: ast.AST) -> bool:
    """`if __name__ == "__main__":`."""
    names = ast.walk(node.test) if isinstance(node, ast.If) else ()
    return any(isinstance(name, ast.Name) and name.id == "__name__" for name in names)


def without_repetition(tree: Tree, statements: Statements) -> None:
    """Import at the top once what several statements have come to import.

    What was there twice before stays so: the cells of a notebook may run one without the other.
    """
    top = [statements[node] for node in tree.module.body if node in statements]
    aliases = {alias for statement in statements.values() for alias in statement.node.names}
    bound: dict[str, Line] = {}
    before: set[Line] = set()

    def is_bound(line: Line) -> bool:
        return bound.get(line.local) == line and aliases.issuperset(tree.binders(line.local))

    for statement in top:
        for alias in statement.node.names:
            old = statement.old(alias)
            lines = statement.lines.get(alias, [old])
            if old not in before:
                kept = [line for line in lines if line == old or not is_bound(line)]
                statement.lines[alias] = kept
            before.add(old)
            bound.update((line.local, line) for line in lines)
        statement.more = [line for line in statement.more if not is_bound(line)]
        bound.update((line.local, line) for line in statement.more)
    for index, statement in enumerate(top):
        # Those of the same block of imports are as good; a later one would come too late.
        first = tree.module.body.index(statement.node) if statement.more else 0
        for other in top[index + 1 :] if statement.more else ():
            between = tree.module.body[first : tree.module.body.index(other.node)]
            if all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in between):
                own = other.own_lines()
                statement.more = [line for line in statement.more if line not in own]


def collapse(text: Text, module: Module, statements: Statements) -> Iterator[tuple[ast.Try, Edit]]:
    """`try: import a; except ImportError: import b` where both have become the same."""
    tries = {
        arm.node
        for reference in module.references
        for arm in reference.context.arms
        if isinstance(arm.node, ast.Try)
    }
    for node in tries:
        arms = [node.body, *(handler.body for handler in node.handlers)]
        inside = [statements.get(s) for arm in arms for s in arm]
        if node.orelse or node.finalbody or None in inside:
            continue
        results = [{line for s in arm for line in statements[s].all_lines()} for arm in arms]
        if any(result != results[0] for result in results[1:]) or not results[0]:
            continue
        if any(s is not None and s.is_changed for s in inside):
            span = text.span(node)
            lines = [line for s in node.body for line in statements[s].all_lines()]
            between = f"\n{text.indent(span.start)}"
            new = _with_comments(text, node, grouped(dict.fromkeys(lines)))
            yield node, Edit(span.start, span.end, (between.join(new),))


def _with_comments(text: Text, node: ast.Try, imports: list[str]) -> list[str]:
    """The lines of imports in the place of other code, with what its comments say.

    What a linter is told about them goes on their lines, all else above them.
    """
    comments = dict.fromkeys(_COMMENT.findall(text.of(node)))
    told = [comment for comment in comments if _FOR_LINTERS.match(comment)]
    *first, last = ["  ".join([line, *told]) for line in imports]
    if text.comment_after(node):
        last = imports[-1]
    return [*(comment for comment in comments if comment not in told), *first, last]
