"""Mixing across the files of one program: what one makes of a Keras, and another of another takes.

Each file leaves a `Link` when it is checked, a few names. Only where those show that files of
different Keras are connected by imports are they read again and followed from one to the other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from keras_imports.atlas import Environment
from keras_imports.check.rules import check
from keras_imports.check.rules.mixing import handed_over
from keras_imports.check.rules.subject import Knowledge, Subject, knowledge
from keras_imports.flavours import root_of
from keras_imports.knowledge.keras_names import ROOTS
from keras_imports.python.references import Exports
from keras_imports.python.sources import read
from keras_imports.report import Finding

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#;]*)"
    r"|import[ \t]+(?P<modules>[^\n#;]*))",
    re.MULTILINE,
)
_PLACES = frozenset({"", "layers", "models", "optimizers", "applications"})
_NAME = re.compile(r"[\w.]+")
_LEGACY = re.compile(r"""TF_USE_LEGACY_KERAS["'][^\n]{0,9}?[=,]\s*["']?(?:1|true)\b""", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """What the others of a program have to know of a file: which Keras it takes parts of."""

    file: str
    roots: tuple[str, ...]
    sets_legacy: bool


def sets_legacy(text: str) -> bool:
    """Whether a program sets `TF_USE_LEGACY_KERAS=1`."""
    return "TF_USE_LEGACY_KERAS" in text and _LEGACY.search(text) is not None


def link(subject: Subject) -> Link:
    """The link of a file that has been checked."""
    paths = {path for reference in subject.module.references for path in reference.paths}
    roots = {root_of(path) for path in paths if _leads_to_parts(subject.known, path)}
    source = subject.source
    return Link(source.file, tuple(sorted(roots)), sets_legacy(source.text))


@lru_cache(maxsize=1 << 16)
def _leads_to_parts(known: Knowledge, path: str) -> bool:
    """Whether a path is, or has, something that a model is built of."""
    root = root_of(path)
    if not root:
        return False
    return path[len(root) + 1 :] in _PLACES or known.part(path) is not None


def _imports(file: str) -> set[str]:
    """All modules that a file may import; the relative ones begin with a dot."""
    if file.endswith(".ipynb"):
        source, _ = read(file)
        text = "" if source is None else source.text
    else:
        try:
            text = Path(file).read_text("utf-8", errors="replace")
        except OSError:
            return set()
    found = set()
    for match in _IMPORT.finditer(text):
        module = match["module"]
        if module is None:
            found.update(_NAME.findall(match["modules"]))
        else:
            start = module if module.endswith(".") else f"{module}."
            found.add(module)
            found.update(start + name for name in _NAME.findall(match["names"]))
    return {module for module in found if module.partition(".")[0] not in ROOTS}


def mixed(links: Iterable[Link], env: Environment, roots: Iterable[str]) -> Iterator[Finding]:
    """The findings that following names from file to file adds.

    `roots` are directories that modules are imported from, besides that of each file.
    """
    rows = {os.path.abspath(row.file): row for row in links}
    if env.tf_keras and any(row.sets_legacy for row in rows.values()):
        env = replace(env, legacy_env=True)
    having: dict[str, set[str]] = {}
    for file, row in rows.items():
        for engine in {knowledge(env).engine(root) for root in row.roots} - {None}:
            having.setdefault(engine, set()).add(file)
    if len(having) < 2:
        return
    program = Program(env, tuple(roots), rows)
    taking = {engine: program.importers(files) for engine, files in having.items()}
    for file, row in rows.items():
        own = {engine for engine, files in having.items() if file in files}
        taken = {engine for engine, files in taking.items() if file in files}
        if taken and len(own | taken) > 1:
            yield from program.findings(file, row.file)


class Program:
    """The files of one program, and what they import from each other."""

    def __init__(self, env: Environment, roots: tuple[str, ...], named: Iterable[str]) -> None:
        self.env = env
        self.roots = roots
        self.known: dict[str, Exports] = {}
        self.imported_by: dict[str, list[str]] = {}
        files = list(named)
        seen = set(files)
        for file in files:  # it grows by those that do not mention Keras
            for found in {self.find(file, module) for module in _imports(file)} - {None, file}:
                self.imported_by.setdefault(found, []).append(file)
                if found not in seen and os.path.isfile(found):
                    seen.add(found)
                    files.append(found)

    def importers(self, files: set[str]) -> set[str]:
        """All files that import one of these, or import one that does."""
        reached: set[str] = set()
        stack = list(files)
        while stack:
            new = set(self.imported_by.get(stack.pop(), ())) - reached
            reached |= new
            stack.extend(new)
        return reached

    def find(self, file: str, module: str) -> str | None:
        """The file or directory of a module that a file imports, if it belongs to the program."""
        name = module.lstrip(".")
        parts = tuple(name.split(".")) if name else ()
        level = len(module) - len(name)
        if level:
            directory = file
            for _ in range(level):
                directory = os.path.dirname(directory)
            return _module(directory, parts)
        directories = dict.fromkeys((import_root(os.path.dirname(file)), *self.roots))
        return next(filter(None, (_module(directory, parts) for directory in directories)), None)

    def exports(self, file: str) -> Exports:
        """What other modules may import from a file."""
        if file not in self.known:
            self.known[file] = {}  # while it is being found: imports may go round in a circle
            subject = self.subject(file) if os.path.isfile(file) else None
            if subject is not None:
                shown = os.path.relpath(file)
                self.known[file] = {
                    name: tuple([replace(b, origin=b.origin or shown) for b in value])
                    for name, value in subject.flow.exports.items()
                }
        return self.known[file]

    def subject(self, file: str, shown: str | None = None) -> Subject | None:
        """A file, with what it imports from the others."""

        def modules(module: str) -> Exports | None:
            found = self.find(file, module)
            return None if found is None else self.exports(found)

        source, _ = read(shown or file)
        return source and Subject(source, self.env, program=modules)

    def findings(self, file: str, shown: str) -> list[Finding]:
        """What is found in a file beyond what it shows alone."""
        subject = self.subject(file, shown)
        if subject is None:
            return []
        found = check(subject, (handed_over,))
        alone = check(replace(subject, program=None), (handed_over,)) if found else []
        return [finding for finding in found if finding not in alone]


@cache
def import_root(directory: str) -> str:
    """The first directory upwards that is no package: it is on `sys.path` when a file runs."""
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
