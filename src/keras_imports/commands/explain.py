"""`keras-imports explain`: what a code means that `check` and `migrate` print."""

from __future__ import annotations

import argparse
from textwrap import fill

from keras_imports.check.rules import CODES
from keras_imports.commands import add_examples
from keras_imports.engine.findings import Code

_REASONS = {
    "fails": "it raises, now or later",
    "differs": "it runs, and means something else",
    "private": "it works, by a path that is not public",
    "style": "it works, and is only another or an older way",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(parser, "keras-imports explain KI007", "keras-imports explain")
    parser.add_argument("code", nargs="*", metavar="CODE", help="as in KI007; default: all")


def run(args: argparse.Namespace) -> int:
    """Print what the codes mean; raise `ValueError` for one that there is not."""
    names = [code.upper() for code in args.code] or list(CODES)
    for name in names:
        if name not in CODES:
            raise ValueError(f"there is no code {name}; they are {', '.join(CODES)}")
    print("\n\n".join(_explained(CODES[name]) for name in names))
    return 0


def _explained(code: Code) -> str:
    """Return what a code means, in a few lines."""
    reason = f"{code.reason}: {_REASONS[code.reason]}"
    head = f"{code.name}  {code.title} ({code.severity}; {reason})"
    return f"{head}\n{fill(code.explanation, 88, initial_indent='  ', subsequent_indent='  ')}"
