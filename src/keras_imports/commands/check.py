"""`keras-imports check`: whether every use of Keras in a tree works in an environment."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from keras_imports.check import formats
from keras_imports.check.files import check_tree
from keras_imports.check.fixes import with_stored_place
from keras_imports.check.setting import Setting
from keras_imports.commands import add_examples
from keras_imports.commands.closing import LookedAt, counted
from keras_imports.commands.terminal import use_colour
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import Job
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.backends import BACKENDS
from keras_imports.knowledge.declared import Installed, InstalledFor
from keras_imports.knowledge.target import parse_target, targets_in
from keras_imports.migrate.project import found_for, migrate_tree
from keras_imports.python.files import Problem, import_roots
from keras_imports.python.walk import plain, walk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports check src tests",
        "keras-imports check . --installed keras==2.3.1 --installed tensorflow==2.1.4",
        "keras-imports check src --backend jax",
        "keras-imports check src --fix",
        "keras-imports check notebooks --flavour keras --format github",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a directory")
    parser.add_argument(
        "--installed",
        action="append",
        metavar="NAME==VERSION",
        help="check against this release (repeat for several packages); "
        "default: what the project declares, or what is installed",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="mend what `migrate` would for these releases; print what is left",
    )
    parser.add_argument("--flavour", choices=tuple(FLAVOURS), help="what the project wants to be")
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        help="what the project is to run on without TensorFlow: name what does not",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="default: text",
    )
    form.add_argument("--json", action="store_true", help="the same as --format json")


def run(args: argparse.Namespace) -> int:
    """Print the findings, then a summary; return 0 if all is well, 1 if not, 2 if broken.

    With `--fix` all that can be mended is mended first.
    """
    against = InstalledFor(args.installed or ())
    known: Counter[Installed] = Counter()  # what files are checked against, and how many
    setting = Setting(
        env=against(args.paths[0]).env,
        flavour=args.flavour or (args.backend and "keras"),
        roots=import_roots(args.paths),
        named=frozenset(map(plain, args.paths)),
        backend=args.backend or "",
    )
    counts: Counter[str] = Counter()
    looked_at = LookedAt()

    def say(problem: object) -> None:
        counts["problem"] += 1
        print(problem, file=sys.stderr)

    left = dict(_fixed(args.paths, against, setting.backend, say)) if args.fix else {}
    there = walk(args.paths)

    def findings() -> Iterator[Finding]:
        for result in check_tree(there.items, setting, lambda file: against(file).env):
            known[against(result.file)] += 1
            looked_at.add(result.file, result.uses_keras, result.unseen)
            for problem in result.problems:
                say(problem)
            for finding in _with_left(result.findings, left.get(result.file, ())):
                counts[finding.severity] += 1
                yield finding

    form = "json" if args.json else args.format
    for line in formats.lines(findings(), form, use_colour(sys.stdout)):
        print(line)
    for unasked in there.unasked:
        print(f"{unasked}; they are looked at, too", file=sys.stderr)
    for line in looked_at.lines(there.ignored):
        print(line, file=sys.stderr)
    found = [counted(counts[k], k) for k in ("error", "warning", "problem") if counts[k]]
    of_each = (f"{counted(count, 'file')} against {each}" for each, count in known.items())
    checked = ", ".join(of_each) or f"0 files against {against(args.paths[0])}"
    print(f"{checked}: {looked_at.verdict(found, 'all is well')}", file=sys.stderr)
    if counts["problem"]:
        return 2
    return 1 if counts["error"] or counts["warning"] else 0


def _fixed(
    paths: Sequence[str], against: InstalledFor, backend: str, say: Callable[[object], None]
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Mend what can be mended; yield each file that changed, and what is left to look at in it."""
    env = against(paths[0]).env
    (target, *_) = targets_in(env, frozenset()) or (parse_target("keras"),)
    job = Job(replace(target, backend=backend), stays=True)
    for result in migrate_tree(found_for(paths, job), job, lambda file: against(file).env):
        if isinstance(result, Problem):
            continue  # it is said when the file is checked
        outcome = result.outcome
        if outcome.problem and outcome.uses_keras:  # it could be read, and not written
            say(f"{result.file}: {outcome.problem}; left as it is")
        if outcome.changed:
            print(f"fixed {result.file}", file=sys.stderr)
            yield result.file, tuple(_as_now(result.file, each) for each in outcome.left)


def _as_now(file: str, finding: Finding) -> Finding:
    """Return a finding of a file as it is after the fixes."""
    line = finding.line_now or finding.line
    return with_stored_place(replace(finding, file=file, line=line, line_now=None))


def _with_left(found: list[Finding], left: Sequence[Finding]) -> list[Finding]:
    """Return what is found in a file, and what was left when it was fixed and is not among it."""
    lines = {(each.cell, each.line) for each in found}
    more = [each for each in left if (each.cell, each.line) not in lines]
    more = [each for each in more if each.reason != "style"]
    return sorted([*found, *more], key=lambda each: (each.cell or 0, each.line, each.column))
