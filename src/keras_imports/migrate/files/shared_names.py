"""Names that the files of a project import from one another: a migration must not remove them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from keras_imports.knowledge.keras_names import ROOTS
from keras_imports.python.files import UnreadableError, read_bytes
from keras_imports.python.syntax import with_unix_lines

_FROM = re.compile(r"from[ \t]+([.\w]+)[ \t]+import[ \t]+(?=(\([^)]*\)|[^\n#]*(?:\\\n[^\n#]*)*))")
_NAME = re.compile(r"(\*|[^\W\d]\w*)(?:\s+as\s+\w+)?")
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class SharedNames:
    """By the last part of a module's name, what files of the project import from it.

    `*` stands for all names; of a file that imports all of a module every word may be such a name.
    """

    by_module: dict[str, set[str]]

    @classmethod
    def of(cls, files: Iterable[str]) -> SharedNames:
        """Return what the Python files among the given ones import from one another."""
        by_module: dict[str, set[str]] = {}
        for file in files:
            if not file.endswith(".py"):
                continue
            try:
                text = with_unix_lines(read_bytes(file).decode("utf-8", "replace"))
            except UnreadableError:  # it is reported where it is to be migrated
                continue
            for module, names in _imported(text):
                by_module.setdefault(module, set()).update(names)
        return cls(by_module)

    def imported_from(self, file: str) -> frozenset[str]:
        """Return the names that others import from a file."""
        folder, name = os.path.split(file)
        module, _ = os.path.splitext(name)
        if module == "__init__":
            module = os.path.basename(folder)
        return frozenset(self.by_module.get(module, ()))


def _imported(text: str) -> list[tuple[str, set[str]]]:
    """Return the modules of its own project that a text imports from, and the names."""
    rows = []
    for match in _FROM.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.strip(" \t"):  # it does not begin the line
            continue
        root, _, _ = match[1].partition(".")
        module = match[1].rpartition(".")[2]
        if not module or root in ROOTS or root in sys.stdlib_module_names:
            continue
        names = {name[1] for name in _NAME.finditer(match[2])}
        rows.append((module, names | set(_WORD.findall(text)) if "*" in names else names))
    return rows
