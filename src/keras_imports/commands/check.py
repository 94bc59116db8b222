"""`keras-imports check`: whether every use of Keras in a tree works in an environment."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator

from keras_imports.check import formats
from keras_imports.check.files import check_tree
from keras_imports.check.setting import Setting
from keras_imports.commands import add_examples
from keras_imports.commands.terminal import use_colour
from keras_imports.engine.findings import Finding
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.backends import BACKENDS
from keras_imports.knowledge.declared import Installed, InstalledFor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports check src tests",
        "keras-imports check . --installed keras==2.3.1 --installed tensorflow==2.1.4",
        "keras-imports check src --backend jax",
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
    """Print the findings, then a summary; return 0 if all is well, 1 if not, 2 if broken."""
    against = InstalledFor(args.installed or ())
    known: Counter[Installed] = Counter()  # what files are checked against, and how many
    directories = [os.path.abspath(path) for path in args.paths if os.path.isdir(path)]
    roots = tuple(dict.fromkeys(p for d in directories for p in (d, os.path.join(d, "src"))))
    setting = Setting(
        env=against(args.paths[0]).env,
        flavour=args.flavour or (args.backend and "keras"),
        roots=roots,
        named=frozenset(args.paths),
        backend=args.backend or "",
    )
    counts: Counter[str] = Counter()

    def findings() -> Iterator[Finding]:
        for result in check_tree(args.paths, setting, lambda file: against(file).env):
            if result.file is not None:
                known[against(result.file)] += 1
            for problem in result.problems:
                counts["problem"] += 1
                print(problem, file=sys.stderr)
            for finding in result.findings:
                counts[finding.severity] += 1
                yield finding

    form = "json" if args.json else args.format
    for line in formats.lines(findings(), form, use_colour(sys.stdout)):
        print(line)
    total = ", ".join(
        f"{counts[what]} {what}{'s' * (counts[what] != 1)}"
        for what in ("error", "warning", "problem")
        if counts[what]
    )
    of_each = (f"{count} files against {each}" for each, count in known.items())
    checked = ", ".join(of_each) or f"0 files against {against(args.paths[0])}"
    print(f"{checked}: {total or 'all is well'}", file=sys.stderr)
    if counts["problem"]:
        return 2
    return 1 if counts["error"] or counts["warning"] else 0
