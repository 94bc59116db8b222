"""`keras-imports check`: whether every use of Keras in a tree works in an environment."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from keras_imports.check import formats, statistics
from keras_imports.check.cache import cache_for
from keras_imports.check.files import check_tree
from keras_imports.check.fixes import with_stored_place
from keras_imports.check.result import Result
from keras_imports.commands import add_examples, asked
from keras_imports.commands.baseline import Baseline, write_baseline
from keras_imports.commands.check_settings import Settings
from keras_imports.commands.closing import LookedAt, counted, unread_declarations
from keras_imports.commands.terminal import use_colour
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import Job
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.backends import BACKENDS
from keras_imports.knowledge.declared import Installed
from keras_imports.knowledge.target import parse_target, targets_in
from keras_imports.migrate.project import found_for, migrate_tree
from keras_imports.python.files import Problem, escaped
from keras_imports.python.walk import Walk, walk

Checked = tuple[Result, list[Finding]]  # of one file, with what is found in it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports check src tests",
        "keras-imports check . --installed keras==2.3.1 --installed tensorflow==2.1.4",
        "keras-imports check src --backend jax",
        "keras-imports check src --fix",
        "keras-imports check notebooks --flavour keras --format github",
        "keras-imports check . --baseline baseline.json",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a directory")
    parser.add_argument(
        "--installed",
        action="append",
        metavar="NAME==VERSION",
        help="check against this release (repeat for several packages); "
        "default: what is configured or declared, or what is installed",
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
    asked.add_arguments(parser)
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="look at all files anew, and keep nothing in .keras_imports_cache",
    )
    known = parser.add_mutually_exclusive_group()
    known.add_argument(
        "--baseline", metavar="FILE", help="report only what is not in this file yet"
    )
    known.add_argument(
        "--write-baseline", metavar="FILE", help="write what is found to this file, and report none"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="default: text",
    )
    form.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument(
        "--statistics", action="store_true", help="print how often each code was found, and no more"
    )


def run(args: argparse.Namespace) -> int:
    """Print the findings, then a summary; return 0 if all is well, 1 if not, 2 if broken.

    With `--fix` all that can be mended is mended first.
    """
    form = "json" if args.json else args.format
    if args.statistics and form not in ("text", "json"):
        raise ValueError(f"--statistics are text or json, not {form}")
    if args.statistics and args.write_baseline:
        raise ValueError("--statistics counts reports, and --write-baseline reports nothing")
    old = Baseline.to_write(args.write_baseline) if args.write_baseline else None
    settings = Settings.of(args)
    report = _Report(settings, Baseline.read(args.baseline) if args.baseline else None)
    left = dict(_fixed(args, settings, report.say)) if args.fix else {}
    there = walk(args.paths)
    cache = None if args.no_cache else cache_for(len(there.files))
    results = (
        (result, _with_left(result.findings, left.get(result.file, ())))
        for result in check_tree(
            there.items, settings.first, settings.of_file, cache, args.time_limit
        )
    )
    if old:
        seen = report.looked_at(results)
        found = [
            (its.file, findings, settings.asked.ignored(its.file))
            for its, findings in seen
            if findings or not its.problems
        ]
        report.remarks.append(write_baseline(args.write_baseline, old, found))
        shown = formats.lines((), form)
    elif args.statistics:
        shown = statistics.lines(Counter(each.code for each in report.new(results)), form)
    else:
        shown = formats.lines(report.new(results), form, use_colour(sys.stdout))
    for line in shown:
        print(line)
    for problem in unread_declarations(report.asking()):
        report.say(problem)
    for line in report.closing(there):
        print(escaped(line), file=sys.stderr)
    if report.counts["problem"]:
        return 2
    return 1 if report.counts["error"] or report.counts["warning"] else 0


@dataclass
class _Report:
    """What is counted on the way, and said at the end."""

    settings: Settings
    baseline: Baseline | None
    counts: Counter[str] = field(default_factory=Counter)
    against: Counter[Installed] = field(default_factory=Counter)  # how many files each
    closing_lines: LookedAt = field(default_factory=LookedAt)
    remarks: list[str] = field(default_factory=list)

    def say(self, problem: object) -> None:
        """Print what could not be read or written."""
        self.counts["problem"] += 1
        print(problem, file=sys.stderr)

    def looked_at(self, results: Iterable[Checked]) -> Iterator[Checked]:
        """Yield the results of files as they come in, and count them."""
        for result, findings in results:
            if os.path.isfile(result.file):
                self.against[self.settings.installed(result.file)] += 1
                self.closing_lines.add(result.file, result.uses_keras, result.unseen)
            for problem in result.problems:
                self.say(problem)
            yield result, findings

    def new(self, results: Iterable[Checked]) -> Iterator[Finding]:
        """Yield the findings in files that no baseline has, and count them."""
        for result, found in self.looked_at(results):
            for each in self.baseline.new(result.file, found) if self.baseline else found:
                self.counts[each.severity] += 1
                yield each

    def asking(self) -> Iterator[str]:
        """Yield the files that are held against what is declared."""
        if not self.settings.named:
            for file in self.closing_lines.using_keras:
                if not self.settings.asked.configuration(file).installed:
                    yield file

    def closing(self, there: Walk) -> Iterator[str]:
        """Yield what of the files that are there was not looked at, and the summary."""
        self.closing_lines.excluded = len(self.settings.asked.excluded)
        yield from (f"{unasked}; they are looked at, too" for unasked in there.unasked)
        yield from self.closing_lines.lines(there.ignored)
        found = [
            counted(self.counts[kind], kind)
            for kind in ("error", "warning", "problem")
            if self.counts[kind]
        ]
        well = "nothing new" if self.baseline else "all is well"
        verdict = self.closing_lines.verdict(found, well)
        remarks = [*found, *self.remarks] if self.remarks else [verdict]
        if self.baseline:
            known = counted(self.baseline.left_out, "finding")
            remarks.append(f"{known} left out, which the baseline has")
        remarks += self.closing_lines.left_out()
        of_each = [f"{counted(n, 'file')} against {each}" for each, n in self.against.items()]
        first = self.settings.installed(self.settings.paths[0])
        checked = ", ".join(of_each) or f"0 files against {first}"
        yield f"{checked}: {'; '.join(remarks)}"


def _fixed(
    args: argparse.Namespace, settings: Settings, say: Callable[[object], None]
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Mend what can be mended; yield each file that changed, and what is left to look at in it."""
    first = settings.first
    (target, *_) = targets_in(first.env, frozenset()) or (parse_target("keras"),)
    target = replace(target, backend=first.backend)
    job = Job(target, stays=True, seconds=args.time_limit)

    def job_of(file: str) -> Job | None:
        its = settings.of_file(file)
        if its is None:
            return None
        return replace(job, installed=its.env, ignored=its.ignored, packages=its.packages)

    for result in migrate_tree(found_for(args.paths, job), job, job_of):
        if isinstance(result, Problem):
            continue  # it is said when the file is checked
        outcome = result.outcome
        if outcome.problem and outcome.uses_keras:  # it could be read, and not written
            say(f"{escaped(result.file)}: {outcome.problem}; left as it is")
        if outcome.changed:
            print(f"fixed {escaped(result.file)}", file=sys.stderr)
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
