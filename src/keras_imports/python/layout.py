"""Lay out a statement over lines as Black and Ruff do.

    x = keras.layers.Dense(                     x = keras.layers.Dense(units, name="head")(x)
        units, name="head"
    )(x)

It knows calls, displays and the headers of functions, which is nearly all that a migration touches.
Where it does not know what these formatters would do, it says so by `None`.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_OPENING, _CLOSING = "([{", ")]}"
_INDENT = 4
_VALUES = frozenset({"return", "if", "elif", "while", "raise", "@"})  # one value follows
_TESTS = ("==", "!=", "<=", ">=")
_WORDS = frozenset(keyword.kwlist) - _VALUES - {"None", "True", "False"}
_SKIPPED = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class _UnknownError(Exception):
    """It is not known how a line is split."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A token, and the white space before it where both are on one line."""

    text: str
    space: str
    kind: int

    @property
    def is_operand(self) -> bool:
        """Whether a bracket behind it is that of a call or a subscript."""
        if self.kind == tokenize.NAME:
            return self.text not in _WORDS and self.text not in _VALUES
        return self.kind == tokenize.STRING or self.text in (")", "]", "}")


_Tokens = Sequence[_Token]


def laid_out(code: str, indent: int, width: int) -> str | None:
    """Return a statement, or the header of one, that begins in a column, without that indent.

    No line is longer than `width`. Return `None` where it is not known how it is split.
    """
    read = _tokens(code)
    if read is None:
        return None
    try:
        return "\n".join(_statement(*read, indent, width)).lstrip()
    except _UnknownError:
        return None


@lru_cache(maxsize=64)  # a statement is laid out in several widths, one after another
def _tokens(code: str) -> tuple[list[_Token], str] | None:
    """Return the tokens of a statement, and the comment at its end; `None` for what is unknown."""
    tokens: list[_Token] = []
    comment, end, is_over = "", (1, 0), False
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            is_over |= token.type == tokenize.NEWLINE
            if token.type in _SKIPPED:
                continue
            if comment or is_over or "\n" in token.string or token.string == ";":
                return None
            if token.type == tokenize.COMMENT:
                comment = token.string
                continue
            space = " " * (token.start[1] - end[1])
            if token.start[0] != end[0]:
                if token.line[: token.start[1]].strip():
                    return None
                is_joined = tokens and (tokens[-1].text in _OPENING or token.string in _CLOSING)
                space = "" if not tokens or is_joined or token.string == "." else " "
            tokens.append(_Token(token.string, space, token.type))
            end = token.end
    except (tokenize.TokenError, SyntaxError):
        # The header of a compound statement has no block behind it.
        if not tokens or tokens[-1].text != ":":
            return None
    return (tokens, comment) if tokens and "\\" not in code else None


def _statement(tokens: _Tokens, comment: str, indent: int, width: int) -> list[str]:
    """Return the lines of a statement."""
    line = " " * indent + _joined(tokens) + (f"  {comment}" if comment else "")
    if len(line) <= width and not _has_magic_comma(tokens):
        return [line]
    if comment:
        raise _UnknownError
    first = tokens[0].text
    if first == "def":
        opening = next(i for i, token in enumerate(tokens) if token.text in _OPENING)
        return _split(tokens, opening, _closing(tokens, opening), indent, width)
    signs = [i for i, token in _outer(tokens) if token.text[-1] == "=" and token.text not in _TESTS]
    value = 1 if first in _VALUES else signs[-1] + 1 if signs else 0
    if first in _WORDS or _is_divided(tokens[value:]):
        raise _UnknownError
    return _by_bracket(tokens, indent, width)


def _line(tokens: _Tokens, indent: int, width: int) -> list[str]:
    """Return the lines of what stands within brackets."""
    line = " " * indent + _joined(tokens)
    if len(line) <= width and not _has_magic_comma(tokens):
        return [line]
    if any(token.text == "for" for _, token in _outer(tokens)):
        return _comprehension(tokens, indent, width)
    items = _items(tokens)
    if len(items) > 1:
        return _exploded(items, indent, width)
    if _is_divided(tokens):  # such as `a + b`
        raise _UnknownError
    return _by_bracket(tokens, indent, width)


def _comprehension(tokens: _Tokens, indent: int, width: int) -> list[str]:
    """Return the lines of what a comprehension has in its brackets: each clause has its own."""
    clauses = [index for index, token in _outer(tokens) if token.text in ("for", "if", "else")]
    is_clause = tokens[0].text in ("for", "if")
    if is_clause or any(tokens[i].text == "else" for i in clauses) or tokens[-1].text == ",":
        raise _UnknownError
    parts = [tokens[start:end] for start, end in pairwise([0, *clauses, len(tokens)])]
    return [line for part in parts for line in _line(part, indent, width)]


