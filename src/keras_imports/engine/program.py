"""Find the files of one program, and which of them import which."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate

from keras_imports.knowledge.keras_names import ROOTS, TRACKED
from keras_imports.knowledge.legacy_switch import mentions_switch
from keras_imports.python.files import UnreadableError, read_bytes
from keras_imports.python.sources import read

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#;]*)"
    r"|import[ \t]+(?P<modules>[^\n#;]*))",
    re.MULTILINE,
)
_NAME = re.compile(r"[\w.]+")

Names = frozenset[str] | None  # what is imported from a module; `None` for all that it has


class Program:
    """The files of one program, those that do not mention Keras included.

    `files` are those to begin with, `roots` are directories that modules are imported from, besides
    that of each file. `imports` are, for each file, the files and directories of the modules that
    it imports, by their names in its statements, and `names` what it imports from each: `None` for
    all. `wanted` is what is imported from a file by any. `keras` are the files that import some
    Keras.
    """

    def __init__(self, files: Iterable[str], roots: tuple[str, ...]) -> None:
        self.roots = roots
        self.imports: dict[str, dict[str, str]] = {}
        self.names: dict[str, dict[str, Names]] = {}
        self.wanted: dict[str, Names] = {}
        self.imported_by: dict[str, list[str]] = {}
        self.keras: set[str] = set()
        self.mentions_switch = False  # to the legacy Keras
        queue = list(files)
        seen = set(queue)
        for file in queue:  # it grows by those that they import
            text = _text(file)
            if TRACKED.may_be_imported_in(text):
                self.keras.add(file)
            self.mentions_switch |= mentions_switch(text)
            imports = self.imports[file] = {}
            names = self.names[file] = _imports(text)
            for module, its in names.items():
                imported = self.find(file, module)
                if imported is None or imported == file:
                    continue
                imports[module] = imported
                self.wanted[imported] = _both(self.wanted.get(imported, frozenset()), its)
                importers = self.imported_by.setdefault(imported, [])
                if file not in importers[-1:]:
                    importers.append(file)
                if imported not in seen and os.path.isfile(imported):
                    seen.add(imported)
                    queue.append(imported)

    def users(self) -> list[str]:
        """Return the files that may have objects of Keras, in the order of their discovery.

        They import it, or a file that does, or are imported by such a file.
        """
        near = self.keras | self.importers(self.keras)
        near |= {imported for file in near for imported in self.imports.get(file, {}).values()}
        return [
            file
            for file, imports in self.imports.items()
            if file in near and (imports or file in self.imported_by)
        ]

    def importers(self, files: Iterable[str]) -> set[str]:
        """Return all files that import one of these, or import one that does."""
        reached: set[str] = set()
        stack = list(files)
        while stack:
            new = set(self.imported_by.get(stack.pop(), ())) - reached
            reached |= new
            stack.extend(new)
        return reached

    def connected(self, files: Iterable[str]) -> Iterator[set[str]]:
        """Yield the sets of files that imports connect, those that have any of `files`."""
        seen: set[str] = set()
        for file in files:
            together = {file} - seen
            stack = list(together)
            while stack:
                each = stack.pop()
                near = {*self.imports.get(each, {}).values(), *self.imported_by.get(each, ())}
                stack.extend(near - together)
                together |= near
            if together:
                yield together
            seen |= together

    def around(self, files: Iterable[str]) -> list[str]:
        """Return some files with all that are connected with them, in the order of the program."""
        together: set[str] = set().union(*(each for each in self.connected(files)))
        return [file for file in self.imports if file in together]

    def find(self, file: str, module: str) -> str | None:
        """Return the file or directory of a module that a file imports, if the program has it.

        A script may be started from any directory above it, up to the roots.
        """
        above = []
        if not module.startswith(".") and file.startswith(self.roots):
            directory = os.path.dirname(os.path.dirname(file))
            while directory.startswith(self.roots):
                above.append(directory)
                directory = os.path.dirname(directory)
        return find_module(file, module, (*self.roots, *above))


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


def _text(file: str) -> str:
    """Return the code of a file, "" if it cannot be read."""
    if file.endswith(".ipynb"):
        source, _ = read(file)
        return "" if source is None else source.text
    try:
        return read_bytes(file).decode("utf-8", "replace")
    except UnreadableError:
        return ""


def _imports(text: str) -> dict[str, Names]:
    """Return all modules that a text may import, the packages that they are in, and what of them.

    The relative ones begin with a dot.
    """
    modules: dict[str, Names] = {}
    for match in _IMPORT.finditer(text):
        module = match["module"]
        if module is None:
            for name in _NAME.findall(match["modules"]):
                modules.update(dict.fromkeys(accumulate(name.split("."), "{}.{}".format)))
        else:
            start = module if module.endswith(".") else f"{module}."
            names = match["names"]
            its = None if "*" in names else frozenset(_NAME.findall(names))
            modules[module] = _both(modules.get(module, frozenset()), its)
            modules.update(dict.fromkeys(start + name for name in its or ()))
    return {module: its for module, its in modules.items() if module.partition(".")[0] not in ROOTS}


def _both(first: Names, second: Names) -> Names:
    return None if first is None or second is None else first | second


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
