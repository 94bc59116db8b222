"""Find what is inside of quotes, and write new strings in those that a module prefers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from keras_imports.python.edits import Edit, Text

_SINGLE = re.compile(r"""(?<![\w"'])'[^'"\\\n{}]*'(?!')""")
_DOUBLE = re.compile(r"""(?<![\w"'])"[^'"\\\n{}]*"(?!")""")
_LITERAL = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')(.*)\1", re.DOTALL)


def start_of_content(text: Text, node: ast.Constant) -> int | None:
    """Return where the content of a string starts, if it stands in the text as it is."""
    written = _LITERAL.fullmatch(text.of(node))
    if written is None or written[2] != node.value:
        return None
    return text.span(node).start + written.start(2)


class Quotes:
    """The quotes of one module."""

    def __init__(self, text: Text, nodes: Iterable[ast.AST]) -> None:
        self._text = text
        self._nodes = nodes

    def written(self, edit: Edit) -> Edit:
        """Return an edit with the strings that it writes in these quotes.

        What takes the place of a string keeps those that this has.
        """
        if self._text.text[edit.start : edit.start + 1] in ("'", '"'):
            return edit
        old, quote = (_SINGLE, '"') if self._prefers_double else (_DOUBLE, "'")
        pieces = tuple(
            old.sub(lambda found: f"{quote}{found[0][1:-1]}{quote}", piece)
            if isinstance(piece, str)
            else piece
            for piece in edit.pieces
        )
        if pieces == edit.pieces or self._is_in_string(edit):
            return edit
        return replace(edit, pieces=pieces)

    @cached_property
    def _prefers_double(self) -> bool:
        single, double = (len(each.findall(self._text.text)) for each in (_SINGLE, _DOUBLE))
        return double > single

    @cached_property
    def _strings(self) -> list[tuple[int, int]]:
        """The places of strings with expressions in them, whose quotes differ from the others."""
        spans = (self._text.span(node) for node in self._nodes if isinstance(node, ast.JoinedStr))
        return [(span.start, span.end) for span in spans]

    def _is_in_string(self, edit: Edit) -> bool:
        return any(start <= edit.start < end for start, end in self._strings)
