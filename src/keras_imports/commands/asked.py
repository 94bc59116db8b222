"""What is asked of each file: on the command line, and by the configuration that is nearest."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from keras_imports.configuration.codes import codes_of, ignored_codes, parse_codes, parse_selection
from keras_imports.configuration.files import nearest
from keras_imports.configuration.patterns import Pattern, parse_pattern
from keras_imports.configuration.table import Configuration
from keras_imports.limits import SECONDS

Read = TypeVar("Read")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `check` and `migrate` are both asked."""
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


@dataclass
class Asked:
    """The command line, which comes before the configuration of each file.

    `select` takes the place of what a configuration selects and ignores; `ignore` and `exclude` are
    added. `excluded` are the files that were asked for and are left out.
    """

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    exclude: tuple[Pattern, ...]
    excluded: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, args: argparse.Namespace) -> Asked:
        """Return what arguments ask; raise `ValueError` for what is wrong."""
        return cls(
            _read("--select", args.select, parse_selection),
            _read("--ignore", args.ignore, parse_codes),
            _read("--exclude", args.exclude, _patterns),
        )

    def configuration(self, path: str) -> Configuration:
        """Return the configuration that counts for a file or directory."""
        start = os.path.abspath(path)
        return nearest(start if os.path.isdir(start) else os.path.dirname(start))

    def is_excluded(self, file: str) -> bool:
        """Return whether a file is to be left out, and note it if so."""
        patterns = (*self.exclude, *self.configuration(file).exclude)
        if any(each.matches(file) for each in patterns):
            self.excluded.add(file)
        return file in self.excluded

    def ignored(self, file: str) -> frozenset[str]:
        """Return the codes that are of no interest in a file."""
        own = self.configuration(file)
        chosen = self.select or own.select
        ignore = self.ignore if self.select else (*own.ignore, *self.ignore)
        rows = own.per_file_ignores
        here = tuple(c for pattern, codes in rows if pattern.matches(file) for c in codes)
        return ignored_codes(chosen, ignore) | codes_of(here)


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
