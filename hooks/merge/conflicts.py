"""Merge a file again that Copier could not merge, with what is known of its kind."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import git

from merge.imports import settle_imports
from merge.lines import merge_lines

CODE = (".py", ".pyi", ".ipynb")
LABELS = ("before updating", "last update", "after updating")  # as Copier writes them
BASE, OURS, THEIRS = 1, 2, 3  # as git numbers the versions of a file in conflict


def remerge(
    project: Path, path: str, versions: dict[int, str], migrate: Callable[[Path], object] | None
) -> tuple[bytes, bool]:
    """Merge the versions of a file again; return the text, and whether no conflict is left.

    `versions` are the blobs of the base, of our file and of the template's; `migrate` brings a
    Python file or notebook to the project's new flavour, where it is to be moved. Conflicts are
    left where both sides changed the same lines; the text then has both, Python in the new flavour.
    Line ends are ours, and no change by themselves.
    """
    contents = {number: git.read_version(project, blob) for number, blob in versions.items()}
    end = line_end(contents[OURS])
    contents |= {number: with_line_end(contents[number], end) for number in (BASE, THEIRS)}
    if path.endswith(CODE):
        return _merge_closely(project, Path(path).name, contents, migrate)
    if text := _merge_text(contents):
        return text, True
    return _merge_closely(project, Path(path).name, contents, None)


def line_end(data: bytes) -> bytes:
    """Return what ends most lines."""
    return b"\r\n" if 2 * data.count(b"\r\n") > data.count(b"\n") else b"\n"


def with_line_end(data: bytes, end: bytes) -> bytes:
    """Return a text with other line ends."""
    return re.sub(rb"\r?\n", end, data)


def _merge_closely(
    project: Path, name: str, contents: dict[int, bytes], migrate: Callable[[Path], object] | None
) -> tuple[bytes, bool]:
    """Merge as git does, Python after the base and our version were moved, and import lines closer.

    Two files that have no base in common, since both sides made one, are no versions of each other.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {number: Path(folder, str(number), name) for number in contents}
        for number, file in files.items():
            file.parent.mkdir()
            file.write_bytes(contents[number])
        if migrate:
            migrate(files[BASE])
            migrate(files[OURS])
        merged = git.merge_files(project, files[OURS], files[BASE], files[THEIRS], LABELS)
    text = merged.decode("utf-8", "surrogateescape")
    text, conflicts = settle_imports(text, related=bool(contents[BASE]))
    return text.encode("utf-8", "surrogateescape"), conflicts == 0


def _merge_text(contents: dict[int, bytes]) -> bytes | None:
    """Merge a text that is not Python, line by line; return None where it cannot be done."""
    if not contents[BASE]:
        return None
    try:
        base, ours, theirs = (
            contents[number].decode("utf-8").splitlines(True) for number in (BASE, OURS, THEIRS)
        )
    except UnicodeDecodeError:
        return None
    merged = merge_lines(base, ours, theirs)
    return None if merged is None else "".join(merged).encode()
