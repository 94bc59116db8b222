"""Code in documents: fenced blocks of Markdown, those of reStructuredText, and doctests.

Blocks of a document that use one another's names are moved together, as one module. A docstring's
doctests see the names of their module, and nothing sees theirs. Only lines of code are changed,
and of those only the ones that the codemod changes.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from keras_imports.migrate.outcome import Outcome
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.joined_cells import JoinedCells
from keras_imports.python.magics import without_magics
from keras_imports.python.syntax import parse, syntax_reason

Move = Callable[[str], Outcome]

_FENCE = re.compile(  # it may be the first thing in an item of a list
    r"(?P<indent>[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$"
)
_PYTHON = re.compile(r"\{?\s*\.?(?:python3?|py|pycon)(?![\w:-])", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*)\.\. (?:code-block|code|sourcecode)::[ \t]*(?:python3?|py|pycon)[ \t]*$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?P<indent>[ \t]*)>>>(?: |$)")
_SCOPE = "def __keras_imports_scope_{}__():"
_SCOPES = re.compile(r"^def __keras_imports_scope_[0-9]+__\(\):\n", re.MULTILINE)
_INDENT = "    "


@dataclass(frozen=True)
class Block:
    """Lines of a document that are one piece of Python.

    `first` is what stands before the code in the first line of a statement, `more` in any other.
    """

    start: int
    code: tuple[str, ...]
    first: str
    more: str

    @property
    def text(self) -> str:
        """The code alone."""
        return "\n".join(self.code)


_ROOT = Block(-1, ("import keras",), "", "")


def document(raw: str, is_markdown: bool, is_root_known: bool, move: Move) -> Outcome:
    """A Markdown or reStructuredText document with its code moved.

    `is_root_known` tells that `keras` is itself where no block imports it, before the move and
    after it.
    """
    lines = [line.removesuffix("\r") for line in raw.split("\n")]
    found = _fenced(lines) if is_markdown else _directed(lines)
    left: list[Unfixed] = []
    new: dict[Block, str] = {}
    for group in _groups([_ROOT] * is_root_known + list(_readable(found, left))):
        new.update(_moved(group, move, left))
    new.pop(_ROOT, None)
    return _outcome(raw, _rewritten(raw, new), left)


def module(text: str, move: Move) -> Outcome:
    """A Python module moved, with the doctests in its docstrings.

    Those that use what the module imports are moved as functions at its end, the others alone.
    """
    try:
        tree = parse(text)
    except SyntaxError:
        return move(text)  # which says what is wrong
    imported = {name for node in tree.body for name in _imports(node)}
    left: list[Unfixed] = []
    new: dict[Block, str] = {}
    found = [_docstring(text, node) for node in _docstrings(tree)]
    scopes: list[list[Block]] = []
    for blocks in filter(None, [list(_readable(blocks, left)) for blocks in found]):
        _, uses, _ = _names(_cells(blocks).code)
        if "*" in imported or not uses.isdisjoint(imported):
            scopes.append(blocks)
        else:
            new.update(_moved(blocks, move, left))
    joined, starts = f"{text}\n", []
    for number, blocks in enumerate(scopes):
        starts.append(joined.count("\n") + 1)
        joined += f"{_SCOPE.format(number)}\n{_indented(_cells(blocks).code)}\n"
    outcome = move(joined)
    if outcome.problem:
        return replace(outcome, text=text)
    for place in outcome.left:
        index = bisect_right(starts, place.line) - 1
        if index < 0:
            left.append(place)
        else:
            line, column = place.line - starts[index], place.column - len(_INDENT)
            blocks = scopes[index]
            left.append(_placed(replace(place, line=line, column=column), blocks, _cells(blocks)))
    code, *parts = _SCOPES.split(outcome.text)
    for blocks, part in zip(scopes, parts, strict=True):
        new.update(zip(blocks, _cells(blocks).split(_dedented(part[:-1])), strict=True))
    code = _in_docstrings(code[:-1], [block for blocks in found for block in blocks], new)
    return _outcome(text, code, left)


def _moved(blocks: Sequence[Block], move: Move, left: list[Unfixed]) -> dict[Block, str]:
    """The new code of blocks that make one module."""
    cells = _cells(blocks)
    outcome = move(cells.code)
    left += [_placed(place, blocks, cells) for place in outcome.left]
    if outcome.problem:
        left += _unread(blocks[0], outcome.problem)
    return dict(zip(blocks, cells.split(outcome.text), strict=True))


def _outcome(old: str, new: str, left: list[Unfixed]) -> Outcome:
    return Outcome(new, new != old, tuple(sorted(left, key=lambda at: (at.line, at.column))))


def _in_docstrings(code: str, old: list[Block], new: dict[Block, str]) -> str:
    """Moved code with new doctests; they stand where the old ones do, some lines up or down."""
    if all(text == block.text for block, text in new.items()):
        return code
    nodes = _docstrings(parse(code))
    here = [block for node in nodes for block in _docstring(code, node)]
    pairs = zip(here, old, strict=True)
    return _rewritten(code, {now: new[block] for now, block in pairs if block in new})


def _readable(blocks: Iterable[Block], left: list[Unfixed]) -> Iterator[Block]:
    """The blocks that are Python; of the others those that mention Keras are reported."""
    for block in blocks:
        try:
            _cells([block])
        except SyntaxError as error:
            left += _unread(block, syntax_reason(error))
        else:
            yield block


def _unread(block: Block, why: str) -> Iterator[Unfixed]:
    if "keras" in block.text:
        code = next(line for line in block.code if "keras" in line).strip()
        line, column = block.start + 1, len(block.first) + 1
        yield Unfixed(
            line, column, code, f"this code is left as it is: {why}", "look at it yourself"
        )


def _cells(blocks: Iterable[Block]) -> JoinedCells:
    cells = JoinedCells()
    for block in blocks:
        cells.add(block.text)
    return cells


def _placed(left: Unfixed, blocks: Sequence[Block], cells: JoinedCells) -> Unfixed:
    """A place in the code of cells as one in the document."""
    index, line = cells.place(left.line)
    block = blocks[index]
    column = left.column + len(block.first)
    return replace(left, line=block.start + line, column=column, line_now=None)


# Blocks that use one another's names


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """The blocks, those together that use what an earlier one of them binds."""
    groups: list[list[int]] = [[index] for index in range(len(blocks))]
    binder: dict[str, int] = {}  # the last block that binds a name
    stars: list[int] = []  # the blocks that may bind any name
    for index, block in enumerate(blocks):
        binds, uses, has_star = _names(block.text)
        for other in {*stars, *(binder[name] for name in uses if name in binder)}:
            if groups[other] is not groups[index]:
                groups[other] += groups[index]
                for member in groups[index]:
                    groups[member] = groups[other]
        binder.update(dict.fromkeys(binds, index))
        stars += [index] * has_star
    whole = {id(group): group for group in groups}.values()
    return [[blocks[index] for index in sorted(group)] for group in whole]


def _names(text: str) -> tuple[set[str], set[str], bool]:
    """The names that a block binds, those that it needs from others, and if it has a star."""
    binds: set[str] = set()
    uses: set[str] = set()
    imports: set[str] = set()
    for node in ast.walk(parse(without_magics(text))):
        imports.update(_imports(node))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            binds.add(node.name)
        elif isinstance(node, ast.Name):
            (uses if isinstance(node.ctx, ast.Load) else binds).add(node.id)
    return binds | imports, uses - imports, "*" in imports


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]


# Where the code is


def _fenced(lines: list[str]) -> Iterator[Block]:
    """The Python in the fenced blocks of Markdown."""
    index = 0
    while index < len(lines):
        opening = _FENCE.match(lines[index])
        index += 1
        if opening is None:
            continue
        start, fence = index, opening["fence"]
        while index < len(lines) and not _closes(lines[index].strip(), fence):
            index += 1
        if _PYTHON.match(opening["info"]):
            indent = re.sub(r"\S", " ", opening["indent"])
            yield from _inside(lines, start, index, indent)
        index += 1


def _closes(line: str, fence: str) -> bool:
    return len(line) >= len(fence) and not line.strip(fence[0])


def _directed(lines: list[str]) -> Iterator[Block]:
    """The Python in the directives of reStructuredText, and its doctests."""
    index = 0
    while index < len(lines):
        directive = _DIRECTIVE.match(lines[index])
        if directive is None:
            end = _end_of_example(lines, index, len(lines))
            yield from _examples(lines, index, end)
            index = max(end, index + 1)
            continue
        index += 1
        while index < len(lines) and lines[index].strip().startswith(":"):
            index += 1
        outer = len(directive["indent"])
        while index < len(lines) and not lines[index].strip():
            index += 1
        start = end = index
        while index < len(lines) and (not lines[index].strip() or _depth(lines[index]) > outer):
            index += 1
            if lines[index - 1].strip():
                end = index
        if end > start:
            yield from _inside(lines, start, end, lines[start][: _depth(lines[start])])


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _inside(lines: list[str], start: int, end: int, indent: str) -> Iterator[Block]:
    """The Python of a block of code: examples, or all of it."""
    if any(_EXAMPLE.match(line) for line in lines[start:end]):
        yield from _examples(lines, start, end)
    else:
        depths = [_depth(line) for line in lines[start:end] if line.strip()]
        indent = indent[: min(depths, default=0)]
        code = [line[min(len(indent), _depth(line)) :] for line in lines[start:end]]
        yield Block(start, tuple(code), indent, indent)


def _examples(lines: list[str], start: int, end: int) -> Iterator[Block]:
    """The statements of doctests, each with its own lines."""
    index = start
    while index < end:
        after = _end_of_example(lines, index, end)
        if after > index:
            indent = lines[index][: _depth(lines[index])]
            code = [line[len(indent) + 4 :] for line in lines[index:after]]
            yield Block(index, tuple(code), f"{indent}>>> ", f"{indent}... ")
        index = max(after, index + 1)


def _end_of_example(lines: list[str], start: int, end: int) -> int:
    """The line after an example that starts at a line; the same line if none does."""
    found = _EXAMPLE.match(lines[start])
    if found is None:
        return start
    index, more = start + 1, found["indent"] + "..."
    while index < end and (lines[index] == more or lines[index].startswith(more + " ")):
        index += 1
    return index


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """The docstrings of a module, its classes and functions, in their order."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            value = node.body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.append(value)
    return iter(sorted(found, key=lambda value: value.lineno))


