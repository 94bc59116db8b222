"""Dependency files, moved with the code to what the new flavour requires.

What a release goes with is known from the atlas: which Keras each TensorFlow brings. The ranges
admit the releases of one minor version, as those of the template do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from keras_imports import atlas
from keras_imports.flavours import FLAVOURS, canonical, flavour_of, generation
from keras_imports.knowledge.target import Target
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.migrate.files.declarations import (
    BACKENDS,
    Entry,
    Unread,
    read_requirements,
    reader,
    rest,
)
from keras_imports.migrate.outcome import Needs, Outcome
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Span, Text, apply
from keras_imports.python.files import reason
from keras_imports.python.syntax import decoding_reason
from keras_imports.versions import minor_of, satisfies

LOCKS = {"poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock"}
SUFFIXES = (".toml", ".cfg", ".txt", ".in", ".yml", ".yaml", "Pipfile", "setup.py")

_LAST = {  # since when tensorflow itself does what another distribution did
    "tensorflow-gpu": (2, 12),
    "tensorflow-macos": (2, 13),
}
_CUDA = (2, 14)  # since when it has the extra and-cuda
_CLAUSE = re.compile(r"(===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*([\w.*]+)")
_COMPILED = re.compile(r"^#.*(?:pip-compile|uv pip compile|pip freeze)", re.MULTILINE)
_TENSORFLOW = re.compile(r"\b(?:import|from)[ \t]+(?:[\w., ]*,[ \t]*)?tensorflow")


def needs(outcome: Outcome) -> Needs:
    """What one moved file needs; all, where it could not be read."""
    unknown = outcome.problem is not None
    return Needs(
        unknown or _TENSORFLOW.search(outcome.text) is not None, unknown or "keras" in outcome.text
    )


def total(needs: Iterable[Needs]) -> Needs:
    """What a tree needs; all, where no code is known."""
    known = list(needs) or [Needs()]
    return Needs(any(code.tensorflow for code in known), any(code.keras for code in known))


def is_data(path: str) -> bool:
    """Whether a path is that of a dependency file that is no program."""
    return reader(path) is not None and not path.endswith(".py")


@dataclass(frozen=True)
class Wanted:
    """The releases of a module that will do, oldest first.

    `newest` is the one for which the code is; where it is `needed`, a requirement has to admit it.
    """

    module: str
    releases: tuple[str, ...]
    newest: str
    needed: bool

    def fits(self, specifier: str) -> bool:
        """Whether a specifier admits what will do, and nothing else."""
        specifier = _written_out(specifier)
        named = [version.removesuffix(".*") for _, version in _CLAUSE.findall(specifier)]
        known = _releases(self.module)
        found = {minor_of(v) for v in (*known, *named) if satisfies(v, specifier)}
        fine = {minor_of(release) for release in self.releases}
        if self.releases[-1] == known[-1]:
            fine |= {minor for minor in found if minor > max(fine)}
        return bool(found) and found <= fine and (not self.needed or minor_of(self.newest) in found)

    @property
    def range(self) -> str:
        """The newest release and the later patches of it."""
        major, minor = minor_of(self.newest)
        return f">={self.newest.removesuffix('.0')},<{major}.{minor + 1}"

    def raised(self, specifier: str) -> str:
        """A specifier whose bounds are moved as far as they have to."""
        major, minor = minor_of(self.releases[0])
        clauses = [(op, op + version) for op, version in _CLAUSE.findall(specifier)]
        kept = [
            clause
            for operator, clause in clauses
            if operator in ("<", "<=", "!=") and any(satisfies(r, clause) for r in self.releases)
        ]
        new = ",".join([f">={major}.{minor}", *kept])
        return new if self.fits(new) else self.range


def _releases(module: str) -> tuple[str, ...]:
    return atlas.releases(flavour_of(module))


def _written_out(specifier: str) -> str:
    """A specifier without Poetry's own operators: `^2.4` is `>=2.4,<3`."""

    def bounds(clause: re.Match[str]) -> str:
        operator, version = clause[1], clause[2]
        if operator not in ("^", "~"):
            return clause[0]
        major, minor = minor_of(version)
        later = f"{major}.{minor + 1}" if operator == "~" and "." in version else major + 1
        return f">={version},<{later}"

    return _CLAUSE.sub(bounds, specifier)


