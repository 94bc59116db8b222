"""Find Python files and notebooks, and read them, whatever is wrong with them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")
LARGEST = 10_000_000  # bytes; no source is larger, but data with the wrong name is
SKIPPED = frozenset({"__pycache__", "__pypackages__", "build", "dist", "node_modules"})


@dataclass(frozen=True)
class Problem:
    """Why a file, or a part of it, could not be read."""

    file: str
    message: str
    line: int | None = None
    cell: int | None = None

    def __str__(self) -> str:
        """Return one line: where, and what is wrong."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{cell}{line}: {self.message}"


class UnreadableError(Exception):
    """A file cannot be read as source code; the text is one clear line."""


def walk(paths: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[str | Problem]:
    """Yield all files below `paths` that end with one of the suffixes, in a fixed order.

    Hidden directories, virtual environments and build products are left out; links to directories
    are not followed, so that no file is seen twice. A file that is named itself always counts.
    """
    for path in paths:
        if os.path.isdir(path):
            yield from _walk_directory(path, suffixes)
        elif os.path.lexists(path):
            yield path
        else:
            yield Problem(path, "no such file or directory")


def import_roots(paths: Iterable[str]) -> tuple[str, ...]:
    """Return where modules are imported from: the directories among `paths`, and `src` in them."""
    directories = [os.path.abspath(path) for path in paths if os.path.isdir(path)]
    roots = [root for each in directories for root in (each, os.path.join(each, "src"))]
    return tuple(dict.fromkeys(roots))


def _walk_directory(directory: str, suffixes: tuple[str, ...]) -> Iterator[str | Problem]:
    try:
        with os.scandir(directory) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(directory, reason(error))
        return
    inner = []
    for entry in ordered:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in SKIPPED and not entry.name.startswith("."):
                inner.append(entry.path)
        elif entry.is_symlink() and os.path.isdir(entry.path):
            if _lies_in(directory, entry.path):
                yield Problem(entry.path, "a link back to a directory above it, not followed")
        elif entry.name.endswith(suffixes):
            yield entry.path
    for path in inner:
        if not os.path.exists(os.path.join(path, "pyvenv.cfg")):
            yield from _walk_directory(path, suffixes)


def _lies_in(directory: str, ancestor: str) -> bool:
    """Return whether `directory` is `ancestor` or lies below it, links resolved."""
    inner, outer = Path(os.path.realpath(directory)), Path(os.path.realpath(ancestor))
    return inner.is_relative_to(outer)


def read_bytes(file: str) -> bytes:
    """Return the content of a file that may be source code.

    Raise `UnreadableError` for what cannot be read, is no regular file, or is larger than any code.
    """
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file")
        if status.st_size > LARGEST:
            size = status.st_size / 1e6
            raise UnreadableError(f"too large for source code ({size:.0f} MB), not read")
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise UnreadableError(reason(error)) from None
    except ValueError:
        raise UnreadableError("not a valid file name") from None


def reason(error: OSError) -> str:
    """Return why a file cannot be read or written, for people."""
    if isinstance(error, FileNotFoundError):
        return "a link to a file that does not exist"
    return (error.strerror or str(error)).lower()
