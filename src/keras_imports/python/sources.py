"""Find and read Python files and notebooks, whatever is wrong with them.

Nothing here raises for bad input: what cannot be read becomes a `Problem`, one clear line.
"""

from __future__ import annotations

import ast
import codecs
import json
import os
import re
import stat
import tokenize
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")
LARGEST = 10_000_000  # bytes; no source is larger, but data with the wrong name is
SKIPPED = frozenset({"__pycache__", "__pypackages__", "build", "dist", "node_modules"})

_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")
_HELP = re.compile(r"\?{1,2}[\w.*%]+|[\w.*%]+\?{1,2}")
_ASSIGNED_MAGIC = re.compile(r"^(\s*[\w.\[\], ]+=\s*)([%!].*)$")


@dataclass(frozen=True)
class Problem:
    """Why a file, or a part of it, could not be checked."""

    file: str
    message: str
    line: int | None = None
    cell: int | None = None

    def __str__(self) -> str:
        """One line: where, and what is wrong."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{cell}{line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """The Python text of a file, with all its line ends as Python sees them.

    `cells` is empty for a plain file; for a notebook it holds, for each code cell, its number
    (counting all cells from 1) and its first line in `text`.
    """

    file: str
    text: str
    tree: ast.Module
    cells: tuple[tuple[int, int], ...] = ()

    @cached_property
    def lines(self) -> list[str]:
        """The lines of `text`."""
        return self.text.split("\n")

    def place(self, line: int) -> tuple[int | None, int]:
        """The cell, if any, and the line in it for a line of `text`."""
        cell: int | None = None
        first = 1
        for number, start in self.cells:
            if start > line:
                break
            cell, first = number, start
        return cell, line - first + 1


def walk(paths: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[str | Problem]:
    """All Python files and notebooks below `paths`, or those that end otherwise, in a fixed order.

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


def _walk_directory(directory: str, suffixes: tuple[str, ...]) -> Iterator[str | Problem]:
    try:
        with os.scandir(directory) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(directory, reason(error))
        return
    inner = []
    for entry in entries:
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
    """Whether `directory` is `ancestor` or lies below it, links resolved."""
    inner, outer = Path(os.path.realpath(directory)), Path(os.path.realpath(ancestor))
    return inner.is_relative_to(outer)


def read(
    file: str, wanted: Callable[[str], bool] | None = None
) -> tuple[Source | None, list[Problem]]:
    """The parsed source of `file`, and what is wrong with it.

    Only what mentions Keras and is `wanted` by its text is parsed at all, unless `wanted` is
    `None`: then everything is.
    """
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            return None, [Problem(file, "not a regular file")]
        if status.st_size > LARGEST:
            size = status.st_size / 1e6
            return None, [Problem(file, f"too large for source code ({size:.0f} MB), not read")]
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as error:
        return None, [Problem(file, reason(error))]
    except ValueError:
        return None, [Problem(file, "not a valid file name")]
    if file.endswith(".ipynb"):
        return _read_notebook(file, data, wanted)
    is_skipped = wanted is not None and not _mentions_keras(data)
    if b"\0" in (data[:4096] if is_skipped else data):
        return None, [_null_problem(file, data)]
    if is_skipped:
        return None, []
    try:
        text = _decode(data)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return None, [Problem(file, decoding_reason(error))]
    if wanted is not None and not wanted(text):
        return None, []
    return _parsed(file, text)


def _mentions_keras(data: bytes) -> bool:
    return b"keras" in data or (b"tensorflow" in data and b"layers" in data)


def _null_problem(file: str, data: bytes) -> Problem:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Problem(file, "UTF-16 text; Python source has to be UTF-8 or declare its encoding")
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    return Problem(file, "not Python: contains a NUL byte", line)


def _decode(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    text = data.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def decoding_reason(error: Exception) -> str:
    """Why a file is no text, for people."""
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding.upper()}: byte {error.object[error.start]:#04x}"
    if "declaration" in str(error):
        return "not UTF-8, and no encoding is declared"
    return f"cannot be decoded: {error}"


def reason(error: OSError) -> str:
    """Why a file cannot be read or written, for people."""
    if isinstance(error, FileNotFoundError):
        return "a link to a file that does not exist"
    return (error.strerror or str(error)).lower()


def parse(text: str) -> ast.Module:
    """`ast.parse` without warnings; `SyntaxError` for whatever cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (RecursionError, MemoryError):
        raise SyntaxError("nested too deeply") from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def syntax_reason(error: SyntaxError) -> str:
    """Why a text is no Python, for people."""
    message = error.msg or "invalid syntax"
    if message.startswith(("Missing parentheses in call to 'print'", "multiple exception types")):
        return "Python 2, not Python 3"
    return f"not Python 3: {message}"


def _parsed(file: str, text: str) -> tuple[Source | None, list[Problem]]:
    try:
        return Source(file, text, parse(text)), []
    except SyntaxError as error:
        return None, [Problem(file, syntax_reason(error), error.lineno)]


def _read_notebook(
    file: str, data: bytes, wanted: Callable[[str], bool] | None
) -> tuple[Source | None, list[Problem]]:
    if wanted is not None and not _mentions_keras(data):
        return None, []
    try:
        notebook = json.loads(data)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        language = notebook.get("metadata", {}).get("kernelspec", {}).get("language", "python")
        codes = [
            (number, _cell_text(cell.get("source", cell.get("input", ""))))
            for number, cell in enumerate(cells, 1)
            if cell["cell_type"] == "code"
        ]
    except (ValueError, RecursionError):
        return None, [Problem(file, "broken notebook: not JSON")]
    except (KeyError, IndexError, TypeError, AttributeError):
        return None, [Problem(file, "broken notebook: JSON, but without a notebook's cells")]
    if language != "python" or (wanted and not any(wanted(code) for _, code in codes)):
        return None, []
    problems, starts, parts, line = [], [], [], 1
    for number, raw in codes:
        code = without_magics(raw)
        try:
            parse(code)
        except SyntaxError as error:
            problems.append(Problem(file, syntax_reason(error), error.lineno, number))
            code = ""
        starts.append((number, line))
        parts.append(code)
        line += code.count("\n") + 1
    source, more = _parsed(file, "\n".join(parts))
    if source is not None:
        source = Source(file, source.text, source.tree, tuple(starts))
    return source, problems + more


def _cell_text(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_magics(code: str) -> str:
    """The code of a cell with IPython's own syntax blanked, line for line."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(_PYTHON_CELLS):
        return "\n" * (len(lines) - 1)
    try:
        ast.parse(code)
        return code
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    continued = False
    for index, line in enumerate(lines):
        stripped = line.lstrip()
        indent = line[: len(line) - len(stripped)]
        if continued:
            continued = line.endswith("\\")
            lines[index] = ""
        elif stripped.startswith(("%", "!")) or _HELP.fullmatch(stripped.rstrip()):
            continued = line.endswith("\\")
            lines[index] = indent + "pass"
        elif assigned := _ASSIGNED_MAGIC.match(line):
            continued = line.endswith("\\")
            lines[index] = assigned[1] + "None"
    return "\n".join(lines)