@dataclass(frozen=True)
class Goal:
    """What dependency files are to declare. `pinned` tells that a release was asked for."""

    target: Target
    pinned: bool
    code: Needs

    @cached_property
    def keras(self) -> Wanted | None:
        """The Keras to require; `None` where TensorFlow brings it."""
        package = FLAVOURS[self.target.flavour].package
        if package == "tensorflow":
            return None
        return self._wanted(package, self.target.release, needed=True)

    @cached_property
    def brought(self) -> Wanted | None:
        """What else a requirement of `keras` may say where TensorFlow brings it."""
        release = self.target.env.keras
        if self.keras is not None or release not in _releases("keras"):
            return None
        return self._wanted("keras", release, needed=True)

    @cached_property
    def tensorflow(self) -> Wanted | None:
        """The TensorFlow that goes with it; `None` where nothing is known of that."""
        known = _releases("tensorflow")
        if self.target.flavour == "tensorflow.keras":
            return self._wanted("tensorflow", self.target.release)
        if self.target.flavour == "tf_keras":
            fitting = [r for r in known if minor_of(r) == minor_of(self.target.release)]
        elif self.target.generation == "keras3":
            fitting = [r for r in known if generation("tensorflow.keras", r) == "keras3"]
        else:
            fitting = [r for r in known if r == self.target.env.tensorflow or self.is_brought_by(r)]
        return Wanted("tensorflow", tuple(fitting), fitting[-1], needed=False) if fitting else None

    def is_brought_by(self, release: str) -> bool:
        """Whether a release of TensorFlow brings just this Keras."""
        return atlas.flavour_environment("tensorflow.keras", release).keras == self.target.release

    @property
    def has_choice(self) -> bool:
        """Whether the Keras to require runs on other backends, too."""
        return self.keras is not None and self.target.generation == "keras3"

    def _wanted(self, module: str, release: str, needed: bool = False) -> Wanted:
        """A release, and others for which the same code is, where none was asked for."""
        flavour = flavour_of(module)
        same = [
            known
            for known in _releases(module)
            if minor_of(known) == minor_of(release)
            or (not self.pinned and generation(flavour, known) == generation(flavour, release))
        ]
        return Wanted(module, tuple(same), release, needed)


@dataclass(frozen=True)
class Around:
    """What is declared together: in a file, or in all requirement files of a directory."""

    keras: bool
    tensorflow: bool  # and not as an extra alone
    backend: bool  # whichever it is


New = tuple[str, str]  # a name with extras, and a specifier


def planned(entries: Sequence[Entry], goal: Goal, around: Around) -> list[list[New] | None]:
    """For each entry of a file what takes its place; `None` where a person has to say it."""
    result: list[list[New] | None] = []
    there: set[str] = set()  # the lists that have got a Keras
    others = {entry.group for entry in entries if entry.module in BACKENDS}
    for entry in entries:
        if not goal.code.keras or entry.module in BACKENDS:
            result.append([_same(entry)])
        elif entry.module == "tensorflow":
            is_spare = goal.has_choice and not goal.code.tensorflow and entry.group in others
            new = [] if is_spare else _instead_of_tensorflow(entry, goal)
            is_place = not (entry.group in there or (around.tensorflow and entry.optional))
            if goal.keras and is_place and not around.keras and new is not None:
                there.add(entry.group)
                new = [(canonical(goal.keras.module), goal.keras.range), *new]
            result.append(new)
        else:
            result.append(_instead_of_keras(entry, goal, around, entry.group in there))
            there.add(entry.group)
    return result


