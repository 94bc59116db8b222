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
from keras_imports.atlas import version_key
from keras_imports.codemod.aim import Aim, generation
from keras_imports.codemod.declarations import (
    Entry,
    Unread,
    normal,
    read_requirements,
    reader,
    rest,
)
from keras_imports.codemod.edits import Edit, Left, Text, apply
from keras_imports.codemod.files import write_atomically
from keras_imports.codemod.outcome import Code, Outcome
from keras_imports.declared import satisfies
from keras_imports.sources import decoding_reason, reason

LOCKS = {"poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock"}
SUFFIXES = (".toml", ".cfg", ".txt", ".in", ".yml", ".yaml", "Pipfile", "setup.py")

_KERAS = {"keras": "keras", "tf_keras": "tf-keras"}
_FLAVOURS = {"tensorflow": "tensorflow.keras"}
_BACKENDS = re.compile(r"(?:^|[\s\"',\[-])(?:jax|torch)(?=[\s\"',<>=~!\[;]|$)", re.MULTILINE)
_CLAUSE = re.compile(r"(===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*([\w.*]+)")
_COMPILED = re.compile(r"^#.*(?:pip-compile|uv pip compile|pip freeze)", re.MULTILINE)
_TENSORFLOW = re.compile(r"\b(?:import|from)[ \t]+(?:[\w., ]*,[ \t]*)?tensorflow")


def needs(outcome: Outcome) -> Code:
    """What one moved file needs; all, where it could not be read."""
    unknown = outcome.problem is not None
    return Code(
        unknown or _TENSORFLOW.search(outcome.text) is not None, unknown or "keras" in outcome.text
    )


def total(needs: Iterable[Code]) -> Code:
    """What a tree needs; all, where no code is known."""
    known = list(needs) or [Code()]
    return Code(any(code.tensorflow for code in known), any(code.keras for code in known))


def is_data(path: str) -> bool:
    """Whether a path is that of a dependency file that is no program."""
    return reader(path) is not None and not path.endswith(".py")


@dataclass(frozen=True)
class Wanted:
    """The releases of a module that will do, and a range of them for where none was declared."""

    module: str
    releases: tuple[str, ...]
    newest: str

    def fits(self, specifier: str) -> bool:
        """Whether a specifier admits the newest of them, and none but them."""
        found = [r for r in _releases(self.module) if satisfies(r, _plain(specifier))]
        return self.newest in found and set(found) <= set(self.releases)

    @property
    def range(self) -> str:
        """The newest release and the later patches of it."""
        major, minor = version_key(self.newest)[:2]
        return f">={self.newest.removesuffix('.0')},<{major}.{minor + 1}"

    def raised(self, specifier: str) -> str:
        """A specifier whose bounds are moved as far as they have to."""
        major, minor = version_key(self.releases[0])[:2]
        kept = [
            f"{operator}{version}"
            for operator, version in _CLAUSE.findall(specifier)
            if operator in ("<", "<=", "!=") and satisfies(self.newest, operator + version)
        ]
        new = ",".join([f">={major}.{minor}", *kept])
        return new if self.fits(new) else self.range


def _releases(module: str) -> tuple[str, ...]:
    return atlas.releases(_FLAVOURS.get(module, module))


def _plain(specifier: str) -> str:
    """A specifier without Poetry's own operators: `^2.4` is `>=2.4,<3`."""

    def written_out(clause: re.Match[str]) -> str:
        operator, version = clause[1], clause[2]
        if operator not in ("^", "~"):
            return clause[0]
        major, *others = version.split(".")
        if operator == "^" or not others:
            return f">={version},<{int(major) + 1}"
        return f">={version},<{major}.{int(others[0]) + 1}"

    return _CLAUSE.sub(written_out, specifier)


