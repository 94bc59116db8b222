"""Find the files of one program, and which of them import which."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from keras_imports.knowledge.keras_names import ROOTS
from keras_imports.python.sources import read

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#;]*)"
    r"|import[ \t]+(?P<modules>[^\n#;]*))",
    re.MULTILINE,
)
_NAME = re.compile(r"[\w.]+")


class Program:
    """The files of one program, those that do not mention Keras included.

    `files` are those to begin with, `roots` are directories that modules are imported from, besides
    that of each file.
    """

    def __init__(self, files: Iterable[str], roots: tuple[str, ...]) -> None:
        self.roots = roots
        self.imported_by: dict[str, list[str]] = {}
        queue = list(files)
        seen = set(queue)
        for file in queue:  # it grows by those that they import
            for module in _imports(file):
                imported = self.find(file, module)
                if imported is None or imported == file:
                    continue
                importers = self.imported_by.setdefault(imported, [])
                if file not in importers[-1:]:
                    importers.append(file)
                if imported not in seen and os.path.isfile(imported):
                    seen.add(imported)
                    queue.append(imported)

    def importers(self, files: Iterable[str]) -> set[str]:
        """Return all files that import one of these, or import one that does."""
        reached: set[str] = set()
        stack = list(files)
        while stack:
            new = set(self.imported_by.get(stack.pop(), ())) - reached
            reached |= new
            stack.extend(new)
        return reached

    def find(self, file: str, module: str) -> str | None:
        """Return the file or directory of a module that a file imports, if the program has it."""
        return find_module(file, module, self.roots)


def find_module(file: str, module: str, roots: Iterable[str]) -> str | None:
    """Return the file or directory of a module that a file imports, if the program has it.

    `roots` are directories that modules are imported from, besides that of the file.
    """
    name = module.lstrip(".")
    parts = tuple(name.split(".")) if name else ()
    level = len(module) - len(name)
    if level:
        directory = file
        for _ in range(level):
            directory = os.path.dirname(directory)
        return _module(directory, parts)
    directories = dict.fromkeys((import_root(os.path.dirname(file)), *roots))
    return next(filter(None, (_module(directory, parts) for directory in directories)), None)


def _imports(file: str) -> set[str]:
    """Return all modules that a file may import; the relative ones begin with a dot."""
    if file.endswith(".ipynb"):
        source, _ = read(file)
        text = "" if source is None else source.text
    else:
        try:
            text = Path(file).read_text("utf-8", errors="replace")
        except OSError:
            return set()
    modules: set[str] = set()
    for match in _IMPORT.finditer(text):
        module = match["module"]
        if module is None:
            modules.update(_NAME.findall(match["modules"]))
        else:
            start = module if module.endswith(".") else f"{module}."
            modules.add(module)
            modules.update(start + name for name in _NAME.findall(match["names"]))
    return {module for module in modules if module.partition(".")[0] not in ROOTS}


@cache
def import_root(directory: str) -> str:
    """Return the first directory upwards that is no package: it is on `sys.path` at run time."""
    while os.path.exists(os.path.join(directory, "__init__.py")):
        above = os.path.dirname(directory)
        if above == directory:
            break
        directory = above
    return directory


@cache
def _module(directory: str, parts: tuple[str, ...]) -> str | None:
    path = os.path.join(directory, *parts)
    for file in (f"{path}.py", os.path.join(path, "__init__.py")):
        if os.path.isfile(file):
            return file
    return path if os.path.isdir(path) else None
