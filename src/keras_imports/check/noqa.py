"""Read the comments that silence findings: `# noqa` and `# noqa: KI001, KI005`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keras_imports.python.sources import Source

_NOQA = re.compile(r"#\s*noqa\b(?!:\s*[a-z]+\d+)|#\s*noqa:(?P<codes>[\sA-Z\d,]+)", re.IGNORECASE)


def is_silenced(source: Source, code: str, lines: Iterable[int]) -> bool:
    """Return whether one of the lines has a `# noqa` for this code."""
    for line in lines:
        match = _NOQA.search(source.lines[line - 1])
        if match is None:
            continue
        named = match["codes"]
        if named is None or code in named.upper().replace(",", " ").split():
            return True
    return False
