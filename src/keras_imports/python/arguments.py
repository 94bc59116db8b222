"""Bind the arguments of a call to parameters, and rewrite them with as few edits as possible."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from keras_imports.python.edits import Edit, Piece, Span, Text

_CLOSING = re.compile(r"\s*\)")
_COMMA = re.compile(r"\s*,")


@dataclass(frozen=True)
class Argument:
    """What is passed for one parameter.

    `name` is the parameter, "" where it is not known: for the rest by `*` or `**`, and for what
    is more than the signature has.
    `node` is the value as it was, `None` once it was changed.
    `written` is the keyword in the text, `**` for the rest by name, `None` for one by position.
    `place` is where the whole argument stands, `span` where its value does; `None` for one that is
    added.
    `origin` is the parameter of the source, and `text` the default that it has there, for one that
    is not in the text.
    """

    name: str
    value: tuple[Piece, ...]
    node: ast.expr | None = None
    written: str | None = None
    place: Span | None = None
    span: Span | None = None
    origin: str = ""
    text: str = ""

    def valued(self, *pieces: Piece) -> Argument:
        """Return the argument with another value."""
        return replace(self, value=pieces, node=None)


def bind(text: Text, node: ast.Call, names: Sequence[str]) -> list[Argument]:
    """Return the arguments of a call in the order of the text.

    `names` are the parameters that are taken by position.
    """
    arguments: list[Argument] = []
    lower, certain = opening(text, node) + 1, True
    passed: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    for index, item in enumerate(sorted(passed, key=lambda n: (n.lineno, n.col_offset))):
        if isinstance(item, ast.keyword):
            place, certain = text.span(item), False
            start = place.start + 2
            if item.arg is not None:
                start = text.text.index("=", place.start) + 1
                while text.text[start].isspace():
                    start += 1
            written = item.arg or "**"
            span = Span(start, place.end)
            name = item.arg or ""
            arguments.append(Argument(name, (span,), item.value, written, place, span, name))
        else:
            certain = certain and not isinstance(item, ast.Starred)
            place = _with_parentheses(text, item, lower)
            name = names[index] if certain and index < len(names) else ""
            arguments.append(Argument(name, (place,), item, None, place, place, name))
        lower = place.end
    return arguments


def kinds(node: ast.Call) -> tuple[type | None, ...]:
    """Return the kinds of what a call passes by position: `bool` or `float`, else `None`.

    Only literals tell. Return nothing if a `*` hides how many there are.
    """
    if any(isinstance(value, ast.Starred) for value in node.args):
        return ()
    types = [type(getattr(value, "value", None)) for value in node.args]
    return tuple(kind if kind in (bool, float) else None for kind in types)


def opening(text: Text, node: ast.Call) -> int:
    """Return where a call's opening parenthesis stands."""
    return text.text.index("(", text.span(node.func).end)


def _with_parentheses(text: Text, node: ast.expr, lower: int) -> Span:
    """Return where an expression stands, with parentheses around it that `ast` does not count."""
    span = text.span(node)
    while True:
        before = text.text[lower : span.start].rstrip()
        after = _CLOSING.match(text.text, span.end)
        if not before.endswith("(") or not after:
            return span
        span = Span(lower + len(before) - 1, after.end())


def join(name: str, parts: Sequence[Argument], arguments: Sequence[Argument]) -> Argument:
    """Return some of a call's arguments as one tuple, in the place of the one that comes first.

    What stands between them, such as comments, stays if they stand together in this order.
    """
    first, last = parts[0], parts[-1]
    at = arguments.index(first)
    together = list(arguments[at : at + len(parts)]) == list(parts)
    pieces: list[Piece] = ["(", *first.value]
    for before, part in pairwise(parts):
        gap: Piece = ", "
        if together and before.place and part.place:
            gap = Span(before.place.end, part.place.start)
        pieces += [gap, *part.value]
    value = (*pieces, ")")
    if together and first.place and last.place:
        place = Span(first.place.start, last.place.end)
        return replace(first, name=name, value=value, node=None, place=place)
    earliest = next(argument for argument in arguments if argument in parts)
    return replace(earliest, name=name, value=value, node=None)


