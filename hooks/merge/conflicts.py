"""Merge a file that Copier left in conflict again, with what is known of its kind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import git

from keras_imports.migrate.files.atomic import write_atomically
from merge.imports import settle_imports
from merge.lines import merge_lines

CODE = (".py", ".pyi", ".ipynb")
LABELS = ("before updating", "last update", "after updating")  # as Copier writes them
BASE, OURS, THEIRS = 1, 2, 3  # as git numbers the versions of a file in conflict


def remerge(
    project: Path, path: str, versions: dict[int, str], migrate: Callable[[Path], object]
) -> bool:
    """Merge a file in conflict, and stage it if no conflict is left; tell whether none is.

    `versions` are the blobs of the base, of our file and of the template's; `migrate` brings a
    Python file or notebook to the project's new flavour. Python stays in conflict where both sides
    changed the same code; the file then has both, in the new flavour. Any other file stays as
    Copier left it.
    """
    if versions.keys() != {BASE, OURS, THEIRS}:
        return False
    contents = {number: git.read_version(project, blob) for number, blob in versions.items()}
    if path.endswith(CODE):
        merged, clean = _merge_code(project, Path(path).name, contents, migrate)
    else:
        text = _merge_text(contents)
        if text is None:
            return False
        merged, clean = text, True
    write_atomically(str(project / path), merged)
    if clean:
        git.mark_merged(project, path)
    return clean


def _merge_code(
    project: Path, name: str, contents: dict[int, bytes], migrate: Callable[[Path], object]
) -> tuple[bytes, bool]:
    """Bring the base and our version to the new flavour, and merge them with the template's."""
    with tempfile.TemporaryDirectory() as folder:
        files = {number: Path(folder, str(number), name) for number in contents}
        for number, file in files.items():
            file.parent.mkdir()
            file.write_bytes(contents[number])
        migrate(files[BASE])
        migrate(files[OURS])
        merged = git.merge_files(project, files[OURS], files[BASE], files[THEIRS], LABELS)
    text, conflicts = settle_imports(merged.decode("utf-8", "surrogateescape"))
    return text.encode("utf-8", "surrogateescape"), conflicts == 0


def _merge_text(contents: dict[int, bytes]) -> bytes | None:
    """Merge a text that is not Python, line by line; return None where it cannot be done."""
    try:
        base, ours, theirs = (
            contents[number].decode("utf-8").splitlines(True) for number in (BASE, OURS, THEIRS)
        )
    except UnicodeDecodeError:
        return None
    merged = merge_lines(base, ours, theirs)
    return None if merged is None else "".join(merged).encode()
