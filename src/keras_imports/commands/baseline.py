"""Keep which findings were there before, so that only new ones are reported.

A finding is known again by its file, its code and the text of its line, so that lines may move. Of
several that are alike as many are known as there were. The file is made to be read and compared:

    {"version": 1, "findings": {"train.py": {"KI001": {"from keras.layers.core import Dense": 1}}}}
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keras_imports.commands.closing import counted
from keras_imports.engine.findings import Finding
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.python.files import reason
from keras_imports.python.sources import read

_VERSION = 1

_Key = tuple[str, str, str]  # the path of a file, a code, and a line without its indentation


@dataclass
class Baseline:
    """The findings of a baseline that were not met yet, and how many were left out for it.

    Paths are relative to the directory of the baseline.
    """

    directory: str
    open: Counter[_Key]
    left_out: int = 0

    @classmethod
    def read(cls, path: str) -> Baseline:
        """Return the baseline of a file; raise `ValueError`, in one line, if it is none."""
        if not os.path.exists(path):
            raise ValueError(f"{path}: no such file; `--write-baseline {path}` makes it")
        if not os.path.isfile(path):
            raise ValueError(f"{path}: this is no baseline: it is no file")
        try:
            with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
                known = Counter(dict(_rows(json.load(file))))
        except (ValueError, RecursionError) as error:
            anew = f"`--write-baseline {path}` writes one where no other file is"
            raise ValueError(f"{path}: this is no baseline: {error}; {anew}") from None
        return cls(_directory(path), known)

    @classmethod
    def to_write(cls, path: str) -> Baseline:
        """Return the baseline that is to be written to a file, with what is kept there already.

        Raise `ValueError` if anything else is there, or no file can be.
        """
        if os.path.lexists(path):
            return cls.read(path)
        directory = _directory(path)
        if not os.path.isdir(directory):
            raise ValueError(f"{path}: there is no folder {directory}")
        return cls(directory, Counter())

    def new(self, file: str, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Yield those of a file's findings that were not there before, and count the others."""
        for key, finding in zip(_keys(self.directory, file, findings), findings, strict=True):
            if self.open[key] > 0:
                self.open[key] -= 1
                self.left_out += 1
            else:
                yield finding


def write_baseline(
    path: str, old: Baseline, found: Iterable[tuple[str, Sequence[Finding], Collection[str]]]
) -> str:
    """Write the findings of files to a baseline; return what is in it.

    With each file come the codes that were not looked for in it. What the old baseline has of them,
    and of other files, stays, as long as the files are there.
    """
    directory = old.directory
    counts: Counter[_Key] = Counter()
    ignored = {}
    for file, findings, codes in found:
        ignored[_name(directory, file)] = codes
        counts.update(_keys(directory, file, findings))
    others = {key[0] for key in old.open} - ignored.keys()
    others = {name for name in others if os.path.exists(os.path.join(directory, name))}
    written = f"{counted(counts.total(), 'finding')} written to {path}"
    kept = {key: n for key, n in old.open.items() if key[1] in ignored.get(key[0], ())}
    counts.update(kept)
    counts.update({key: count for key, count in old.open.items() if key[0] in others})
    table: dict[str, dict[str, dict[str, int]]] = {}
    for (name, code, line), count in counts.items():
        table.setdefault(name, {}).setdefault(code, {})[line] = count
    data = {"version": _VERSION, "findings": table}
    text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False)
    try:
        write_atomically(path, f"{text}\n".encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ValueError(f"{path}: {reason(error)}; no baseline is written") from None
    of_codes = [f"{counted(sum(kept.values()), 'finding')} not looked for"] if kept else []
    of_files = [f"those of {counted(len(others), 'file')} not looked at"] if others else []
    remark = " and ".join(of_codes + of_files)
    return f"{written}, which keeps {remark}" if remark else written


def _keys(directory: str, file: str, findings: Sequence[Finding]) -> Iterator[_Key]:
    """Yield what each finding of a file is known by."""
    source, _ = read(file) if findings else (None, [])
    name = _name(directory, file)
    first = dict(source.cells) if source else {}
    for finding in findings:
        number = first.get(finding.cell or 0, 1) + finding.line - 2
        line = source.lines[number] if source else finding.source
        yield name, finding.code, " ".join(line.split())


def _name(directory: str, file: str) -> str:
    """Return how a file is named in a baseline of a directory."""
    whole = os.path.join(_directory(file), os.path.basename(file))
    return os.path.relpath(whole, directory).replace(os.sep, "/")


def _directory(file: str) -> str:
    """Return the directory of a file, without the links that lead to it."""
    return os.path.realpath(os.path.dirname(os.path.abspath(file)))


def _rows(data: Any) -> Iterator[tuple[_Key, int]]:
    """Yield the rows of a baseline; raise `ValueError` for anything else."""
    version = data.get("version") if isinstance(data, dict) else None
    if version is None:
        raise ValueError("it says no version")
    if version != _VERSION:
        raise ValueError(f"its version is {version}, and {_VERSION} is known")
    try:
        for name, codes in data["findings"].items():
            for code, lines in codes.items():
                for line, count in lines.items():
                    if type(count) is not int:
                        raise TypeError
                    yield (name, code, line), count
    except (KeyError, AttributeError, TypeError):
        raise ValueError("its findings are not counts by file, code and line") from None
