"""Read Python files and notebooks, whatever is wrong with them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass

SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")
LARGEST = 10_000_000  # bytes; no source is larger, but data with the wrong name is
# What a terminal obeys, begins a new line at, or shows in another order than it is written.
CONTROLS = r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
_CONTROL = re.compile(CONTROLS)


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
        return f"{escaped(self.file)}{cell}{line}: {self.message}"


class UnreadableError(Exception):
    """A file cannot be read as source code; the text is one clear line."""


def escaped(text: str) -> str:
    """Return a text, such as a file's name, on one line and without control characters."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def import_roots(paths: Iterable[str]) -> tuple[str, ...]:
    """Return where modules are imported from: the directories among `paths`, and `src` in them."""
    directories = [os.path.abspath(path) for path in paths if os.path.isdir(path)]
    roots = [root for each in directories for root in (each, os.path.join(each, "src"))]
    return tuple(dict.fromkeys(roots))


def read_bytes(file: str, largest: float = LARGEST) -> bytes:
    """Return the content of a file that may be source code.

    Raise `UnreadableError` for what cannot be read, is no regular file, or is larger than any code.
    """
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file")
        if status.st_size > largest:
            size = status.st_size / 1e6
            raise UnreadableError(f"too large for source code ({size:.0f} MB), not read")
        with open(file, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        raise UnreadableError("a link to a file that does not exist") from None
    except OSError as error:
        raise UnreadableError(reason(error)) from None
    except ValueError:
        raise UnreadableError("not a valid file name") from None


def reason(error: OSError) -> str:
    """Return why a file cannot be read or written, for people."""
    return (error.strerror or str(error)).lower()
