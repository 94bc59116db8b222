"""Keep what was found in files from run to run, as long as nothing changes that it depends on.

That is the text of a file and of all that it is connected with by imports, since files tell each
other of their objects; what they are checked against and declare; and this tool. All of it makes a
key, and a result that was kept under another key is found anew. Whatever is wrong with the folder
of the results, they are found anew, too: it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from keras_imports.check.result import Result
from keras_imports.check.setting import Setting
from keras_imports.engine.findings import Finding, Replacement
from keras_imports.engine.program import Program, find_module
from keras_imports.engine.unseen import Unseen
from keras_imports.knowledge.declarations import Declarations
from keras_imports.knowledge.keras_names import ROOTS
from keras_imports.python.files import Problem, UnreadableError, read_bytes

_FOLDER = ".keras_imports_cache"
_WORTH_IT = 64  # so few files are checked anew as fast, and need no folder

# What is raised where it cannot be read, is no JSON, or is not what was written.
_DAMAGED = (UnreadableError, ValueError, RecursionError, TypeError, KeyError, AttributeError)

Keys = dict[str, str]  # by file


def cache_for(files: int) -> Cache | None:
    """Return where results are kept, `None` if that is not worth it for so few files.

    A link is not followed: a repository may have put it there, to have something else overwritten.
    """
    folder = Path(_FOLDER).absolute()
    if folder.is_symlink() or (files < _WORTH_IT and not folder.is_dir()):
        return None
    return Cache(folder)


class Cache:
    """The results that are kept in a folder of the current directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, keys: Mapping[str, str]) -> Iterator[Result]:
        """Yield the results of files that are kept under their keys."""
        for file, key in keys.items():
            with suppress(*_DAMAGED):
                kept = json.loads(read_bytes(str(self._place(file))))
                if kept["key"] == key:
                    yield _restored(file, kept)

    def write(self, keys: Mapping[str, str], results: Iterable[Result]) -> None:
        """Keep results under the keys of their files, if that can be done."""
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            _replace(self._folder / ".gitignore", "*\n")
            for result in results:
                key = keys.get(result.file)
                if key is not None:
                    _replace(self._place(result.file), json.dumps({"key": key, **_row(result)}))

    def _place(self, file: str) -> Path:
        name = hashlib.sha256(os.fsencode(file)).hexdigest()[:32]
        return self._folder / f"{name}.json"


def keys_of(program: Program, settings: Mapping[str, Setting], first: Setting) -> Keys:
    """Return the keys of files with a setting, of those for which all is known that makes one.

    `first` is the setting of files of the program that nobody asked for.
    """
    order = {file: number for number, file in enumerate(program.imports)}
    of_file = {os.path.abspath(file): its for file, its in settings.items()}
    declarations = Declarations()
    groups: dict[str, str] = {}
    for together in program.connected(program.imports):
        files = sorted(together & order.keys(), key=order.__getitem__)
        parts = []
        for file in files:
            setting = of_file.get(file, first)
            parts.append(_depends_on(program, file, setting, declarations))
        if None not in parts:
            digest = _digest(*parts)
            groups.update((file, digest) for file in files)
    return {
        file: _digest(groups[whole], file, file in its.named)
        for file, its in settings.items()
        if (whole := os.path.abspath(file)) in groups
    }


def _depends_on(
    program: Program, file: str, setting: Setting, declarations: Declarations
) -> object:
    """Return all of one file that makes the results of those that it is connected with.

    `None` is for one that cannot be read, or beside which a file hides a package: its statements
    may lead anywhere.
    """
    try:
        data = read_bytes(file)
    except UnreadableError:
        return None
    hiding = [find_module(file, root, setting.roots) for root in sorted(ROOTS)]
    if any(path and os.path.isfile(path) for path in hiding):
        return None
    names = [(n, its and sorted(its)) for n, its in sorted(program.names[file].items())]
    return (
        file,
        hashlib.sha256(data).hexdigest(),
        names,
        sorted(program.imports[file].items()),
        sorted(program.wanted.get(file) or ()),
        replace(setting, named=frozenset(), ignored=frozenset()),
        sorted(setting.ignored),
        declarations.of(file),
    )


def _digest(*parts: object) -> str:
    """Return a digest of what a result depends on, and of this tool, here."""
    known = (_tool(), sys.version, os.getcwd(), parts)
    return hashlib.sha256(repr(known).encode("utf-8", "surrogateescape")).hexdigest()


@cache
def _tool() -> str:
    """Return a digest of this tool and its data, which change between releases, too."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
    statuses = ((path, path.stat()) for path in files)
    rows = [(str(path), status.st_size, status.st_mtime_ns) for path, status in statuses]
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogateescape")).hexdigest()


def _replace(path: Path, text: str) -> None:
    """Write a file at once, whoever else does, and through no link that is there."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    with open(temporary, "x", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(temporary, path)


def _row(result: Result) -> dict[str, Any]:
    return {
        "findings": [asdict(replace(each, edits=())) for each in result.findings],
        "problems": [asdict(each) for each in result.problems],
        "uses_keras": result.uses_keras,
        "unseen": [asdict(each) for each in result.unseen],
    }


def _restored(file: str, row: Mapping[str, Any]) -> Result:
    """Return a result as it was, but for the edits that its fixes were made of."""
    return Result(
        file,
        [_finding(each) for each in row["findings"]],
        [Problem(**each) for each in row["problems"]],
        row["uses_keras"],
        tuple(Unseen(**each) for each in row["unseen"]),
    )


def _finding(row: Mapping[str, Any]) -> Finding:
    fix = (Replacement(tuple(r["start"]), tuple(r["end"]), r["text"]) for r in row["fix"])
    stored = row["stored"] and tuple(row["stored"])
    return Finding(**{**row, "edits": (), "stored": stored, "fix": tuple(fix)})