@dataclass(frozen=True)
class Goal:
    """What dependency files are to declare. `pinned` tells that a release was asked for."""

    aim: Aim
    pinned: bool
    code: Code

    @cached_property
    def keras(self) -> Wanted | None:
        """The Keras to require; `None` where TensorFlow brings it."""
        module = self.aim.flavour
        return self._wanted(module) if module in _KERAS else None

    @cached_property
    def brought(self) -> Wanted | None:
        """What else a requirement of `keras` may say where TensorFlow brings it."""
        keras = self.aim.env.keras
        if self.aim.flavour != "tensorflow.keras" or keras not in _releases("keras"):
            return None
        same = [r for r in _releases("keras") if generation("keras", r) == "keras3"]
        return Wanted("keras", tuple(same) if self._is_open else (keras,), keras)

    @cached_property
    def tensorflow(self) -> Wanted | None:
        """The TensorFlow that goes with it; `None` where nothing is known of that."""
        if self.aim.flavour == "tensorflow.keras":
            return self._wanted("tensorflow")
        known = _releases("tensorflow")
        if self.aim.flavour == "tf_keras":
            fitting = [r for r in known if version_key(r)[:2] == version_key(self.aim.release)[:2]]
        elif self.aim.generation == "keras3":
            fitting = [r for r in known if generation("tensorflow.keras", r) == "keras3"]
        else:
            fitting = [r for r in known if self.aim.release == _brings(r)]
        return Wanted("tensorflow", tuple(fitting), fitting[-1]) if fitting else None

    @property
    def runs_on_any(self) -> bool:
        """Whether the Keras to require has a choice of backends."""
        return self.keras is not None and self.aim.generation == "keras3"

    @property
    def _is_open(self) -> bool:
        """Whether all releases of Keras 3 will do."""
        return not self.pinned and self.aim.generation == "keras3"

    def _wanted(self, module: str) -> Wanted:
        newest = self.aim.release
        flavour = self.aim.flavour
        same = [
            r
            for r in _releases(module)
            if (
                generation(flavour, r) == self.aim.generation
                if not self.pinned
                else version_key(r)[:2] == version_key(newest)[:2]
            )
        ]
        return Wanted(module, tuple(same), newest)


def _brings(release: str) -> str | None:
    """The release of `keras` that one of TensorFlow brings."""
    return atlas.flavour_environment("tensorflow.keras", release).keras


@dataclass(frozen=True)
class Around:
    """What is declared together: in a file, or in all requirement files of a directory."""

    keras: bool
    tensorflow: bool
    always_tensorflow: bool  # and not as an extra alone
    others: bool  # another backend


New = tuple[str, str]  # a name with extras, and a specifier


def planned(entries: Sequence[Entry], goal: Goal, around: Around) -> list[list[New] | None]:
    """For each entry of a file what takes its place; `None` where a person has to say it."""
    result: list[list[New] | None] = []
    placed: set[str] = set()  # the lists that have got the new Keras
    has_main = any(not entry.optional for entry in entries if entry.module == "tensorflow")
    for entry in entries:
        if entry.module != "tensorflow":
            new = _instead_of_keras(entry, entries, goal, around, placed)
            if new and entry.group not in placed:
                placed.add(entry.group)
        elif around.others and goal.runs_on_any and not goal.code.tensorflow:
            new = []
        else:
            moved = _tensorflow(entry, goal)
            new = None if moved is None else [moved]
        if entry.module == "tensorflow" and new is not None and goal.keras and goal.code.keras:
            is_place = entry.group not in placed and not (has_main and entry.optional)
            if is_place and not around.keras:
                placed.add(entry.group)
                new.insert(0, (_KERAS[goal.keras.module], goal.keras.range))
        result.append(new)
    return result


def _instead_of_keras(
    entry: Entry, entries: Sequence[Entry], goal: Goal, around: Around, placed: set[str]
) -> list[New]:
    """What takes the place of a Keras."""
    same = (entry.name + entry.extras, entry.specifier)
    wanted = goal.keras
    if wanted is None:
        if entry.module == "keras" and goal.brought and goal.brought.fits(entry.specifier):
            return [same]
        is_there = around.always_tensorflow or entry.group in placed
        return (
            [] if is_there or goal.tensorflow is None else [("tensorflow", goal.tensorflow.range)]
        )
    if entry.module == wanted.module:
        new = same if wanted.fits(entry.specifier) else (same[0], wanted.range)
    elif entry.group in placed or any(
        e.module == wanted.module and e.group == entry.group for e in entries
    ):
        return []
    else:
        new = (_KERAS[wanted.module], wanted.range)
    if around.tensorflow or around.others or not goal.runs_on_any or goal.tensorflow is None:
        return [new]
    # Keras 2 brought its TensorFlow; Keras 3 leaves the choice.
    return [new] if entry.group in placed else [new, ("tensorflow", goal.tensorflow.range)]


