"""Migrate code in documents: fenced blocks of Markdown, those of reStructuredText, and doctests.

Blocks of a document that use one another's names are migrated together, as one module. A
docstring's doctests see the names of their module, and nothing sees theirs. Only lines of code are
changed, and of those only the ones that the codemod changes.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from keras_imports.engine.findings import Finding
from keras_imports.engine.outcome import Outcome
from keras_imports.migrate.files.code_blocks import (
    Block,
    directed,
    docstrings,
    doctests,
    fenced,
    rewritten,
)
from keras_imports.python.joined_cells import JoinedCells
from keras_imports.python.magics import without_magics
from keras_imports.python.syntax import parse, syntax_reason

Migrate = Callable[[str], Outcome]
_SCOPE = "def __keras_imports_scope_{}__():"
_SCOPES = re.compile(r"^def __keras_imports_scope_[0-9]+__\(\):\n", re.MULTILINE)
_INDENT = "    "
_ROOT = Block(-1, ("import keras",), "", "")


def document(raw: str, is_markdown: bool, is_root_known: bool, migrate: Migrate) -> Outcome:
    """Migrate the code in a Markdown or reStructuredText document.

    `is_root_known` tells that `keras` is itself where no block imports it, before the
    migration and after it.
    """
    lines = [line.removesuffix("\r") for line in raw.split("\n")]
    blocks = fenced(lines) if is_markdown else directed(lines)
    left: list[Finding] = []
    new: dict[Block, str] = {}
    for group in _groups([_ROOT] * is_root_known + list(_readable(blocks, left))):
        new.update(_moved(group, migrate, left))
    new.pop(_ROOT, None)
    return _outcome(raw, rewritten(raw, new), left)


def module(text: str, migrate: Migrate) -> Outcome:
    """Migrate a Python module and the doctests in its docstrings.

    Those that use what the module imports are migrated as functions at its end, the others alone.
    """
    try:
        tree = parse(text)
    except SyntaxError:
        return migrate(text)  # which says what is wrong
    if _SCOPES.search(text):
        problem = "has a function of a name that keras-imports gives to doctests"
        return Outcome(text, problem=problem)
    imported = {name for node in tree.body for name in _imports(node)}
    left: list[Finding] = []
    new: dict[Block, str] = {}
    examples = [doctests(text, node) for node in docstrings(tree)]
    scopes: list[list[Block]] = []
    for blocks in filter(None, [list(_readable(blocks, left)) for blocks in examples]):
        _, uses, _ = _names(_cells(blocks).code)
        if "*" in imported or not uses.isdisjoint(imported):
            scopes.append(blocks)
        else:
            new.update(_moved(blocks, migrate, left))
    joined, starts = f"{text}\n", []
    for number, blocks in enumerate(scopes):
        starts.append(joined.count("\n") + 1)
        joined += f"{_SCOPE.format(number)}\n{_indented(_cells(blocks).code)}\n"
    outcome = migrate(joined)
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
    code = _in_docstrings(code[:-1], [block for blocks in examples for block in blocks], new)
    return _outcome(text, code, left)


def _moved(blocks: Sequence[Block], migrate: Migrate, left: list[Finding]) -> dict[Block, str]:
    """Return the new code of blocks that make one module."""
    cells = _cells(blocks)
    outcome = migrate(cells.code)
    left += [_placed(place, blocks, cells) for place in outcome.left]
    if outcome.problem:
        left += _unread(blocks[0], outcome.problem)
    return dict(zip(blocks, cells.split(outcome.text), strict=True))


def _outcome(old: str, new: str, left: list[Finding]) -> Outcome:
    return Outcome(new, new != old, tuple(sorted(left, key=lambda at: (at.line, at.column))))


def _in_docstrings(code: str, old: list[Block], new: dict[Block, str]) -> str:
    """Return migrated code with new doctests, where the old ones are, some lines up or down."""
    if all(text == block.text for block, text in new.items()):
        return code
    nodes = docstrings(parse(code))
    here = [block for node in nodes for block in doctests(code, node)]
    pairs = zip(here, old, strict=True)
    return rewritten(code, {now: new[block] for now, block in pairs if block in new})


def _readable(blocks: Iterable[Block], left: list[Finding]) -> Iterator[Block]:
    """Yield the blocks that are Python; of the others those that mention Keras are reported."""
    for block in blocks:
        try:
            _cells([block])
        except SyntaxError as error:
            left += _unread(block, syntax_reason(error))
        else:
            yield block


def _unread(block: Block, why: str) -> Iterator[Finding]:
    if "keras" in block.text:
        code = next(line for line in block.code if "keras" in line).strip()
        line, column = block.start + 1, len(block.first) + 1
        message = f"this code could not be migrated: {why}"
        yield Finding(line, column, code, message, "migrate it by hand")


def _cells(blocks: Iterable[Block]) -> JoinedCells:
    cells = JoinedCells()
    for block in blocks:
        cells.add(block.text)
    return cells


def _placed(left: Finding, blocks: Sequence[Block], cells: JoinedCells) -> Finding:
    """Return a finding in the code of cells as one in the document."""
    index, line = cells.place(left.line)
    block = blocks[index]
    column = left.column + len(block.first)
    return replace(left, line=block.start + line, column=column, line_now=None)


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """Return the blocks, those together that use what an earlier one of them binds."""
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
    """Return the names that a block binds, those that it needs, and whether it has a star."""
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


def _indented(code: str) -> str:
    return "\n".join(line and _INDENT + line for line in code.split("\n"))


def _dedented(code: str) -> str:
    return "\n".join(line.removeprefix(_INDENT) for line in code.split("\n"))