def _by_bracket(tokens: _Tokens, indent: int, width: int) -> list[str]:
    """Return the lines of what is split at its last bracket that leaves a line short enough."""
    pairs = []
    for index, token in reversed(list(_outer(tokens))):
        if token.text in _OPENING and tokens[index + 1].text not in _CLOSING:
            pairs.append((index, _closing(tokens, index)))
    if not pairs:
        raise _UnknownError
    is_magic = _has_magic_comma(tokens)
    for number, (opening, closing) in enumerate(pairs):
        tail = indent + len(_joined(tokens[closing + 1 :]))
        if number and tail > width:
            break
        its_magic = tokens[closing - 1].text == ","
        if number or not is_magic or its_magic:
            head = indent + len(_joined(tokens[: opening + 1]))
            if head <= width:
                return _split(tokens, opening, closing, indent, width)
        if its_magic:
            break
    return _split(tokens, *pairs[0], indent, width)


def _split(tokens: _Tokens, opening: int, closing: int, indent: int, width: int) -> list[str]:
    """Return the lines of what is split within a pair of brackets."""
    head, body, tail = tokens[: opening + 1], tokens[opening + 1 : closing], tokens[closing:]
    is_display = _is_display(tokens, opening)
    if tokens[opening].text == "[" and not is_display:
        raise _UnknownError
    first, last = " " * indent + _joined(head), " " * indent + _joined(tail)
    if max(len(first), len(last)) > width or _has_magic_comma(tail) or _has_magic_comma(head):
        raise _UnknownError
    items = _items(body)
    if any(token.text == "for" for _, token in _outer(body)):
        return [first, *_line(body, indent + _INDENT, width), last]
    if is_display and len(items) == 1 and body[-1].text == ",":  # a tuple of one
        raise _UnknownError
    if body[-1].text == "," or (is_display and len(items) > 1):
        return [first, *_exploded(items, indent + _INDENT, width), last]
    return [first, *_line(body, indent + _INDENT, width), last]


def _exploded(items: list[_Tokens], indent: int, width: int) -> list[str]:
    """Return the lines of items of which each has its own, with a comma behind the last."""
    if any(token.text == "lambda" for item in items for _, token in _outer(item)):
        raise _UnknownError
    comma = _Token(",", "", tokenize.OP)
    return [line for item in items for line in _line([*item, comma], indent, width)]


def _items(tokens: _Tokens) -> list[_Tokens]:
    """Return what commas part, without the commas."""
    items: list[_Tokens] = []
    start = 0
    for index, token in _outer(tokens):
        if token.text == ",":
            items.append(tokens[start:index])
            start = index + 1
    return [*items, tokens[start:]] if start < len(tokens) else items


def _outer(tokens: _Tokens) -> Iterator[tuple[int, _Token]]:
    """Yield the tokens that are in no brackets, opening ones included."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.text in _CLOSING:
            depth -= 1
        elif not depth:
            yield index, token
        if token.text in _OPENING:
            depth += 1


def _closing(tokens: _Tokens, opening: int) -> int:
    """Return the index of the bracket that closes one."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in _OPENING) - (tokens[index].text in _CLOSING)
        if not depth:
            return index
    raise _UnknownError


def _is_display(tokens: _Tokens, opening: int) -> bool:
    """Return whether a bracket is that of a display, and of no call or subscript."""
    return not (opening and tokens[opening - 1].is_operand)


def _is_divided(tokens: _Tokens) -> bool:
    """Return whether a line may be split at an operator, a word, or the dot behind a call."""
    before = None
    for index, token in _outer(tokens):
        previous = tokens[index - 1] if index else None
        if token.text in _WORDS or (token.text == "." and previous and previous.text in _CLOSING):
            return True
        is_star = index == 0 and token.text in ("*", "**")
        if token.kind == tokenize.OP and not is_star and token.text not in "([{.=:,":
            return True
        if token.text == "," and index < len(tokens) - 1:
            return True
        if token.kind == tokenize.STRING and before is not None and before.kind == token.kind:
            return True
        before = token
    return False


def _has_magic_comma(tokens: _Tokens) -> bool:
    """Return whether some brackets end with a comma, which keeps them over several lines."""
    openings: list[int] = []
    for index, token in enumerate(tokens):
        if token.text in _OPENING:
            openings.append(index)
        elif token.text in _CLOSING and openings:
            opening = openings.pop()
            if tokens[index - 1].text != ",":
                continue
            is_tuple = tokens[opening].text == "(" and _is_display(tokens, opening)
            if not is_tuple or len(_items(tokens[opening + 1 : index])) > 1:
                return True
    return False


def _joined(tokens: _Tokens) -> str:
    """Return what tokens are on one line."""
    return "".join(token.space + token.text for token in tokens).lstrip()
