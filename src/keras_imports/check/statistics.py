"""Print how often each code was found, the most frequent one first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from keras_imports.check.formats import JSON_VERSION
from keras_imports.check.rules import CODES


def lines(counts: Mapping[str, int], form: str) -> Iterator[str]:
    """Yield the counts of codes as lines of "text" or "json"."""
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if form == "json":
        objects = [
            {"code": code, "title": CODES[code].title, "count": count} for code, count in rows
        ]
        yield json.dumps({"version": JSON_VERSION, "statistics": objects}, indent=2)
        return
    width = max((len(str(count)) for count in counts.values()), default=0)
    for code, count in rows:
        yield f"{count:{width}}  {code}  {CODES[code].title}"
