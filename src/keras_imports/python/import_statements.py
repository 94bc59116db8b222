"""Rewrite import statements: what each one imports, what it is to import, and its new text."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from keras_imports.python.edits import Edit, Span, Text

_MODULE = re.compile(r"from[\s\\]*(?P<module>[.\w\s\\]*?)[\s\\]*\bimport\b")
# What sorters order the names of a statement by: their case matters or not, and constants, then
# classes, then the rest come first or not.
Order = Callable[[str], tuple[int, str]]
_ORDERS: tuple[Order, ...] = (
    lambda name: (0, name),
    lambda name: (0, name.casefold()),
    lambda name: (_kind(name), name),
    lambda name: (_kind(name), name.casefold()),
)


def _kind(name: str) -> int:
    return 0 if name.isupper() else 1 if name[:1].isupper() else 2


@dataclass(frozen=True, order=True)
class Line:
    """An import of one name: `from module import name as local`, or `import name as local`."""

    module: str
    name: str
    local: str

    def __str__(self) -> str:
        """Return the statement."""
        if self.module:
            return f"from {self.module} import {self.item}"
        return f"import {self.item}"

    @property
    def item(self) -> str:
        """What stands after `import`."""
        bound = self.name if self.module else self.name.partition(".")[0]
        return self.name if self.local == bound else f"{self.name} as {self.local}"


def import_line(path: str, name: str | None) -> Line:
    """Return `import path`, or `import path as name`."""
    root, _, rest = path.partition(".")
    if rest and name == root:  # `import keras.layers as keras` is not `import keras.layers`
        module, _, leaf = path.rpartition(".")
        return Line(module, leaf, root)
    return Line("", path, name or root)


@dataclass(eq=False)
class Statement:
    """An import statement, and what it becomes: for each alias the lines that take its place."""

    node: ast.Import | ast.ImportFrom
    body: list[ast.stmt]  # the block that it stands in
    lines: dict[ast.alias, list[Line]] = field(default_factory=dict)
    more: list[Line] = field(default_factory=list)  # imported beside it
    order: Order | None = None  # of its names, where its own do not tell

    def old(self, alias: ast.alias) -> Line:
        """Return what an alias of the statement imports now."""
        if isinstance(self.node, ast.Import):
            return import_line(alias.name, alias.asname)
        module = "." * self.node.level + (self.node.module or "")
        return Line(module, alias.name, alias.asname or alias.name)

    def own_lines(self) -> list[Line]:
        """Return what takes the place of its names."""
        return [
            line for alias in self.node.names for line in self.lines.get(alias, [self.old(alias)])
        ]

    def all_lines(self) -> list[Line]:
        """Return all that the statement becomes, each line once."""
        return list(dict.fromkeys([*self.own_lines(), *self.more]))

    @property
    def is_changed(self) -> bool:
        """Whether it becomes anything else than it is."""
        return self.all_lines() != [self.old(alias) for alias in self.node.names]


def statement_edits(
    text: Text, statement: Statement, statements: Mapping[ast.stmt, Statement]
) -> list[Edit]:
    """Return the edits that make the statement's new lines of it, in its own form where possible.

    `statements` are all that change: where they leave a block empty, `pass` is written.
    """
    node = statement.node
    lines = statement.all_lines()
    if not lines:
        return [_removal(text, statement, statements)]
    result: list[Edit] = []
    if isinstance(node, ast.ImportFrom):
        modules = [line.module for line in lines]
        kept = max(
            dict.fromkeys(modules),
            key=lambda module: (bool(module), modules.count(module), module == node.module),
        )
        if kept and not any(alias.name == "*" for alias in node.names):
            result = _from(text, statement, [line for line in lines if line.module == kept])
            lines = [line for line in lines if line.module != kept]
            if not lines:
                return result
            return [*result, *_beside(text, statement, lines, str(kept))]
    else:
        old = [statement.old(alias) for alias in node.names]
        if all(line in lines for line in old):
            more = [line for line in lines if line not in old]
            return _beside(text, statement, more, "")
    span = text.span(node)
    # What a star binds must not take the place of what is imported beside it.
    new = sorted(grouped(lines), key=lambda line: not line.endswith("*"))
    return [Edit(span.start, span.end, (_joined(text, statement, new),))]


def _from(text: Text, statement: Statement, lines: list[Line]) -> list[Edit]:
    """Return edits of the module and of the names, which leave the rest of the statement alone.

    All `lines` are of one module.
    """
    node, span = statement.node, text.span(statement.node)
    result: list[Edit] = []
    module = _MODULE.match(text.text, span.start, span.end)
    if module is not None and module["module"] != lines[0].module:
        result.append(Edit(module.start("module"), module.end("module"), (lines[0].module,)))
    spans = [text.span(alias) for alias in node.names]
    if "#" in text.text[spans[0].start : span.end]:
        return [*result, *_by_name(text, statement, lines, spans)]
    old = [statement.old(alias).item for alias in node.names]
    names = _ordered([line.item for line in lines], old, statement.order)
    for index, place in enumerate(spans):
        if index < len(names):
            name = names[index]
            if index == len(spans) - 1 and len(names) > len(spans):
                name = _separator(text, spans).join(names[index:])
            if name != old[index]:
                result.append(Edit(place.start, place.end, (name,)))
        else:
            result.append(Edit(spans[len(names) - 1].end, spans[-1].end, ()))
            break
    return result


def _by_name(
    text: Text, statement: Statement, lines: list[Line], spans: list[Span]
) -> Iterator[Edit]:
    """Yield edits of the names that leave each one beside its comment."""
    olds = [statement.old(alias) for alias in statement.node.names]
    new: list[list[Line]] = []
    for alias, old in zip(statement.node.names, olds, strict=True):
        new.append([line for line in statement.lines.get(alias, [old]) if line in lines])
        lines = [line for line in lines if line not in new[-1]]
    last = max((index for index, own in enumerate(new) if own), default=0)
    new[last] += lines
    for index, (old, own, place) in enumerate(zip(olds, new, spans, strict=True)):
        start, end = text.line_around(place)
        rest = text.text[place.end : end].lstrip(", ")
        if own:
            name = _separator(text, spans).join(line.item for line in own)
            if own != [old]:
                yield Edit(place.start, place.end, (name,))
        elif not text.text[start : place.start].strip() and (not rest.strip() or rest[0] == "#"):
            yield Edit(start, end, ())
        elif index and "#" not in text.text[spans[index - 1].end : place.start]:
            yield Edit(spans[index - 1].end, place.end, ())
        elif index < last:
            yield Edit(place.start, spans[index + 1].start, ())
        else:
            yield Edit(place.start, place.end, ())


def _separator(text: Text, spans: list[Span]) -> str:
    """Return what stands between two names: a new line where each has its own."""
    last = spans[-1].start
    start = text.text.rfind("\n", 0, last) + 1
    indent = text.text[start:last]
    return f",\n{indent}" if indent.isspace() and indent else ", "


def _ordered(names: list[str], old: list[str], order: Order | None) -> list[str]:
    """Return the names in the order that the old ones were in, if they were in any.

    Names beside a single one are in the `order` of the module, if it has any.
    """
    names = list(dict.fromkeys(names))
    if len(old) > 1 and names != old:
        for each in _ORDERS:
            if old == sorted(old, key=each):
                return sorted(names, key=each)
    return sorted(names, key=order) if order and len(old) == 1 else names


def order_of(nodes: Iterable[ast.ImportFrom]) -> Order | None:
    """Return the order that the names of all statements are in, if they are in any."""
    imported = [[alias.name for alias in node.names] for node in nodes if len(node.names) > 1]
    for order in reversed(_ORDERS):
        if all(names == sorted(names, key=order) for names in imported):
            return order
    return None


def is_one_a_line(body: Iterable[ast.stmt]) -> bool:
    """Return whether a module imports each name by a line of its own."""
    named = [node for node in body if isinstance(node, ast.ImportFrom)]
    modules = {node.module for node in named}
    return len(modules) < len(named) and all(len(node.names) == 1 for node in named)


def names_apart(body: Iterable[ast.stmt]) -> bool:
    """Return whether a module imports what gets another name by a line of its own."""
    named = (node.names for node in body if isinstance(node, ast.ImportFrom))
    return not any(len(names) > 1 and any(name.asname for name in names) for names in named)


def grouped(lines: Iterable[Line]) -> list[str]:
    """Return statements: `import`s first, and one for each module that names are imported from."""
    plain = sorted(str(line) for line in lines if not line.module)
    modules: dict[str, list[str]] = {}
    for line in lines:
        if line.module:
            modules.setdefault(line.module, []).append(line.item)
    for module, its in modules.items():
        if "*" in its:  # it stands alone
            plain.append(f"from {module} import *")
    named = {module: [item for item in its if item != "*"] for module, its in modules.items()}
    return plain + [
        f"from {module} import {', '.join(its)}" for module, its in named.items() if its
    ]


def _beside(text: Text, statement: Statement, lines: list[Line], kept: str) -> list[Edit]:
    """Return edits that add statements before or after one that stays, wherever they sort."""
    span = text.span(statement.node)
    isolated = has_own_lines(text, span)
    own = (bool(kept), kept or statement.node.names[0].name)
    before: list[str] = []
    after: list[str] = []
    for new in grouped(lines):
        words = new.split()
        key = (words[0] == "from", words[1])
        (before if isolated and key < own else after).append(new)
    between = _between(text, span)
    result = []
    if before:
        result.append(Edit(span.start, span.start, (between.join([*before, ""]),)))
    if after:
        end = span.end
        if isolated:  # a comment stays on its line
            end = text.line_around(span)[1]
            end -= text.text[end - 1 : end] == "\n"
        result.append(Edit(end, end, (between.join(["", *after]),)))
    return result


def _joined(text: Text, statement: Statement, statements: list[str]) -> str:
    return _between(text, text.span(statement.node)).join(statements)


def _between(text: Text, span: Span) -> str:
    """Return what parts two statements in the place of one: a new line, or `; `."""
    if not has_own_lines(text, span):
        return "; "
    return "\n" + text.line_before(span.start)


def has_own_lines(text: Text, span: Span) -> bool:
    """Return whether nothing but a comment stands on the lines of a statement with it."""
    rest = text.text[span.end : text.line_around(span)[1]].lstrip()
    return not text.line_before(span.start).strip() and rest[:1] in ("", "#")


def _removal(text: Text, statement: Statement, statements: Mapping[ast.stmt, Statement]) -> Edit:
    """Return the edit that removes a statement; `statements` are all that change."""
    node, span, body = statement.node, text.span(statement.node), statement.body

    def goes(other: ast.stmt) -> bool:
        return other in statements and not statements[other].all_lines()

    if node is body[-1] and body[0].col_offset > 0 and all(map(goes, body)):
        return Edit(span.start, span.end, ("pass",))
    if has_own_lines(text, span):
        return Edit(*text.line_around(span), ())
    others = [s for s in body if s.end_lineno == node.lineno and not goes(s)]
    line = text.line_before(span.start)
    before = re.search(r"[ \t]*;[ \t]*$", line)
    if before is not None and any(
        (other.end_col_offset or 0) <= node.col_offset for other in others
    ):
        return Edit(span.start - len(line) + before.start(), span.end, ())
    after = re.compile(r"[ \t]*;[ \t]*").match(text.text, span.end)
    return Edit(span.start, after.end() if after else span.end, ())
