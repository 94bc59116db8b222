"""What is said of an update at its end."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from terminal import say

REPORT = "COPIER_KERAS_REPORT"  # names a file that the report is written to, for a pull request


@dataclass
class Report:
    """What was done so far, and what is left to the user, a line each."""

    moved: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    obstacle: str = ""  # why the project cannot be run as it is

    def rows(self) -> dict[str, str]:
        """Return the rows of the closing table; what did not happen has none."""
        rows = {
            "moved": self.moved,
            "re-merged": self.merged,
            "removed": self.removed,
            "left to you": self.left,
        }
        return {name: "\n".join(lines) for name, lines in rows.items() if lines}


@dataclass(frozen=True)
class Verdict:
    """Whether the project works now, in words, what there is to show of it, and the exit code."""

    heading: str
    rows: dict[str, str]
    code: int = 0
    validated: bool = False


def write_report(text: str) -> None:
    """Write the report to the file that an environment variable names, if one does."""
    file = os.environ.get(REPORT)
    if not file:
        return
    try:
        Path(file).write_text(f"{text}\n", "utf-8")
    except OSError as error:
        say(f"The report could not be written to the file that {REPORT} names: {error}\n")
