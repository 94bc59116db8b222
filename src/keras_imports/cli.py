"""The command line. A command's module is imported only when the command is used."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from keras_imports import __version__
from keras_imports.interrupts import Interrupted, interruptible

COMMANDS = {
    "where": "how to import a symbol",
    "check": "find imports and calls that would fail, or do something else than they look",
    "migrate": "move code to another flavour or release, and name what could not be moved",
    "why": "what an error message means, and what to write instead",
    "explain": "what a code means that check and migrate print",
    "doctor": "explain the Keras that is installed here, and what is wrong with it",
    "atlas": "the data itself: build it, add a release, compare releases",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    if sys.stdout is None or sys.stderr is None:  # `>&-`: nobody listens, which is no error
        nowhere = open(os.devnull, "w")  # noqa: SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name may be any bytes
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with interruptible():
            _guard()
            args = parser(words[0] if words else "").parse_args(words)
            status: int = import_module(f"keras_imports.commands.{args.command}").run(args)
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        return 1
    except Interrupted as error:
        with suppress(OSError):
            print(f"keras-imports: {error}", file=sys.stderr)
        return 128 + error.number
    except Exception as error:
        from keras_imports.atlas import AtlasError
        from keras_imports.defects import REPORT
        from keras_imports.python.files import escaped

        if not isinstance(error, (AtlasError, ValueError, OSError)):
            print(f"keras-imports: {REPORT}", file=sys.stderr)
            raise
        print(f"keras-imports: {escaped(_said(error))}", file=sys.stderr)
        return 2
    return status


def _guard() -> None:
    """Have what is printed to a terminal obey nothing of a file."""
    from keras_imports.commands.terminal import guarded

    sys.stdout, sys.stderr = guarded(sys.stdout), guarded(sys.stderr)


def _said(error: Exception) -> str:
    """Return an error in words for people."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    try:
        os.getcwd()
    except OSError:
        return "the current folder is not there any more: go to another one, or make it again"
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""
    return f"{where}{error.strerror.lower()}"


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands, which knows the arguments of one of them."""
    top = argparse.ArgumentParser(
        prog="keras-imports",
        description="Know every Keras import: of every flavour, in every release.",
        epilog="exit status: 0 all is well, 1 there are findings, 2 wrong usage or input",
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        known = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == command:
            import_module(f"keras_imports.commands.{name}").add_arguments(known)
    return top
