"""Search the syntax tree of a module by lines, and from its nodes upwards.

To walk all of a tree takes longer than to parse it; so `Tree` walks only the statements, and of
their expressions those on the lines that are asked for.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from keras_imports.python.edits import Text
from keras_imports.python.statements import first_line, last_line

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_ANYTHING = re.compile("")
CALLED = re.compile(r"\s*\(")  # what follows a name
ASSIGNED = re.compile(r"\s*(?::[^=\n]+)?=(?!=)")
_NEXT = re.compile(r"\s*[.(\[]")
_STATEMENT = re.compile(r".*?\b(?:def|class|import)\b")
_BLOCKS = ("body", "orelse", "finalbody")
_LEAVES = frozenset({ast.Name, ast.Constant})  # more than half of all nodes
_BELOW = "below"  # the attribute of a node that `walk` keeps the nodes below it in


class Tree:
    """A module's statements, and the nodes of their expressions."""

    def __init__(self, module: ast.Module, text: Text) -> None:
        self.module = module
        self.text = text
        self._arms: dict[ast.AST, ast.AST] = {}  # what handlers and cases stand in
        self._parents: dict[ast.AST, ast.AST] = {}  # of the nodes of expressions, as asked for
        self._nodes: dict[ast.stmt, list[ast.AST]] = {}  # those of statements, as asked for
        self._bound: dict[str, list[ast.AST]] = {}
        self._bound_in: dict[str, dict[ast.AST | None, list[ast.AST]]] = {}

    @cached_property
    def blocks(self) -> dict[ast.stmt, tuple[ast.AST, list[ast.stmt]]]:
        """For each statement what it stands in (maybe a handler or a case), and the block there."""
        blocks: dict[ast.stmt, tuple[ast.AST, list[ast.stmt]]] = {}
        stack: list[ast.AST] = [self.module]
        while stack:
            node = stack.pop()
            inner = node.__dict__  # `getattr` takes longer, and every statement comes by here
            for part in _BLOCKS:
                block = inner.get(part)
                if type(block) is list:
                    for statement in block:
                        blocks[statement] = (node, block)
                        if "body" in statement.__dict__ or "cases" in statement.__dict__:
                            stack.append(statement)
            for part in ("handlers", "cases"):
                for arm in inner.get(part, ()):
                    stack.append(arm)
                    self._arms[arm] = node
        return blocks

    @cached_property
    def _heads(self) -> tuple[list[int], list[ast.stmt]]:
        """The statements in their order, and the first lines of each."""
        ordered = sorted(self.blocks, key=lambda s: (first_line(s), s.col_offset))
        return [first_line(statement) for statement in ordered], ordered

    def statements_at(self, line: int) -> list[ast.stmt]:
        """Return the statements that a line lies in, the innermost one last.

        Of several in one block it is the first.
        """
        found: list[ast.stmt] = []
        for statement in reversed(list(self._on(line))):
            around = next(
                (node for node in self.above(statement) if isinstance(node, ast.stmt)), None
            )
            if around is (found[-1] if found else None):
                found.append(statement)
        return found

    def ends_at(self, line: int) -> set[int]:
        """Return the first and last line of the statement on a line; of a block of its head."""
        statements = self.statements_at(line)[-1:]
        return {end for each in statements for end in (each.lineno, last_line(each))}

    def is_at_top(self, statement: ast.stmt) -> bool:
        """Return whether a statement stands in no other one."""
        return self.blocks[statement][0] is self.module

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, innermost first, without the module."""
        parent = self.parent(node)
        while parent is not None and parent is not self.module:
            yield parent
            parent = self.parent(parent)

    def function_around(
        self, node: ast.AST
    ) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """Return the innermost function or `lambda` that a node stands in, `None` if in none."""
        return next((above for above in self.above(node) if isinstance(above, FUNCTIONS)), None)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node stands in; `None` where that is not found."""
        if node is self.module:
            return None
        if node in self.blocks:
            return self.blocks[node][0]
        if node in self._arms:
            return self._arms[node]
        if node not in self._parents:
            for statement in self._on(node.lineno):  # type: ignore[attr-defined]
                self._own_nodes(statement)
        return self._parents.get(node)

    def _on(self, line: int) -> Iterator[ast.stmt]:
        """Yield the statements that may have own expressions on a line, innermost first."""
        first, ordered = self._heads
        index = bisect_right(first, line)
        while index and first[index - 1] == line:
            index -= 1
            yield ordered[index]
        if index:  # what lies around the line is the last one above it, or lies around that, too
            before = ordered[index - 1]
            for node in (before, *self.above(before)):
                if isinstance(node, ast.stmt) and (node.end_lineno or 0) >= line:
                    yield node

    def on_lines(self, lines: Iterable[int]) -> Iterator[ast.AST]:
        """Yield the nodes of all expressions that stand, at least in part, on some of the lines."""
        seen: set[ast.stmt] = set()
        for line in sorted(set(lines)):
            for statement in self._on(line):
                if statement not in seen:
                    seen.add(statement)
                    yield from self._own_nodes(statement)

    def _own_nodes(self, statement: ast.stmt) -> list[ast.AST]:
        """Return the statement and all nodes in it that belong to no other statement."""
        nodes = self._nodes.get(statement)
        if nodes is None:
            nodes = self._nodes[statement] = []
            stack: list[ast.AST] = [statement]
            while stack:
                node = stack.pop()
                nodes.append(node)
                inner = [child for child in children(node) if not isinstance(child, ast.stmt)]
                self._parents.update(dict.fromkeys(inner, node))
                stack += inner
        return nodes

    def matching(self, *patterns: re.Pattern[str]) -> Iterator[ast.AST]:
        """Yield the nodes of the expressions around what one of the patterns matches."""
        places = [match.start() for p in patterns for match in p.finditer(self.text.text)]
        return self.on_lines(self.text.place(place)[0] for place in places)

    def naming(self, name: str, follows: re.Pattern[str] = _ANYTHING) -> Iterator[ast.AST]:
        """Yield the nodes of the expressions around a name, where `follows` matches behind it."""
        text, end = self.text, len(name)
        places = [place for place in text.places(name) if follows.match(text.text, place + end)]
        return self.on_lines(text.place(place)[0] for place in places)

    def binders(self, name: str) -> list[ast.AST]:
        """Return all that binds a name in any scope of the module."""
        binders = self._bound.get(name)
        if binders is None:
            lines = [self.text.place(place)[0] for place in self._may_bind(name)]
            binders = [node for node in self.on_lines(lines) if _binds(node, name)]
            self._bound[name] = binders
        return binders

    def binders_in(self, name: str, function: ast.AST | None) -> list[ast.AST]:
        """Return all that binds a name directly in a function, or outside of all."""
        if name not in self._bound_in:
            its: dict[ast.AST | None, list[ast.AST]] = {}
            for binder in self.binders(name):
                its.setdefault(self.function_around(binder), []).append(binder)
            self._bound_in[name] = its
        return self._bound_in[name].get(function, [])

    def _may_bind(self, name: str) -> Iterator[int]:
        """Yield where a name stands and is neither called nor has an attribute read, as mostly."""
        text, known, statement = self.text, 0, None
        for place in text.places(name):
            if text.text[place - 1 : place] == ".":
                continue
            if not _NEXT.match(text.text, place + len(name)):
                yield place
                continue
            line, _ = text.place(place)
            if line != known:
                known, statement = line, _STATEMENT.match(text.text, text.start_of(line))
            if statement is not None and statement.end() <= place:
                yield place


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=bound, ctx=context):
            return bound == name and not isinstance(context, ast.Load)
        case ast.arg(arg=bound) | ast.MatchStar(name=bound) | ast.MatchAs(name=bound):
            return bound == name
        case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound):
            return bound == name
        case ast.ClassDef(name=bound) | ast.ExceptHandler(name=bound):
            return bound == name
        case ast.alias(name=path, asname=local):
            return (local or path.partition(".")[0]) == name
    return False


def children(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.iter_child_nodes` yields, without operators and contexts, but faster."""
    found: list[ast.AST] = []
    if type(node) in _LEAVES:
        return found
    for name in node._fields:
        value = getattr(node, name)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and value._fields:
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.walk` yields, without operators and contexts.

    What is below a node is kept with it, as long as it lives: many passes ask for the same classes.
    """
    below: list[ast.AST] | None = getattr(node, _BELOW, None)
    if below is None:
        below = children(node)
        for each in below:  # it grows by those below each
            below += children(each)
        setattr(node, _BELOW, below)
    return [node, *below]
