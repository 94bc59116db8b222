"""Where the Python in documents and docstrings is, and how new code is put into its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from keras_imports.python.syntax import parse

_FENCE = re.compile(  # it may be the first thing in an item of a list
    r"(?P<indent>[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$"
)
_PYTHON = re.compile(r"\{?\s*\.?(?:python3?|py|pycon)(?![\w:-])", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*)\.\. (?:code-block|code|sourcecode)::[ \t]*(?:python3?|py|pycon)[ \t]*$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?P<indent>[ \t]*)>>>(?: |$)")


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


def fenced(lines: list[str]) -> Iterator[Block]:
    """Yield the Python in the fenced blocks of Markdown."""
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
    """Return whether a line ends the block that a fence has opened."""
    return len(line) >= len(fence) and not line.strip(fence[0])


def directed(lines: list[str]) -> Iterator[Block]:
    """Yield the Python in the directives of reStructuredText, and its doctests."""
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
    """Yield the Python of a block of code: examples, or all of it."""
    if any(_EXAMPLE.match(line) for line in lines[start:end]):
        yield from _examples(lines, start, end)
    else:
        depths = [_depth(line) for line in lines[start:end] if line.strip()]
        indent = indent[: min(depths, default=0)]
        code = [line[min(len(indent), _depth(line)) :] for line in lines[start:end]]
        yield Block(start, tuple(code), indent, indent)


def _examples(lines: list[str], start: int, end: int) -> Iterator[Block]:
    """Yield the statements of doctests, each with its own lines."""
    index = start
    while index < end:
        after = _end_of_example(lines, index, end)
        if after > index:
            indent = lines[index][: _depth(lines[index])]
            code = [line[len(indent) + 4 :] for line in lines[index:after]]
            yield Block(index, tuple(code), f"{indent}>>> ", f"{indent}... ")
        index = max(after, index + 1)


def _end_of_example(lines: list[str], start: int, end: int) -> int:
    """Return the line after an example that starts at a line; the same line if none does."""
    first = _EXAMPLE.match(lines[start])
    if first is None:
        return start
    index, more = start + 1, first["indent"] + "..."
    while index < end and (lines[index] == more or lines[index].startswith(more + " ")):
        index += 1
    return index


def docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the docstrings of a module, its classes and functions, in their order."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    values = []
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            value = node.body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                values.append(value)
    yield from sorted(values, key=lambda value: value.lineno)


def doctests(text: str, node: ast.Constant) -> list[Block]:
    """Return the examples of a docstring; none where its text is not what stands in the file."""
    lines = text.split("\n")
    end = node.end_lineno or node.lineno
    written = "\n".join(lines[node.lineno - 1 : end])
    if ">>>" not in written or ("\\" in written and not re.match(r"\s*[rR]", written)):
        return []
    return list(_examples(lines, node.lineno, end))


def rewritten(raw: str, new: dict[Block, str]) -> str:
    """Return a document with new code in its blocks."""
    lines = raw.split("\n")
    for block in sorted(new, key=lambda block: -block.start):
        if new[block] != block.text:
            end = block.start + len(block.code)
            lines[block.start : end] = _written(block, new[block], lines[block.start : end])
    return "\n".join(lines)


def _written(block: Block, new: str, old: list[str]) -> Iterator[str]:
    """Yield the lines of a block of code; those that are the same stay as they were."""
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
    """Return the lines (from 0) of code that continue a statement."""
    inner: set[int] = set()
    for node in parse(code).body:
        decorators = getattr(node, "decorator_list", None)
        first = decorators[0].lineno if decorators else node.lineno
        inner.update(range(first, node.end_lineno or first))
    return inner