def _same(entry: Entry) -> New:
    return entry.name + entry.extras, entry.specifier


def _instead_of_keras(entry: Entry, goal: Goal, around: Around, is_second: bool) -> list[New]:
    """What takes the place of a Keras; of a second one in a list only if it is the same one."""
    wanted, tensorflow = goal.keras or goal.brought, goal.tensorflow
    is_it = wanted is not None and entry.module == wanted.module
    if is_it and wanted is not None and wanted.fits(entry.specifier):
        new = [_same(entry)]
    elif goal.keras is None:  # TensorFlow brings it
        if around.tensorflow or is_second or tensorflow is None:
            return []
        return [("tensorflow", tensorflow.range)]
    elif is_it:
        new = [(entry.name + entry.extras, goal.keras.range)]
    elif is_second:
        return []
    else:
        new = [(canonical(goal.keras.module), goal.keras.range)]
    if goal.has_choice and tensorflow is not None and not (around.backend or is_second):
        new.append(("tensorflow", tensorflow.range))  # Keras 2.4 brought it, Keras 3 does not
    return new


def _instead_of_tensorflow(entry: Entry, goal: Goal) -> list[New] | None:
    """What takes the place of a TensorFlow that stays."""
    wanted, specifier = goal.tensorflow, entry.specifier
    if wanted is None:
        return [_same(entry)]
    if specifier.strip("*") and not wanted.fits(specifier):
        specifier = wanted.raised(specifier)
    oldest, name = minor_of(wanted.releases[0]), canonical(entry.name)
    if name == "tensorflow-gpu" and oldest >= _CUDA:
        return [("tensorflow[and-cuda]", specifier)] if entry.takes_extras else None
    is_old = name in _LAST and oldest >= _LAST[name]
    # tf-keras requires tensorflow, and tensorflow-cpu is the same files again.
    is_twice = name == "tensorflow-cpu" and goal.target.flavour == "tf_keras"
    return [("tensorflow" if is_old or is_twice else _same(entry)[0], specifier)]


@dataclass(frozen=True)
class File:
    """A dependency file, read."""

    path: str
    text: str
    entries: tuple[Entry, ...] = ()
    unread: tuple[Unread, ...] = ()
    problem: str | None = None


def read(path: str) -> File:
    """Read a dependency file; its line ends are kept."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        is_decoding = isinstance(error, UnicodeDecodeError)
        why = decoding_reason(error) if is_decoding else reason(error)  # type: ignore[arg-type]
        return File(path, "", problem=why)
    return _read(path, text)


def _read(path: str, text: str) -> File:
    how = reader(path)
    try:
        found = list(how(text)) if how else []
    except ValueError as error:
        return File(path, text, problem=str(error))
    entries = tuple(entry for entry in found if isinstance(entry, Entry))
    return File(path, text, entries, tuple(one for one in found if isinstance(one, Unread)))


def _around(files: Iterable[File]) -> Around:
    found = [one for file in files for one in (*file.entries, *file.unread)]
    modules = {one.module for one in found}
    always = any(e.module == "tensorflow" and not e.optional for f in files for e in f.entries)
    return Around(
        keras=bool(modules - {"tensorflow", *BACKENDS}),
        tensorflow=always,
        backend=not modules.isdisjoint({"tensorflow", *BACKENDS}),
    )


def migrate_dependencies(
    paths: Iterable[str], goal: Goal, write: bool
) -> Iterator[tuple[str, str, Outcome]]:
    """The dependency files moved, each with its old text; what is no such file is passed over.

    Requirement files of one directory are read together: one may declare what another leaves out.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        if reader(path) is not None:
            folder, name = os.path.split(path)
            together = "" if reader(path) is read_requirements else name
            groups.setdefault((folder, together), []).append(path)
    changed: dict[str, None] = {}
    for (folder, _), names in groups.items():
        for file, outcome in _together([read(path) for path in names], goal):
            if outcome.changed and write:
                outcome = _written(file.path, outcome)
            if outcome.changed:
                changed[folder] = None
            if file.entries or file.unread or file.problem:
                yield file.path, file.text, outcome
    for folder in changed:
        for lock, command in LOCKS.items():
            path = os.path.join(folder, lock)
            if os.path.exists(path):
                left = Unfixed(1, 1, "", "it locks what was required before", f"run `{command}`")
                yield path, "", Outcome("", left=(left,))


