"""The commands of `keras-imports`, a module each.

Every module has `add_arguments(parser)`, which declares what the command takes, and `run(args)`,
which does it and returns the exit status.
"""

from __future__ import annotations

import argparse


def add_examples(parser: argparse.ArgumentParser, *examples: str) -> None:
    """Show examples of a command at the end of its help."""
    parser.epilog = "examples:\n  " + "\n  ".join(examples)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