def _docstring(text: str, node: ast.Constant) -> list[Block]:
    """The examples of a docstring; none where its text is not what stands in the file."""
    lines = text.split("\n")
    end = node.end_lineno or node.lineno
    written = "\n".join(lines[node.lineno - 1 : end])
    if ">>>" not in written or ("\\" in written and not re.match(r"\s*[rR]", written)):
        return []
    return list(_examples(lines, node.lineno, end))


def _indented(code: str) -> str:
    return "\n".join(line and _INDENT + line for line in code.split("\n"))


def _dedented(code: str) -> str:
    return "\n".join(line.removeprefix(_INDENT) for line in code.split("\n"))


# Writing


def _rewritten(raw: str, new: dict[Block, str]) -> str:
    """A document with new code in its blocks."""
    lines = raw.split("\n")
    for block in sorted(new, key=lambda block: -block.start):
        if new[block] != block.text:
            end = block.start + len(block.code)
            lines[block.start : end] = _written(block, new[block], lines[block.start : end])
    return "\n".join(lines)


def _written(block: Block, new: str, old: list[str]) -> Iterator[str]:
    """The lines of a block of code; those that are the same stay as they were."""
    code = new.split("\n") if new.strip() else []
    inner = set() if block.first == block.more else _inner_lines(new)
    ending = "\r" if old[0].endswith("\r") else ""
    matcher = SequenceMatcher(None, block.code, code, autojunk=False)
    for operation, first, last, start, end in matcher.get_opcodes():
        if operation == "equal":
            yield from old[first:last]
            continue
        for index in range(start, end):
            prefix = block.more if index in inner else block.first
            yield (prefix + code[index] if code[index] else prefix.rstrip()) + ending


def _inner_lines(code: str) -> set[int]:
    """The lines (from 0) of code that continue a statement."""
    found: set[int] = set()
    for node in parse(code).body:
        decorators = getattr(node, "decorator_list", None)
        first = decorators[0].lineno if decorators else node.lineno
        found.update(range(first, node.end_lineno or first))
    return found
