"""Find the Python files and notebooks of a project, for `check` and `migrate` alike."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from keras_imports.git import NotAskedError, ignored_in
from keras_imports.python.files import SUFFIXES, Problem, reason

SKIPPED = frozenset({"__pycache__", "__pypackages__", "build", "dist", "node_modules"})


@dataclass
class Walk:
    """The files at and below some paths, and what is not among them.

    `items` are files in a fixed order, and what keeps others from being found. `ignored` counts the
    files that git ignores, `unasked` says of which directories git could not tell that.
    """

    paths: tuple[str, ...]
    items: list[str | Problem] = field(default_factory=list)
    ignored: int = 0
    unasked: list[Problem] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The files alone."""
        return [item for item in self.items if isinstance(item, str)]


def walk(paths: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES) -> Walk:
    """Return all files below `paths` that end with one of the suffixes.

    Hidden directories, virtual environments, build products and what git ignores are left out;
    links to directories are not followed, so that no file is seen twice. A file or directory that
    is named itself always counts.
    """
    found = Walk(tuple(map(plain, paths)))
    items: dict[str | Problem, str | Problem] = {}
    for item in _items(found, suffixes):
        items.setdefault(os.path.abspath(item) if isinstance(item, str) else item, item)
    found.items += items.values()
    return found


def _items(found: Walk, suffixes: tuple[str, ...]) -> Iterator[str | Problem]:
    """Yield what is at and below the paths of a walk; of paths that overlap, files repeatedly."""
    for path in found.paths:
        if os.path.isdir(path):
            yield from _Directories(found, suffixes).at(path)
        elif os.path.lexists(path):
            yield path
        else:
            yield Problem(path, "no such file or directory")


def plain(path: str) -> str:
    """Return a path without `./` and double slashes; `..` stays, as links decide where it leads."""
    return str(PurePath(path)) if path else path


@dataclass
class _Directories:
    """Walks through directories, and notes in `found` what it leaves out."""

    found: Walk
    suffixes: tuple[str, ...]
    ignored: set[str] = field(default_factory=set)  # whole paths

    def at(self, directory: str) -> Iterator[str | Problem]:
        """Yield what lies below a directory that was named."""
        self._ask(directory)
        yield from self._below(directory, os.path.realpath(directory))

    def _ask(self, directory: str) -> None:
        """Find out what git ignores there."""
        try:
            self.ignored |= ignored_in(directory)
        except NotAskedError as error:
            message = f"git could not say which files it ignores here: {error}"
            self.found.unasked.append(Problem(directory, message))

    def _below(
        self, directory: str, whole: str, is_ignored: bool = False
    ) -> Iterator[str | Problem]:
        """Yield what lies below a directory, whose path without links is `whole`.

        Of one that git ignores nothing is yielded, and the files are counted.
        """
        try:
            with os.scandir(directory) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if not is_ignored:
                yield Problem(directory, reason(error))
            return
        inner = []
        for entry in ordered:
            path = entry.name if directory == os.curdir else entry.path
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED and not entry.name.startswith("."):
                    inner.append((path, os.path.join(whole, entry.name)))
            elif entry.is_symlink() and os.path.isdir(path):
                if _lies_in(directory, path) and not is_ignored:
                    yield Problem(path, "a link back to a directory above it, not followed")
            elif entry.name.endswith(self.suffixes):
                if is_ignored or self._is_ignored(entry, os.path.join(whole, entry.name)):
                    self.found.ignored += 1
                else:
                    yield path
        for path, its_whole in inner:
            if os.path.exists(os.path.join(path, "pyvenv.cfg")):
                continue
            its_ignored = is_ignored or its_whole in self.ignored
            if not its_ignored and os.path.lexists(os.path.join(path, ".git")):
                self._ask(path)  # a repository of its own
            yield from self._below(path, its_whole, its_ignored)

    def _is_ignored(self, entry: os.DirEntry[str], whole: str) -> bool:
        """Return whether git ignores a file, or what a link leads to."""
        if whole in self.ignored:
            return True
        if not entry.is_symlink():
            return False
        real = Path(os.path.realpath(whole))
        return any(str(each) in self.ignored for each in (real, *real.parents))


def _lies_in(directory: str, ancestor: str) -> bool:
    """Return whether `directory` is `ancestor` or lies below it, links resolved."""
    inner, outer = Path(os.path.realpath(directory)), Path(os.path.realpath(ancestor))
    return inner.is_relative_to(outer)
