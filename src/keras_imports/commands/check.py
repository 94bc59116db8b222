"""`keras-imports check`: whether every use of Keras in a tree works in an environment."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator

from keras_imports import report
from keras_imports.check import program
from keras_imports.check.files import Setting, check_tree
from keras_imports.knowledge.declared import resolve_installed
from keras_imports.report import Finding


def run(args: argparse.Namespace) -> int:
    """The command: print the findings, then a summary; 0 if all is well, 1 if not, 2 if broken."""
    against = resolve_installed(args.installed or (), args.paths)
    directories = [os.path.abspath(path) for path in args.paths if os.path.isdir(path)]
    roots = tuple(dict.fromkeys(p for d in directories for p in (d, os.path.join(d, "src"))))
    setting = Setting(against.env, args.flavour, roots, frozenset(args.paths))
    counts: Counter[str] = Counter()

    def findings() -> Iterator[Finding]:
        links = []
        for result in check_tree(args.paths, setting):
            counts["files"] += 1
            for problem in result.problems:
                counts["problem"] += 1
                print(problem, file=sys.stderr)
            yield from result.findings
            if result.link is not None:
                links.append(result.link)
        yield from program.mixed(links, setting.env, setting.roots)

    def counted() -> Iterator[Finding]:
        for finding in findings():
            counts[finding.severity] += 1
            yield finding

    form = "json" if args.json else args.format
    for line in report.lines(counted(), form, report.use_colour(sys.stdout)):
        print(line)
    total = ", ".join(
        f"{counts[what]} {what}{'s' * (counts[what] != 1)}"
        for what in ("error", "warning", "problem")
        if counts[what]
    )
    print(f"{counts['files']} files against {against}: {total or 'all is well'}", file=sys.stderr)
    if counts["problem"]:
        return 2
    return 1 if counts["error"] or counts["warning"] else 0
