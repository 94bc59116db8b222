"""`keras-imports migrate`: move a code base to another flavour or release of Keras."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from tempfile import TemporaryDirectory

from keras_imports.commands import add_examples, asked
from keras_imports.commands.closing import counted, unread_declarations
from keras_imports.commands.migrate_jobs import Jobs
from keras_imports.commands.migrate_report import Report, check_place, difference, findings
from keras_imports.commands.terminal import use_colour
from keras_imports.flavours import TARGETS
from keras_imports.interrupts import Interrupted, leaving
from keras_imports.knowledge.backends import BACKENDS
from keras_imports.migrate.journal import Journal, TakenBack
from keras_imports.migrate.project import found_for, plan_tree, written
from keras_imports.python.files import Problem, escaped, reason

_OPTION = {"source": "from"}  # options whose values are called otherwise
_UNFINISHED = (
    "a run was interrupted when it had moved {} of {} files, and they are looked at as they are: "
    "the next run takes them back first, and so does `{}`"
)


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
        help="bring back all that the last run moved, as far as nobody changed it since, in the "
        "project around the current folder, or around PATH",
    )
    parser.add_argument("--json", metavar="REPORT", help="write the report to this file, too")


def run(args: argparse.Namespace) -> int:
    """Migrate, show what would change, or take it back; return 0 if nothing is left to do."""
    if args.undo:
        _refuse_beside_undo(args)
        return _undo(Journal.of(args.paths or [os.curdir]))
    if not args.paths:
        raise ValueError("name a file or a directory that is to be moved")
    if args.json:
        check_place(args.json)
    jobs, journal = Jobs(args), Journal.of(args.paths)
    try:
        report = (_looked_at if jobs.is_look else _moved)(args, jobs, journal)
    except Interrupted as error:
        error.left = error.left or _left_by(journal)
        raise
    then = [] if jobs.is_look or not report.changed else [f"`{_undone_by(journal)}` takes it back"]
    print("; ".join([report.summary(), *then]), file=sys.stderr)
    if report.counts["problem"]:
        return 2
    return 1 if report.counts["left"] or (args.check and report.changed) else 0


def _looked_at(args: argparse.Namespace, jobs: Jobs, journal: Journal) -> Report:
    """Say what would change."""
    if journal.is_unfinished:
        print(_UNFINISHED.format(*journal.moved(), _undone_by(journal)), file=sys.stderr)
    with TemporaryDirectory(prefix="keras-imports-") as folder:
        return _planned(args, jobs, folder)


def _moved(args: argparse.Namespace, jobs: Jobs, journal: Journal) -> Report:
    """Plan first, and write after: what an earlier run left unfinished is taken back before."""
    with journal.opened():
        journal.refuse_damaged()
        if journal.is_unfinished:
            with leaving("the run that was interrupted before is taken back by the next one"):
                taken = journal.take_back()
            if taken.restored or taken.left:
                _say_taken_back("the interrupted run was taken back first", taken)
        waiting = journal.make_waiting()
        report = _planned(args, jobs, waiting)
        if report.changed:
            _write(report, journal, waiting, args.json)
    return report


def _planned(args: argparse.Namespace, jobs: Jobs, folder: str) -> Report:
    """Plan what becomes of all files, say what is to be said of it, and write the report."""
    report = Report(jobs)
    there = found_for(args.paths, jobs.first)
    colour = use_colour(sys.stdout)
    for result in plan_tree(there, jobs.first, folder, jobs.of_file):
        report.add(result)
        if isinstance(result, Problem):
            print(result, file=sys.stderr)
            continue
        if result.change and args.diff:
            sys.stdout.writelines(difference(result.change, colour))
        elif result.change and args.check:
            print(f"would move {escaped(result.file)}")
        for line in findings(result, not jobs.is_look):
            print(line, file=sys.stderr)
    known = {os.path.abspath(file) for file in report.rows}
    for problem in unread_declarations(report.asking()):
        if os.path.abspath(problem.file) not in known:
            report.add(problem)
            print(problem, file=sys.stderr)
    for line in (*report.reasons, *report.looked_at.lines(there.ignored)):
        print(escaped(line), file=sys.stderr)
    if args.json:
        report.write(args.json)
    return report


def _write(report: Report, journal: Journal, waiting: str, json: str | None) -> None:
    """Write what is planned, and say so of each file; correct the report where one could not be."""
    changes = [each.change for each in report.changed.values() if each.change]
    with journal.writing(waiting, changes):
        for result in list(report.changed.values()):
            besides = _besides(result.file)
            problem = written(result).outcome.problem
            if problem:
                report.correct(result.file, problem)
                print(f"{escaped(result.file)}: {problem}; left as it is", file=sys.stderr)
            else:
                _say(f"moved {escaped(result.file)}{besides}")
    if json and report.corrected:
        report.write(json)


def _left_by(journal: Journal) -> str:
    """Return what an interrupted run leaves behind."""
    if not journal.is_begun:
        return "no file was moved"
    moved, of = journal.moved()
    then = f"`{_undone_by(journal)}` takes them back"
    if journal.is_unfinished:
        then = f"the next run takes them back and begins anew; {then} alone"
    return f"{moved} of {counted(of, 'file')} moved: {then}"


def _undone_by(journal: Journal) -> str:
    """Return the command that takes a run back, from the current folder."""
    command = ["keras-imports", "migrate", "--undo"]
    if Journal.of([os.curdir]).root != journal.root:
        command.append(str(journal.root))
    return shlex.join(command)


def _besides(file: str) -> str:
    """Return what a user should know of a file before it is replaced: read-only, hard links."""
    try:
        status = os.stat(file)
    except OSError:
        return ""
    known = [] if status.st_mode & 0o222 else ["it is read-only, and stays so"]
    if status.st_nlink > 1:
        links = counted(status.st_nlink - 1, "other hard link")
        known.append(f"the old text stays in {links} to it")
    return f" ({'; '.join(known)})" if known else ""


def _say(line: str) -> None:
    """Print a line, if that can be done: what was begun is to come to its end."""
    try:
        print(line, flush=True)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # as behind `head`
            print(f"what is moved cannot be printed: {reason(error)}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_beside_undo(args: argparse.Namespace) -> None:
    """Raise `ValueError` for what says how to move, where nothing is to be moved."""
    beside = argparse.ArgumentParser(add_help=False)
    add_arguments(beside)
    plain = vars(beside.parse_args(["--undo"]))
    given = [key for key in plain if key != "paths" and getattr(args, key) != plain[key]]
    if given:
        names = ", ".join(f"`--{_OPTION.get(key, key).replace('_', '-')}`" for key in given)
        raise ValueError(f"`--undo` takes back what was moved, and goes without {names}")


def _undo(journal: Journal) -> int:
    """Take back the last run of a project."""
    if not journal.has_run:
        raise ValueError(
            f"{journal.root}: no run of migrate is there to take back; "
            "of one that was elsewhere, name a path: `keras-imports migrate --undo PATH`"
        )
    with journal.opened(), leaving(f"`{_undone_by(journal)}` goes on"):
        taken = journal.take_back()
    for file in taken.restored:
        print(f"restored {escaped(file)}")
    _say_taken_back("the last run was taken back", taken)
    return 1 if taken.left else 0


def _say_taken_back(what: str, taken: TakenBack) -> None:
    for file, why in taken.left:
        print(f"{escaped(file)}: {why}; left as it is", file=sys.stderr)
    print(f"{what}: {counted(len(taken.restored), 'file')}", file=sys.stderr)
