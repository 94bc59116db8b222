"""Break lines that are too long, as most people do by hand.

    model.compile(optimizer=SGD(learning_rate=0.1), loss="mse", metrics=["accuracy"])

    model.compile(optimizer=SGD(learning_rate=0.1), loss="mse",
                  metrics=["accuracy"])

A line is broken behind a comma, or else behind a bracket.
"""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from itertools import pairwise

_OPENING, _CLOSING = "([{", ")]}"
_HANGING = 4  # columns
_MOST = 9  # breaks in one statement


@dataclass(frozen=True)
class _Bracket:
    """An open bracket: the line and column behind it, and the column of what stands in it first."""

    line: int
    column: int
    content: int


@dataclass(frozen=True)
class _Break:
    """A place where a line may be broken, and the column where the rest is to stand."""

    depth: int
    column: int
    indent: int
    is_comma: bool


def wrapped(code: str, indent: int, width: int) -> str:
    """Return a statement that begins in a column, with its lines broken that are too long.

    A line stays too long where it can be broken nowhere.
    """
    lines = (" " * indent + code).split("\n")
    for _ in range(_MOST):
        too_long = [number for number, line in enumerate(lines) if len(line) > width]
        places = ((number, _best_break(lines, number, width)) for number in too_long)
        number, best = next((place for place in places if place[1]), (0, None))
        if best is None:
            break
        line = lines[number]
        rest = " " * best.indent + line[best.column :].lstrip()
        lines[number : number + 1] = [line[: best.column].rstrip(), rest]
    return "\n".join(lines)[indent:]


def _best_break(lines: list[str], number: int, width: int) -> _Break | None:
    """Return where a line is broken best; `None` if it cannot be."""
    found = [each for each in _places(lines, number) if each.column <= width]
    line = lines[number]
    # It helps only where the rest begins further left than it did.
    found = [
        each
        for each in found
        if line[each.column :].strip(" ,)]}:") and each.indent + 8 < each.column
    ]
    if not found:
        return None
    commas = [each for each in found if each.is_comma]
    if commas:
        return min(commas, key=lambda each: (each.depth, -each.column))
    fitting = (each for each in found if each.indent + len(line) - each.column <= width)
    return next(fitting, found[-1])


def _places(lines: list[str], number: int) -> list[_Break]:
    """Return where a line can be broken."""
    places: list[_Break] = []
    closed: set[int] = set()  # brackets that close on the line, by their columns
    brackets: list[_Bracket] = []
    margin = len(lines[0]) - len(lines[0].lstrip())
    try:
        tokens = [
            token
            for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline)
            if token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
        ]
    except (tokenize.TokenError, SyntaxError):
        return []
    for token, behind in pairwise(tokens):
        row, end = token.end
        if row == number + 1 and token.type == tokenize.COMMENT:
            return []
        is_here = row == number + 1 and behind.start[0] == row
        if token.string in _OPENING and token.type == tokenize.OP:
            indent = (brackets[-1].content if brackets else margin) + _HANGING
            brackets.append(_Bracket(row, end, behind.start[1]))
            if is_here and behind.string not in _CLOSING:
                places.append(_Break(len(brackets), end, indent, is_comma=False))
        elif token.string in _CLOSING and token.type == tokenize.OP and brackets:
            bracket = brackets.pop()
            if bracket.line == row == number + 1:
                closed.add(bracket.column)
        elif token.string == "," and brackets and is_here:
            places.append(_Break(len(brackets), end, brackets[-1].content, is_comma=True))
    # What stands in others on the lines below is aligned with them.
    return [each for each in places if each.is_comma or each.column in closed]
