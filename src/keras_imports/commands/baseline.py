"""Keep which findings were there before, so that only new ones are reported.

A finding is known again by its file, its code and the text of its line, so that lines may move. Of
several that are alike as many are known as there were. The file is made to be read and compared:

    {"version": 1, "findings": {"train.py": {"KI001": {"from keras.layers.core import Dense": 1}}}}
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keras_imports.engine.findings import Finding
from keras_imports.migrate.files.atomic import write_atomically
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
        try:
            with open(path, encoding="utf-8") as file:
                known = Counter(dict(_rows(json.load(file))))
        except FileNotFoundError:
            raise ValueError(f"{path}: no such file; `--write-baseline {path}` makes it") from None
        except (ValueError, RecursionError) as error:
            anew = f"`--write-baseline {path}` writes it anew"
            raise ValueError(f"{path}: this is no baseline: {error}; {anew}") from None
        return cls(os.path.dirname(os.path.abspath(path)), known)

    def new(self, file: str, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Yield those of a file's findings that were not there before, and count the others."""
        for key, finding in zip(_keys(self.directory, file, findings), findings, strict=True):
            if self.open[key] > 0:
                self.open[key] -= 1
                self.left_out += 1
            else:
                yield finding


def write_baseline(path: str, found: Iterable[tuple[str, Sequence[Finding]]]) -> int:
    """Write the findings of files to a baseline; return how many there are."""
    directory = os.path.dirname(os.path.abspath(path))
    counts: Counter[_Key] = Counter()
    for file, findings in found:
        counts.update(_keys(directory, file, findings))
    table: dict[str, dict[str, dict[str, int]]] = {}
    for (name, code, line), count in counts.items():
        table.setdefault(name, {}).setdefault(code, {})[line] = count
    data = {"version": _VERSION, "findings": table}
    text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False)
    write_atomically(path, f"{text}\n".encode("utf-8", "surrogateescape"))
    return counts.total()


def _keys(directory: str, file: str, findings: Sequence[Finding]) -> Iterator[_Key]:
    """Yield what each finding of a file is known by."""
    source, _ = read(file) if findings else (None, [])
    name = os.path.relpath(os.path.abspath(file), directory).replace(os.sep, "/")
    first = dict(source.cells) if source else {}
    for finding in findings:
        number = first.get(finding.cell or 0, 1) + finding.line - 2
        line = source.lines[number] if source else finding.source
        yield name, finding.code, " ".join(line.split())


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
                    yield (name, code, line), int(count)
    except (KeyError, AttributeError, TypeError):
        raise ValueError("its findings are not counts by file, code and line") from None