def _tensorflow(entry: Entry, goal: Goal) -> New | None:
    """What takes the place of a TensorFlow that stays."""
    wanted, specifier = goal.tensorflow, entry.specifier
    if wanted is None:
        return entry.name + entry.extras, specifier
    if specifier.strip("*") and not wanted.fits(specifier):
        specifier = wanted.raised(specifier)
    release, name = version_key(wanted.releases[0])[:2], normal(entry.name)
    if name == "tensorflow-gpu" and release >= (2, 14):  # the last one is 2.12, which is empty
        return ("tensorflow[and-cuda]", specifier) if entry.takes_extras else None
    is_old = name == "tensorflow-gpu" and release >= (2, 12)
    is_apple = name == "tensorflow-macos" and release >= (2, 13)  # tensorflow itself brings it
    # tf-keras requires tensorflow, and tensorflow-cpu is the same files again.
    is_twice = name == "tensorflow-cpu" and goal.aim.flavour == "tf_keras"
    if is_old or is_apple or is_twice:
        return "tensorflow" + entry.extras, specifier
    return entry.name + entry.extras, specifier


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
    found = list(how(text)) if how else []
    entries = tuple(entry for entry in found if isinstance(entry, Entry))
    return File(path, text, entries, tuple(one for one in found if isinstance(one, Unread)))


def _around(files: Iterable[File]) -> Around:
    entries = [entry for file in files for entry in file.entries]
    optional = [entry.optional for entry in entries if entry.module == "tensorflow"]
    others = any(_BACKENDS.search(file.text) for file in files)
    return Around(len(optional) < len(entries), bool(optional), False in optional, others)


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
                left = Left(1, 1, "", "it locks what was required before", f"run `{command}`")
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
        return Outcome("", problem=file.problem)
    plans = list(zip(file.entries, planned(file.entries, goal, around), strict=True))
    text, left, edits = Text(file.text), [], []
    unedited = _unedited(file)
    for entry, new in plans:
        if new == [(entry.name + entry.extras, entry.specifier)]:
            continue
        if new is None:
            message = f"`{entry.name}` ends before the release that {goal.aim} needs"
            left.append(_left(text, entry, message, "require `tensorflow`, and its CUDA"))
        elif unedited:
            wanted = " and ".join(f"`{name}{specifier}`" for name, specifier in new)
            advice = f"require {wanted}" if wanted else "remove it"
            left.append(_left(text, entry, unedited, advice))
        else:
            edits += _edits(entry, new)
    for one in file.unread:
        line, column = text.place(one.start)
        message = f"`{one.text.strip()}` is of a form that is not edited"
        left.append(Left(line, column, one.text, message, f"see that it fits {goal.aim}"))
    left.sort(key=lambda place: (place.line, place.column))
    result = apply(file.text, edits, lambda symbol: symbol.path)
    return Outcome(result, result != file.text, tuple(left))


def _unedited(file: File) -> str:
    """Why a file is only looked at."""
    if os.path.basename(file.path) == "setup.py":
        return "a program declares it, which is not edited"
    if _COMPILED.search(file.text[:2000]):
        return "a tool wrote this file"
    return ""


def _left(text: Text, entry: Entry, message: str, advice: str) -> Left:
    line, column = text.place(entry.names[0])
    return Left(line, column, f"{entry.name}{entry.extras}{entry.specifier}", message, advice)


def _edits(entry: Entry, new: list[New]) -> Iterator[Edit]:
    """What writes requirements in the place of one: the last there, the others before it."""
    if not new:
        yield Edit(*entry.removed, ())
        return
    before, between, after = entry.added
    for name, specifier in new[:-1]:
        yield Edit(entry.start, entry.start, (f"{before}{name}{between}{specifier}{after}",))
    name, specifier = new[-1]
    if name != entry.name + entry.extras:
        yield Edit(*entry.names, (name,))
    if specifier != entry.specifier:
        yield Edit(*entry.specifiers, (specifier,))
