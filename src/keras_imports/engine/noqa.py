"""Know what keeps lines as they are: comments, `# noqa: KI001, KI108`, and ignored codes.

Only a comment that names such codes holds, or the beginning of some, as in `# noqa: KI1`. One
without a code, or with those of other tools, says nothing of Keras.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keras_imports.python.tree import Tree

_NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*)", re.IGNORECASE)
_UNUSED = re.compile(r"#\s*noqa\b(?!\s*:)|#\s*noqa\s*:.*\bF401\b|#\s*pylint:.*\bunused-import\b")
_OWN = "KI"  # how our codes begin


@dataclass(frozen=True)
class Noqa:
    """The codes that comments of a text name, by line, and those that are ignored on all lines."""

    codes: Mapping[int, tuple[str, ...]]
    ignored: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str, ignored: frozenset[str] = frozenset()) -> Noqa:
        """Return what the comments of a text say, where some codes are ignored anyhow."""
        codes: dict[int, tuple[str, ...]] = {}
        for match in _NOQA.finditer(text):
            own = tuple(c for c in re.split(r"[\s,]+", match[1].upper()) if c.startswith(_OWN))
            if own:
                codes[text.count("\n", 0, match.start()) + 1] = own
        return cls(codes, ignored)

    def keep(self, tree: Tree, line: int, code: str = _OWN) -> bool:
        """Return whether the statement on a line is kept from what has a code.

        Without a code it is whether a comment keeps it from any.
        """
        if code in self.ignored:
            return True
        return bool(self.codes) and self.holds({line, *tree.ends_at(line)}, code)

    def holds(self, lines: Iterable[int], code: str = _OWN) -> bool:
        """Return whether a comment of the lines keeps what has a code, or of any code."""
        named = [each for line in lines for each in self.codes.get(line, ())]
        return any(code.startswith(each) or each.startswith(code) for each in named)


def is_meant_unused(line: str) -> bool:
    """Return whether a comment tells linters that an import of the line need not be used."""
    return _UNUSED.search(line) is not None
