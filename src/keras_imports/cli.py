"""The command line. Each command's module is imported only when it is used."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from keras_imports.flavours import FLAVOURS


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="keras-imports",
        description="Know every Keras import: of every flavour, in every release.",
        epilog="exit status: 0 all is well, 1 there are findings, 2 wrong usage or input",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    where = _command(
        commands,
        "where",
        "where",
        "how to import a symbol",
        "keras-imports where BatchNormalization",
        "keras-imports where K.mean --flavour keras --all",
        "keras-imports where keras.layers.normalization.BatchNormalization --release 2.15",
    )
    where.add_argument("symbol", help="a name, layers.NAME, K.NAME, or any path of any release")
    where.add_argument("--release", metavar="VERSION", help="this release instead of the newest")
    where.add_argument("--all", action="store_true", help="every release")
    where.add_argument("--flavour", choices=tuple(FLAVOURS), help="this flavour only")
    where.add_argument("--json", action="store_true", help="for programs")

    check = _command(
        commands,
        "check",
        "check",
        "find imports and calls that would fail, or do something else than they look",
        "keras-imports check src tests",
        "keras-imports check . --installed keras==2.3.1 --installed tensorflow==2.1.4",
        "keras-imports check notebooks --flavour keras --format github",
    )
    check.add_argument("paths", nargs="+", metavar="PATH", help="a file or a directory")
    check.add_argument(
        "--installed",
        action="append",
        metavar="NAME==VERSION",
        help="check against this release (repeat for several packages); "
        "default: what the project declares, or what is installed",
    )
    check.add_argument("--flavour", choices=tuple(FLAVOURS), help="what the project wants to be")
    form = check.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="default: text",
    )
    form.add_argument("--json", action="store_true", help="the same as --format json")

    migrate = _command(
        commands,
        "migrate",
        "migrate",
        "move code to another flavour or release, and name what could not be moved",
        "keras-imports migrate src tests --to keras",
        "keras-imports migrate . --to tensorflow.keras==2.15 --diff",
        "keras-imports migrate notebooks --from keras==2.2.4 --to tf_keras --json report.json",
    )
    migrate.add_argument("paths", nargs="+", metavar="PATH", help="a file or a directory")
    migrate.add_argument(
        "--to",
        required=True,
        metavar="FLAVOUR[==RELEASE]",
        help="keras, tensorflow.keras, tf_keras; in a portable generated project portable, too",
    )
    migrate.add_argument(
        "--from",
        dest="source",
        metavar="FLAVOUR[==RELEASE]",
        help="what the code was written for; default: found out from the code",
    )
    migrate.add_argument(
        "--docs",
        action="store_true",
        help="move the code in Markdown, reStructuredText and doctests, too",
    )
    migrate.add_argument(
        "--dependencies",
        action="store_true",
        help="change what pyproject.toml, requirements, setup.cfg and environment.yml ask for, too",
    )
    look = migrate.add_mutually_exclusive_group()
    look.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    look.add_argument("--check", action="store_true", help="say what would change, write nothing")
    migrate.add_argument("--json", metavar="REPORT", help="write the report to this file, too")

    doctor = _command(
        commands,
        "doctor",
        "doctor",
        "explain the Keras that is installed here, and what is wrong with it",
        "keras-imports doctor",
        "KERAS_BACKEND=jax keras-imports doctor --json",
    )
    doctor.add_argument("--json", action="store_true", help="for programs")

    stored = commands.add_parser("atlas", help="the data itself: build it, compare releases")
    actions = stored.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = _command(
        actions,
        "build",
        "atlas_build",
        "make the atlas anew from the published archives",
        "keras-imports atlas build",
    )
    build.add_argument("--output", metavar="FILE", help="write here instead of into the package")
    diff = _command(
        actions,
        "diff",
        "atlas_diff",
        "what left, came, moved or changed its signature between two releases",
        "keras-imports atlas diff keras==2.15 keras==3.15",
    )
    diff.add_argument("a", metavar="A", help="e.g. keras==2.15")
    diff.add_argument("b", metavar="B", help="e.g. keras==3.15")
    diff.add_argument("--json", action="store_true", help="for programs")
    return top


def _command(
    commands: argparse._SubParsersAction, name: str, module: str, text: str, *examples: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog="examples:\n  " + "\n  ".join(examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(module=module)
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name may be any bytes
    args = parser().parse_args(arguments)
    try:
        return import_module(f"keras_imports.commands.{args.module}").run(args)
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from keras_imports.atlas import AtlasError

        if not isinstance(error, (AtlasError, ValueError, OSError)):
            raise
        print(f"keras-imports: {error}", file=sys.stderr)
        return 2
