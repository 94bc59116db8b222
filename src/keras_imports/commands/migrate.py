"""`keras-imports migrate`: move a code base to another flavour or release of Keras."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from keras_imports.commands import add_examples, asked
from keras_imports.commands.asked import Asked
from keras_imports.commands.closing import LookedAt, counted
from keras_imports.commands.terminal import use_colour
from keras_imports.engine.job import Job
from keras_imports.flavours import TARGETS
from keras_imports.interrupts import Interrupted, leaving
from keras_imports.knowledge.backends import BACKENDS
from keras_imports.knowledge.declarations import pinned
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import Target, parse_target
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.migrate.files.change import NEW, OLD, Change
from keras_imports.migrate.files.source_files import decoded
from keras_imports.migrate.files.walk import PORTABLE
from keras_imports.migrate.journal import Journal, TakenBack
from keras_imports.migrate.project import Result, found_for, plan_tree, written
from keras_imports.python.files import Problem, escaped, reason

JSON_VERSION = 1  # of the JSON report; a key that is renamed or removed makes it another one

_UNFINISHED = (
    "a run was interrupted when it had moved {} of {} files, and they are looked at as they are: "
    "the next run takes them back first, and so does `keras-imports migrate --undo`"
)
_ANSWERS = ".copier-answers.yml"  # of generated projects
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports migrate src tests --to keras",
        "keras-imports migrate . --to tensorflow.keras==2.15 --diff",
        "keras-imports migrate src --to keras --backend any",
        "keras-imports migrate notebooks --from keras==2.2.4 --to tf_keras --json report.json",
        "keras-imports migrate --undo",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file or a directory")
    parser.add_argument(
        "--to",
        metavar="FLAVOUR[==RELEASE]",
        help=f"{', '.join(TARGETS)}; in a portable generated project portable, too; "
        "default: the target that is configured",
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FLAVOUR[==RELEASE]",
        help="what the code was written for; default: found out from the code",
    )
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        help="what the code is to run on without TensorFlow: what ties it to that is moved to "
        "functions of Keras, or named",
    )
    parser.add_argument(
        "--docs",
        action="store_true",
        help="move the code in Markdown, reStructuredText and doctests, too",
    )
    parser.add_argument(
        "--dependencies",
        action="store_true",
        help="change what pyproject.toml, requirements, setup.cfg and environment.yml ask for, too",
    )
    parser.add_argument(
        "--modernize",
        action="store_true",
        help="write what still works, and is only older, in the newer way, too",
    )
    asked.add_arguments(parser)
    look = parser.add_mutually_exclusive_group()
    look.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    look.add_argument("--check", action="store_true", help="say what would change, write nothing")
    look.add_argument(
        "--undo",
        action="store_true",
        help="bring back what the last run moved, as far as nobody changed it since; without PATH "
        "that of the project around the current folder",
    )
    parser.add_argument("--json", metavar="REPORT", help="write the report to this file, too")


def run(args: argparse.Namespace) -> int:
    """Migrate, show what would change, or take it back; return 0 if nothing is left to do."""
    if args.undo:
        return _undo(Journal.of(args.paths or [os.curdir]))
    with leaving("no file was moved"):
        if not args.paths:
            raise ValueError("name a file or a directory that is to be moved")
        if args.json and not os.path.isdir(os.path.dirname(os.path.abspath(args.json))):
            raise ValueError(f"{args.json}: there is no folder for the report; nothing is changed")
        jobs = _Jobs(args)
        journal = Journal.of(args.paths)
        report = (_looked_at if jobs.is_look else _moved)(args, jobs, journal)
    print(report.summary(), file=sys.stderr)
    if report.counts["problem"]:
        return 2
    return 1 if report.counts["left"] or (args.check and report.changed) else 0


def _looked_at(args: argparse.Namespace, jobs: _Jobs, journal: Journal) -> _Report:
    """Say what would change."""
    if journal.is_unfinished:
        print(_UNFINISHED.format(*journal.moved()), file=sys.stderr)
    with TemporaryDirectory(prefix="keras-imports-") as folder:
        return _planned(args, jobs, folder)


def _moved(args: argparse.Namespace, jobs: _Jobs, journal: Journal) -> _Report:
    """Plan first, and write after: what an earlier run left unfinished is taken back before."""
    with journal.opened():
        if journal.is_unfinished:
            with leaving("the run that was interrupted before is taken back by the next one"):
                taken = journal.take_back()
            _say_taken_back("the interrupted run was taken back first", taken)
        waiting = journal.make_waiting()
        report = _planned(args, jobs, waiting)
        if report.changed:
            _write(report, journal, waiting, args.json)
    return report


def _planned(args: argparse.Namespace, jobs: _Jobs, folder: str) -> _Report:
    """Plan what becomes of all files, say what is to be said of it, and write the report."""
    report = _Report(jobs)
    there = found_for(args.paths, jobs.first)
    colour = use_colour(sys.stdout)
    for result in plan_tree(there, jobs.first, folder, jobs.of_file):
        report.add(result)
        if isinstance(result, Problem):
            print(result, file=sys.stderr)
            continue
        if result.change and args.diff:
            sys.stdout.writelines(_difference(result.change, colour))
        elif result.change and args.check:
            print(f"would move {escaped(result.file)}")
        for line in _findings(result, not jobs.is_look):
            print(line, file=sys.stderr)
    for line in (*report.reasons, *report.looked_at.lines(there.ignored)):
        print(escaped(line), file=sys.stderr)
    if args.json:
        report.write(args.json)
    return report


def _write(report: _Report, journal: Journal, waiting: str, json: str | None) -> None:
    """Write what is planned, and say so of each file; correct the report where one could not be."""
    changes = [each.change for each in report.changed.values() if each.change]
    try:
        with journal.writing(waiting, changes):
            for result in list(report.changed.values()):
                problem = written(result).outcome.problem
                if problem:
                    report.correct(result.file, problem)
                    print(f"{escaped(result.file)}: {problem}; left as it is", file=sys.stderr)
                else:
                    _say(f"moved {escaped(result.file)}")
    except Interrupted as error:
        moved, of = journal.moved()
        error.left = (
            f"{moved} of {counted(of, 'file')} moved: the next run takes them back and begins "
            "anew, `keras-imports migrate --undo` only takes them back"
        )
        raise
    if json and report.corrected:
        report.write(json)


def _say(line: str) -> None:
    """Print a line, if that can be done: what was begun is to come to its end."""
    try:
        print(line, flush=True)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # as behind `head`
            print(f"what is moved cannot be printed: {reason(error)}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _undo(journal: Journal) -> int:
    """Take back the last run of a project."""
    if not journal.has_run:
        raise ValueError(f"{journal.root}: no run of migrate is there to take back")
    with journal.opened(), leaving("`keras-imports migrate --undo` goes on"):
        taken = journal.take_back()
    for file in taken.restored:
        print(f"restored {escaped(file)}")
    _say_taken_back("the last run was taken back", taken)
    return 1 if taken.left else 0


def _say_taken_back(what: str, taken: TakenBack) -> None:
    for file in taken.left:
        print(f"{escaped(file)}: changed since that run; left as it is", file=sys.stderr)
    print(f"{what}: {counted(len(taken.restored), 'file')}", file=sys.stderr)


class _Jobs:
    """What is asked for each file: by the arguments, or else by its configuration."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.asked = Asked.of(args)
        self.is_look = bool(args.diff or args.check)  # and nothing is written
        self._args = args
        self._portable = _portable(args.paths)
        # What is the same for all: where no target is given for the first path, each has its own.
        self.first = self._job(args.paths[0], self._to(args.paths[0]) or "keras")
        self._targets: dict[Target, None] = {}

    def of_file(self, file: str) -> Job | None:
        """Return the job of a file, `None` if it is to be left as it is."""
        if self.asked.is_excluded(file):
            return None
        to = self._to(file)
        if not to:
            raise ValueError(
                f"nothing says where to move {file}: give `--to`, or a `target` in the table "
                "`tool.keras-imports` of pyproject.toml"
            )
        job = self._job(file, to)
        self._targets[job.target] = None
        return job

    @property
    def targets(self) -> str:
        """Where the files go, for people."""
        return ", ".join(map(str, self._targets or (self.first.target,)))

    def _to(self, path: str) -> str:
        """Return the target as it is written, "" if there is none."""
        return self._args.to or self.asked.configuration(path).target

    def _job(self, path: str, to: str) -> Job:
        args, own = self._args, self.asked.configuration(path)
        return Job(
            parse_target(to, self._portable, args.backend or ""),
            given=(parse_origin(args.source),) if args.source else (),
            portable=self._portable,
            docs=args.docs,
            dependencies=args.dependencies,
            modernize=args.modernize,
            is_pinned="==" in to,
            declaration=pinned(own.installed, own.file),
            ignored=self.asked.ignored(path),
            packages=own.packages,
            seconds=args.time_limit,
        )


