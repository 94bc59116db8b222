"""What the files of a project declare: which releases of a Keras it requires."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from keras_imports import atlas
from keras_imports.flavours import FLAVOURS, PROVIDERS, canonical, flavour_of, generation
from keras_imports.knowledge.toml_tables import required_in_pipfile, required_in_pyproject
from keras_imports.python.files import UnreadableError, read_bytes
from keras_imports.python.magics import installing_lines
from keras_imports.python.notebooks import BrokenNotebookError, code_cells
from keras_imports.versions import minor_of, satisfies, version_key, written_out

# The kinds of files that declare, those that say most reliably what is meant first.
_KINDS = (
    ("pyproject.toml",),
    ("setup.cfg",),
    ("setup.py",),
    ("Pipfile",),
    ("environment*.y*ml", "conda*.y*ml"),
    ("*requirements*.txt", "requirements/*.txt"),
)
_MARKERS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt")
_REQUIREMENT = re.compile(
    rf"""(?:^|["'\s])
    (?P<name>{"|".join(name.replace("-", "[-_.]") for name in PROVIDERS)})
    (?:\[[^\]]*\])?[ ]*
    (?P<specifier>(?:(?:===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*[\w.*]+(?:[ ]*,[ ]*)?)+
      |(?=["'\s;#]|$))""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_MENTIONED = re.compile(r"keras|tensorflow|\btf[-_.]|\\[uUx]", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]{1,100}")
_PINNED = re.compile(r"\s*={1,3}\s*(\d[\w.]*)\s*")
_INSTALLS = (b"install", b"tensorflow_version")  # what a notebook that declares has
_BEFORE_SPLIT = (2, 5)  # a package of its own again since; TensorFlow requires it since 2.6


@dataclass(frozen=True)
class Requirement:
    """A package that provides a Keras, the releases of it that will do, and the file that says so.

    An empty specifier admits all releases.
    """

    package: str
    specifier: str
    file: str

    def __str__(self) -> str:
        """Return it for people: `tensorflow==2.10.1`."""
        return self.package + re.sub(r"\s", "", self.specifier)


@dataclass(frozen=True)
class Declaration:
    """What a project requires, at most one row for each package.

    `contradicting` are rows of other files beside it, of which no release satisfies both.
    """

    requirements: tuple[Requirement, ...]
    contradicting: tuple[Requirement, ...] = ()

    def of(self, flavour: str) -> Requirement | None:
        """Return the requirement of the package that brings a flavour."""
        package = FLAVOURS[flavour].package
        return next((row for row in self.requirements if row.package == package), None)

    @property
    def file(self) -> str:
        """The file that names a Keras first."""
        return self.requirements[0].file

    def releases(self, flavour: str) -> tuple[str, ...]:
        """Return the releases of a flavour that the project may be written for, oldest first.

        All of them if it does not say. A requirement of TensorFlow also tells which `keras` goes
        with it.
        """
        return _releases(self, flavour)

    def deciding(self, flavour: str) -> tuple[Requirement, ...]:
        """Return the requirements by which `releases` are not all."""
        rows = [self.of(flavour), self.of("tensorflow.keras") if flavour == "keras" else None]
        return tuple(row for row in rows if row is not None and row.specifier)


def pinned(releases: Iterable[str], file: str) -> Declaration | None:
    """Return what a file declares that names releases, as `keras==2.2.4`; `None` without any."""
    rows = [Requirement(*row, file) for release in releases for row in requirements(release)]
    return Declaration(tuple(rows)) if rows else None


@cache
def _releases(declaration: Declaration, flavour: str) -> tuple[str, ...]:
    row = declaration.of(flavour)
    found = fitting(flavour, row.specifier) if row else atlas.releases(flavour)
    tensorflow = declaration.of("tensorflow.keras")
    if flavour == "keras" and tensorflow is not None and tensorflow.specifier:
        beside = fitting("tensorflow.keras", tensorflow.specifier)
        return tuple(keras for keras in found if _goes_with(keras, beside)) or found
    return found


def _goes_with(keras: str, beside: tuple[str, ...]) -> bool:
    """Return whether a release of Keras is used beside one of these releases of TensorFlow."""
    for tensorflow in beside:
        if generation("tensorflow.keras", tensorflow) == "keras3":
            if generation("keras", keras) == "keras3":
                return True
            continue
        brought = atlas.flavour_environment("tensorflow.keras", tensorflow).keras
        if version_key(tensorflow) < (2, 6) or brought is None:
            if version_key(keras) < _BEFORE_SPLIT:
                return True
        elif minor_of(keras) == minor_of(brought):
            return True
    return False


@cache
def fitting(flavour: str, specifier: str) -> tuple[str, ...]:
    """Return the atlas's releases that satisfy a specifier; for a pinned one the nearest."""
    found = tuple(release for release in atlas.releases(flavour) if satisfies(release, specifier))
    pinned = _PINNED.fullmatch(specifier)
    if pinned and not found:
        with suppress(ValueError):
            return (atlas.nearest(flavour, pinned[1]),)
    return found


# Where it is declared


class Declarations:
    """What the projects of some files declare. Each directory is looked at once.

    `unread` are files that may declare something and cannot be read, with the reason.
    """

    def __init__(self) -> None:
        self.unread: dict[str, str] = {}
        self._above: dict[str, Declaration | None] = {}
        self._notebooks: dict[str, Declaration | None] = {}
        self._projects: dict[str, str | None] = {}

    def of(self, path: str) -> Declaration | None:
        """Return what the nearest file declares that requires a Keras; `None` if there is none.

        A notebook that installs a certain release declares that itself. The search goes up from
        the file or directory, and ends with a repository.
        """
        if path.endswith(".ipynb"):
            if path not in self._notebooks:
                self._notebooks[path] = _of_notebook(path)
            own = self._notebooks[path]
            if own is not None:
                return own
        start = os.path.abspath(path)
        return self._nearest(start if os.path.isdir(start) else os.path.dirname(start))

    def project(self, file: str) -> str | None:
        """Return the directory of the project that a file belongs to, `None` if nothing tells."""
        return self._project(os.path.dirname(os.path.abspath(file)))

    def _nearest(self, directory: str) -> Declaration | None:
        if directory not in self._above:
            found, above = self._in(Path(directory)), os.path.dirname(directory)
            is_last = above == directory or os.path.exists(os.path.join(directory, ".git"))
            self._above[directory] = found if found or is_last else self._nearest(above)
        return self._above[directory]

    def _project(self, directory: str) -> str | None:
        if directory not in self._projects:
            above = os.path.dirname(directory)
            if any(os.path.exists(os.path.join(directory, marker)) for marker in _MARKERS):
                self._projects[directory] = directory
            else:
                self._projects[directory] = None if above == directory else self._project(above)
        return self._projects[directory]

    def _in(self, directory: Path) -> Declaration | None:
        """Return what the files of one directory declare.

        The first kind of file that names a Keras counts. Where it does not say which release, the
        next one that does.
        """
        found: dict[str, Requirement] = {}
        contradicting: list[Requirement] = []
        for patterns in _KINDS:
            files = {file for pattern in patterns for file in directory.glob(pattern)}
            rows: dict[str, Requirement] = {}
            for file in sorted(files, key=lambda f: (len(f.parts), len(f.name), f.name)):
                self._add(rows, file)
            if not found:
                found = rows
            for package, row in rows.items():
                if package in found and not found[package].specifier:
                    found[package] = row
                elif package in found and _contradict(found[package], row):
                    contradicting.append(row)
        return Declaration(tuple(found.values()), tuple(contradicting)) if found else None

    def _add(self, rows: dict[str, Requirement], file: Path) -> None:
        try:
            text = read_bytes(str(file)).decode("utf-8", "replace")
            if file.suffix == ".toml" or file.name == "Pipfile":
                text = _declaring(file.name, text)
        except (UnreadableError, ValueError) as error:
            self.unread[str(file)] = str(error)
            return
        for package, specifier in requirements(text):
            if package not in rows or not rows[package].specifier:
                rows[package] = Requirement(package, specifier, str(file))


def _contradict(one: Requirement, other: Requirement) -> bool:
    """Return whether no release of a package satisfies two requirements of it."""
    flavour = flavour_of(one.package)
    both = set(fitting(flavour, one.specifier)).intersection(fitting(flavour, other.specifier))
    return not both


def _of_notebook(path: str) -> Declaration | None:
    """Return what a notebook installs, if it says which release; the last time counts."""
    try:
        data = read_bytes(path)
        if not any(word in data for word in _INSTALLS):
            return None
        cells = code_cells(lambda: json.loads(data))
    except (UnreadableError, BrokenNotebookError):
        return None
    rows = {
        package: Requirement(package, specifier, path)
        for cell in cells
        for line in installing_lines(cell.code)
        for package, specifier in requirements(line)
        if specifier
    }
    return Declaration(tuple(rows.values())) if rows else None


def _declaring(name: str, text: str) -> str:
    """Return what a file of TOML requires, a requirement on each line.

    A linter's settings name packages, too. Raise `ValueError` if it is no TOML, and may require
    something that provides a Keras.
    """
    if not _MENTIONED.search(text):
        return ""
    required = required_in_pipfile if name == "Pipfile" else required_in_pyproject
    return "\n".join(required(text.removeprefix("\ufeff"), _provides))


def _provides(requirement: str) -> bool:
    name = _NAME.match(requirement)
    return name is not None and canonical(name[0]) in PROVIDERS


def requirements(text: str) -> Iterator[tuple[str, str]]:
    """Yield the packages and version specifiers that a dependency file asks for."""
    text = re.sub(r"(?:^|\s)#.*$", "", text, flags=re.MULTILINE)
    for match in _REQUIREMENT.finditer(text):
        yield PROVIDERS[canonical(match["name"])], written_out(match["specifier"].strip(" ,"))
