"""What `check` and `migrate` are both asked on the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from keras_imports.configuration.asked import Asked
from keras_imports.configuration.codes import parse_codes, parse_selection
from keras_imports.configuration.patterns import Pattern, parse_pattern
from keras_imports.limits import SECONDS

Read = TypeVar("Read")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--select",
        action="append",
        metavar="CODES",
        help="look only for what has one of these codes, or begins like one: KI2,KI301",
    )
    parser.add_argument(
        "--ignore", action="append", metavar="CODES", help="leave what has one of these codes alone"
    )
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="PATTERN",
        help="leave these files and directories alone: vendor, '*.ipynb', 'src/**/old'",
    )
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=SECONDS,
        metavar="SECONDS",
        help="leave a file alone that takes more processor time than this; default: %(default)g",
    )


def asked_by(args: argparse.Namespace) -> Asked:
    """Return what the arguments ask; raise `ValueError` for what is wrong."""
    return Asked(
        _read("--select", args.select, parse_selection),
        _read("--ignore", args.ignore, parse_codes),
        _read("--exclude", args.exclude, _patterns),
    )


def _read(
    option: str,
    values: Sequence[str] | None,
    parse: Callable[[Iterable[str]], tuple[Read, ...]],
) -> tuple[Read, ...]:
    try:
        return () if values is None else parse(_split(values))
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds up to a million")
    return seconds


def _patterns(texts: Iterable[str]) -> tuple[Pattern, ...]:
    return tuple(parse_pattern(each, os.getcwd()) for each in texts)


def _split(values: Iterable[str]) -> list[str]:
    """Return what is listed with commas, in one argument or in several."""
    return [each.strip() for value in values for each in value.split(",") if each.strip()]
