"""Read the comments that keep lines as they are: `# noqa: KI001, KI108`.

Only one that names such codes holds, or the beginning of some, as in `# noqa: KI1`. What stands
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
    """The codes that comments of a text name, by line."""

    codes: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, text: str) -> Noqa:
        """Return what the comments of a text say."""
        codes: dict[int, tuple[str, ...]] = {}
        for match in _NOQA.finditer(text):
            own = tuple(c for c in re.split(r"[\s,]+", match[1].upper()) if c.startswith(_OWN))
            if own:
                codes[text.count("\n", 0, match.start()) + 1] = own
        return cls(codes)

    def keep(self, tree: Tree, line: int, code: str = _OWN) -> bool:
        """Return whether they keep the statement on a line from what has a code, or from any."""
        return bool(self.codes) and self.holds({line, *tree.ends_at(line)}, code)

    def holds(self, lines: Iterable[int], code: str = _OWN) -> bool:
        """Return whether one of the lines keeps what has a code, or of any code, what it has."""
        named = [each for line in lines for each in self.codes.get(line, ())]
        return any(code.startswith(each) or each.startswith(code) for each in named)


def is_meant_unused(line: str) -> bool:
    """Return whether a comment tells linters that an import of the line need not be used."""
    return _UNUSED.search(line) is not None