class PositionError(ValueError):
    """An argument of unknown position would have to follow one that is passed by name."""


def rewrite(
    text: Text,
    node: ast.Call,
    before: Sequence[Argument],
    after: Sequence[Argument],
    names: Sequence[str] | None,
) -> list[Edit]:
    """Return the edits that turn a call's arguments into others.

    An argument stays by position where the target takes it at that place; `names` are the
    target's parameters by position, `None` if they are not known. Raise `PositionError` if an
    argument of unknown position would follow one that is passed by name.
    """
    kept = [argument for argument in after if argument.place]
    edits: list[Edit] = []
    by_position = True
    for index, argument in enumerate(kept):
        fits = (
            not argument.name
            or names is None
            or list(names[index : index + 1])[:1] == [argument.name]
        )
        by_position = by_position and argument.written is None and fits
        if not by_position and argument.written is None and not argument.name:
            raise PositionError
        edits += _edits(argument, by_position)
    fresh: list[Piece] = []
    separator = _separator(text, before)
    for argument in after:
        if not argument.place:
            fresh += [separator, f"{argument.name}=", *argument.value]
    return [*edits, *_surroundings(text, node, before, kept, fresh)]


def _separator(text: Text, arguments: Sequence[Argument]) -> str:
    """Return what stands before a new argument: a new line where each of the others has its own."""
    starts = [argument.place.start for argument in arguments if argument.place]
    indents = [text.line_before(start) for start in starts]
    if indents and not any(indent.strip() for indent in indents[1:] or indents):
        return f",\n{indents[-1]}"
    return ", "


def _edits(argument: Argument, by_position: bool) -> Iterator[Edit]:
    """Yield the edits of an argument where it stands."""
    place, span = argument.place, argument.span
    if place is None or span is None:  # it is new
        return
    changed = argument.value != (span,)
    if by_position:
        if changed:
            yield Edit(place.start, place.end, argument.value)
    elif argument.written in (argument.name, "**"):
        if changed:
            yield Edit(span.start, place.end, argument.value)
    elif argument.written is None or changed:
        yield Edit(place.start, place.end, (f"{argument.name}=", *argument.value))
    else:
        yield Edit(place.start, place.start + len(argument.written), (argument.name,))


def _surroundings(
    text: Text,
    node: ast.Call,
    before: Sequence[Argument],
    kept: Sequence[Argument],
    fresh: list[Piece],
) -> Iterator[Edit]:
    """Yield the edits that take out what is passed no more, and that add what is new at the end."""
    places = [argument.place for argument in kept if argument.place]
    places.sort(key=lambda place: place.start)
    ends = [*accumulate((place.end for place in places), max)]  # how far those up to each reach
    end = ends[-1] if ends else opening(text, node) + 1
    new = tuple(fresh if places else fresh[1:])
    run: Span | None = None
    for argument in before:
        place = argument.place
        if place is None:
            continue
        index = bisect_right(places, place.start, key=lambda place: place.start)
        if not index or ends[index - 1] < place.end:
            run = Span(run.start if run else place.start, place.end)
        elif run:
            yield Edit(run.start, place.start, ())
            run = None
    if run and "#" not in text.text[end : run.start]:
        # Without any other argument a comma after it goes as well.
        comma = None if places else _COMMA.match(text.text, run.end)
        yield Edit(end, comma.end() if comma else run.end, new)
    else:
        if run:
            comma = _COMMA.match(text.text, run.end)
            yield Edit(run.start, comma.end() if comma else run.end, ())
        if new:
            yield Edit(end, end, new)


def constant(node: ast.expr) -> object:
    """Return the value of a literal number, string or name constant; `None` for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = constant(node.operand)
        return -value if isinstance(value, (int, float)) else None
    return node.value if isinstance(node, ast.Constant) else None
