"""The cases of pasted texts: what is pasted, and what the answer has to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PastedCase:
    """A text, what stands in the answer to it word for word, and what does not."""

    title: str
    text: str
    said: tuple[str, ...]
    unsaid: tuple[str, ...]


def pasted_cases(name: str) -> list[PastedCase]:
    """Return the cases of a file."""
    _, *parts = re.split(r"^=== (.*)\n", (DATA / name).read_text("utf-8"), flags=re.MULTILINE)
    return [_case(title, body) for title, body in zip(parts[::2], parts[1::2], strict=True)]


def _case(title: str, body: str) -> PastedCase:
    lines = body.splitlines()
    marked = {
        mark: tuple(line[3:] for line in lines if line.startswith(f"{mark} "))
        for mark in ("=>", "=/")
    }
    text = "\n".join(line for line in lines if not line.startswith(("=> ", "=/ ")))
    return PastedCase(title, text, marked["=>"], marked["=/"])
