"""`keras-imports why`: what an error message means, and what to write instead."""

from __future__ import annotations

import argparse
import sys

from keras_imports.commands import add_examples

_LIMIT = 4_000_000  # characters that are read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports why \"cannot import name 'Adam' from 'keras.optimizers'\"",
        "keras-imports why < traceback.txt",
        "python train.py 2>&1 | keras-imports why",
    )
    parser.add_argument(
        "text",
        nargs="*",
        metavar="TEXT",
        help="an error message or a whole traceback; default: standard input",
    )
    parser.add_argument(
        "--to",
        metavar="FLAVOUR[==RELEASE]",
        help="the Keras to write for; default: the newest of the flavour that the text is about",
    )


def run(args: argparse.Namespace) -> int:
    """Print what a message means; return 1 if it is not known, 2 if there is none."""
    from keras_imports.asking.answers import explain

    if not args.text and sys.stdin and sys.stdin.isatty():
        print("paste the traceback, then press Ctrl-D (Ctrl-Z on Windows):", file=sys.stderr)
    is_given = args.text and args.text != ["-"]
    read = sys.stdin.read(_LIMIT) if sys.stdin and not is_given else ""
    text = " ".join(args.text) if is_given else read
    if not text.strip():
        raise ValueError(
            "there is no text: pass an error message, or a traceback on standard input"
        )
    answer = explain(text, args.to)
    print("\n".join(answer.lines))
    return 0 if answer.is_known else 1