def _portable(paths: Iterable[str]) -> str | None:
    """Return the module of a portable generated project that hands out Keras, as it is imported."""
    for path in paths:
        start = Path(path).absolute()
        for directory in (start, *start.parents):
            if (directory / _ANSWERS).is_file():
                modules = sorted(directory.glob(f"src/*/{PORTABLE}.py"))
                return f"{modules[0].parent.name}.{PORTABLE}" if modules else None
    return None


@dataclass
class _Report:
    """What is said of all files at the end."""

    jobs: _Jobs
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

    def write(self, path: str) -> None:
        """Write the JSON report."""
        about = {"version": JSON_VERSION, "to": self.jobs.targets, "reasons": [*self.reasons]}
        text = json.dumps(about | {"files": [*self.rows.values()]}, indent=2)
        try:
            write_atomically(path, f"{text}\n".encode())
        except OSError as error:
            changed = "the report is of the plan" if self.corrected else "nothing is changed"
            raise ValueError(f"{path}: cannot be written: {reason(error)}; {changed}") from None

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


def _findings(result: Result, is_written: bool) -> Iterator[str]:
    """Yield what could not be migrated in a file, as lines for people."""
    for note in filter(None, (result.outcome.problem, *result.outcome.notes)):
        yield f"{escaped(result.file)}: {note}; left as it is"
    for finding in result.outcome.left:
        line = (is_written and finding.line_now) or finding.line  # where it is, or was
        cell = "" if finding.cell is None else f":cell {finding.cell}"
        place = f"{escaped(result.file)}{cell}:{line}:{finding.column}"
        yield f"{place}: {finding.code} {finding.says}"


def _difference(change: Change, colour: bool) -> Iterator[str]:
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