def _together(files: list[File], goal: Goal) -> Iterator[tuple[File, Outcome]]:
    """What becomes of files that are read together; each is right as a whole, or stays."""
    around = _around(files)
    outcomes = [_moved(file, goal, around) for file in files]
    again = [_read(file.path, out.text) for file, out in zip(files, outcomes, strict=True)]
    around = _around(again)
    is_stable = not any(_moved(file, goal, around).changed for file in again)
    for file, outcome in zip(files, outcomes, strict=True):
        if outcome.changed and not (is_stable and _only_requirements_differ(file, outcome)):
            problem = "its requirements could not be changed alone"
            outcome = Outcome(file.text, left=outcome.left, problem=problem)
        yield file, outcome


def _only_requirements_differ(file: File, outcome: Outcome) -> bool:
    try:
        return rest(file.path, file.text) == rest(file.path, outcome.text)
    except ValueError:
        return False


def _written(path: str, outcome: Outcome) -> Outcome:
    try:
        write_atomically(path, outcome.text.encode())
    except OSError as error:
        problem = f"cannot be written: {reason(error)}"
        return replace(outcome, changed=False, problem=problem)
    return outcome


def _moved(file: File, goal: Goal, around: Around) -> Outcome:
    """A file with new requirements, and what a person has to write."""
    if file.problem:
        return Outcome(file.text, problem=file.problem)
    plans = list(zip(file.entries, planned(file.entries, goal, around), strict=True))
    text, left, edits = Text(file.text), [], []
    unedited = _unedited(file)
    for entry, new in plans:
        if new == [_same(entry)]:
            continue
        if new is None:
            message = f"`{entry.name}` ends before the release that {goal.target} needs"
            left.append(_left(text, entry, message, "require `tensorflow`, and its CUDA"))
        elif unedited:
            wanted = " and ".join(f"`{name}{specifier}`" for name, specifier in new)
            advice = f"require {wanted}" if wanted else "remove it"
            left.append(_left(text, entry, unedited, advice))
        else:
            edits += _edits(entry, new)
    for one in file.unread:
        if one.module in BACKENDS:
            continue
        line, column = text.place(one.start)
        message = f"`{one.text.strip()}` is of a form that is not edited"
        left.append(Unfixed(line, column, one.text, message, f"see that it fits {goal.target}"))
    left.sort(key=lambda place: (place.line, place.column))
    result = apply(file.text, edits)
    return Outcome(result, result != file.text, tuple(left))


def _unedited(file: File) -> str:
    """Why a file is only looked at."""
    if os.path.basename(file.path) == "setup.py":
        return "a program declares it, which is not edited"
    if _COMPILED.search(file.text[:2000]):
        return "a tool wrote this file"
    return ""


def _left(text: Text, entry: Entry, message: str, advice: str) -> Unfixed:
    line, column = text.place(entry.names[0])
    return Unfixed(line, column, f"{entry.name}{entry.extras}{entry.specifier}", message, advice)


def _edits(entry: Entry, new: list[New]) -> Iterator[Edit]:
    """What writes requirements in the place of one: the last there, the others before it."""
    if not new:
        yield Edit(*entry.removed, ())
        return
    before, between, after = entry.added
    others = [f"{before}{name}{between}{specifier}{after}" for name, specifier in new[:-1]]
    name, specifier = new[-1]
    start, end = entry.names
    yield Edit(entry.start, end, (*others, Span(entry.start, start), name))
    yield Edit(*entry.specifiers, (specifier,))
