"""Names that files of a tree import from one another: a move must not take them away."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable

from keras_imports.python.bindings import ROOTS
from keras_imports.python.sources import LARGEST

_FROM = re.compile(r"from[ \t]+([.\w]+)[ \t]+import[ \t]+(?=(\([^)]*\)|[^\n#]*(?:\\\n[^\n#]*)*))")
_NAME = re.compile(r"(\*|[^\W\d]\w*)(?:\s+as\s+\w+)?")
_WORD = re.compile(r"[^\W\d]\w*")

Shared = dict[str, set[str]]


def shared_names(files: Iterable[str]) -> Shared:
    """By the last part of a module's name what others import from it; `*` for all.

    Of a file that imports all of a module every word may be such a name.
    """
    found: Shared = {}
    for file in files:
        if not file.endswith(".py"):
            continue
        try:
            status = os.stat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                continue
            with open(file, encoding="utf-8", errors="replace") as stream:
                text = stream.read()
        except (OSError, ValueError):  # it is reported where it is to be moved
            continue
        for module, names in imported_names(text):
            found.setdefault(module, set()).update(names)
    return found


def imported_names(text: str) -> list[tuple[str, set[str]]]:
    """The modules of its own project that a text imports from, and the names."""
    found = []
    for match in _FROM.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.strip(" \t"):  # it does not begin the line
            continue
        root, _, _ = match[1].partition(".")
        module = match[1].rpartition(".")[2]
        if not module or root in ROOTS or root in sys.stdlib_module_names:
            continue
        names = {name[1] for name in _NAME.finditer(match[2])}
        found.append((module, names | set(_WORD.findall(text)) if "*" in names else names))
    return found


def names_of(file: str, shared: Shared) -> frozenset[str]:
    """Those that others import from a file."""
    folder, name = os.path.split(file)
    module, _ = os.path.splitext(name)
    if module == "__init__":
        module = os.path.basename(folder)
    return frozenset(shared.get(module, ()))
