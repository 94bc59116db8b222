"""What `migrate` says of files: to people, as JSON, and as a difference."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from keras_imports.commands.closing import LookedAt, counted
from keras_imports.commands.migrate_jobs import Jobs
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.migrate.files.change import NEW, OLD, Change
from keras_imports.migrate.files.source_files import decoded
from keras_imports.migrate.project import Result
from keras_imports.python.files import Problem, UnreadableError, escaped, read_bytes, reason

JSON_VERSION = 1  # of the JSON report; a key that is renamed or removed makes it another one

_BEGINS = b'{\n  "version": '  # a report
_COLOURS = {"+": "32", "-": "31", "@": "36"}


@dataclass
class Report:
    """What is said of all files at the end."""

    jobs: Jobs
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, dict[str, object]] = field(default_factory=dict)  # of the JSON report, by file
    reasons: dict[str, None] = field(default_factory=dict)  # what told the age of files, each once
    looked_at: LookedAt = field(default_factory=LookedAt)
    changed: dict[str, Result] = field(default_factory=dict)
    corrected: bool = False

    def add(self, result: Result | Problem) -> None:
        """Count what becomes of a file, and note it if there is anything to say."""
        self.counts["files"] += 1
        if isinstance(result, Problem):
            self.counts["problem"] += 1
            self.rows[result.file] = {"file": result.file, "problem": result.message}
            return
        outcome = result.outcome
        self.looked_at.add(result.file, outcome.uses_keras, outcome.unseen)
        self.counts["left"] += len(outcome.left)
        self.counts["problem"] += len(outcome.notes) + bool(outcome.problem)
        if outcome.changed:
            self.changed[result.file] = result
        if outcome.changed or outcome.left or outcome.problem or outcome.notes:
            self.rows[result.file] = _row(result)
            self.reasons.update(dict.fromkeys(result.reasons))

    def correct(self, file: str, problem: str) -> None:
        """Note that a file was not written."""
        self.corrected = True
        self.counts["problem"] += 1
        del self.changed[file]
        self.rows[file] |= {"changed": False, "problem": problem}

    def asking(self) -> Iterator[str]:
        """Yield the files whose age the declarations of their project may tell."""
        for file in self.looked_at.using_keras:
            if not (self.jobs.is_told or self.jobs.asked.configuration(file).installed):
                yield file

    def write(self, path: str) -> None:
        """Write the JSON report."""
        about = {"version": JSON_VERSION, "to": self.jobs.targets, "reasons": [*self.reasons]}
        text = json.dumps(about | {"files": [*self.rows.values()]}, indent=2)
        try:
            write_atomically(path, f"{text}\n".encode())
        except OSError as error:
            left = "nothing is changed"
            if self.corrected:
                left = "files are moved, and it still lists as changed those that were not"
            raise ValueError(f"{path}: cannot be written: {reason(error)}; {left}") from None

    def summary(self) -> str:
        """Return what happened, in one line."""
        job, counts = self.jobs.first, self.counts
        done = "would be moved" if self.jobs.is_look else "moved"
        is_portable = job.target.root != job.target.flavour
        name = f"portable, on {job.target}" if is_portable else self.jobs.targets
        files = counted(counts["files"], "file")
        parts = [f"{len(self.changed)} of {files} {done} to {name}"]
        if counts["left"]:
            parts.append(f"{counted(counts['left'], 'place')} left to you, named above")
        if counts["problem"]:
            parts.append(counted(counts["problem"], "problem"))
        self.looked_at.excluded = len(self.jobs.asked.excluded)
        if len(parts) == 1 and not self.changed:
            parts.append(self.looked_at.verdict((), "nothing has to change"))
        parts += self.looked_at.left_out()
        return "; ".join(parts)


def check_place(path: str) -> None:
    """Raise `ValueError` where no report can be written: a file of another kind is not replaced."""
    if not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        raise ValueError(f"{path}: there is no folder for the report; nothing is changed")
    if os.path.lexists(path):
        try:
            content = read_bytes(path, largest=float("inf"))
        except UnreadableError as error:
            raise ValueError(f"{path}: {error}; nothing is changed") from None
        if content and not content.startswith(_BEGINS):
            raise ValueError(f"{path}: no report of migrate, and not replaced; nothing is changed")


def _row(result: Result) -> dict[str, object]:
    """Return what the JSON report says of a file."""
    outcome = result.outcome
    left = [each.row() for each in outcome.left]
    row: dict[str, object] = {"file": result.file, "changed": outcome.changed, "left": left}
    if outcome.problem:
        row["problem"] = outcome.problem
    if outcome.notes:
        row["notes"] = list(outcome.notes)
    return row


def findings(result: Result, is_written: bool) -> Iterator[str]:
    """Yield what could not be migrated in a file, as lines for people."""
    for note in filter(None, (result.outcome.problem, *result.outcome.notes)):
        yield f"{escaped(result.file)}: {note}; left as it is"
    for finding in result.outcome.left:
        line = (is_written and finding.line_now) or finding.line  # where it is, or was
        cell = "" if finding.cell is None else f":cell {finding.cell}"
        place = f"{escaped(result.file)}{cell}:{line}:{finding.column}"
        yield f"{place}: {finding.code} {finding.says}"


def difference(change: Change, colour: bool) -> Iterator[str]:
    """Yield the lines of a unified diff."""
    contents = (Path(change.waiting + ending).read_bytes() for ending in (OLD, NEW))
    before, after = (_lines(decoded(change.file, content)) for content in contents)
    name = os.path.normpath(change.file).lstrip(os.sep)
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        shown = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        code = _COLOURS.get(line[:1])
        yield f"\033[{code}m{shown.rstrip()}\033[0m\n" if colour and code else shown


def _lines(text: str) -> list[str]:
    """Return the lines as other tools understand them: a form feed does not end one."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
