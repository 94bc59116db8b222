"""Dependency files moved with the code: what the old flavour required becomes what the new one does.

What a release goes with is known from the atlas: which Keras each TensorFlow brings. The ranges
admit the releases of one minor version, as those of the template do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from keras_imports import atlas
from keras_imports.atlas import version_key
from keras_imports.codemod.aim import Aim, generation
from keras_imports.codemod.declarations import Entry, Unread, normal, reader, rest
from keras_imports.codemod.edits import Left, Text
from keras_imports.codemod.outcome import Outcome
from keras_imports.declared import satisfies

LOCKS = {"poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock"}
SUFFIXES = (".toml", ".cfg", ".txt", ".in", ".yml", ".yaml", "Pipfile", "setup.py")

_KERAS = {"keras": "keras", "tf_keras": "tf-keras"}
_FLAVOURS = {"tensorflow": "tensorflow.keras"}
_BACKENDS = re.compile(r"^[\s\"'\-]*(?:jax|torch)\b", re.MULTILINE)
_CLAUSE = re.compile(r"(===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*([\w.*]+)")
_COMPILED = re.compile(r"^#.*(?:pip-compile|uv pip compile|pip freeze)", re.MULTILINE)
_TENSORFLOW = re.compile(r"\b(?:import|from)[ \t]+(?:[\w., ]*,[ \t]*)?tensorflow")


@dataclass(frozen=True)
class Code:
    """What the code of a tree needs after its move: TensorFlow itself, some Keras."""

    tensorflow: bool = True
    keras: bool = True


def needs(outcome: Outcome) -> Code:
    """What one moved file needs; all, where it could not be read."""
    unknown = outcome.problem is not None
    return Code(
        unknown or _TENSORFLOW.search(outcome.text) is not None, unknown or "keras" in outcome.text
    )


@dataclass(frozen=True)
class Wanted:
    """The releases of a module that will do, and a range of them for where none was declared."""

    module: str
    releases: tuple[str, ...]
    newest: str

    def fits(self, specifier: str) -> bool:
        """Whether all that a specifier admits will do, and what the code is moved to is admitted."""
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


def planned(entries: Sequence[Entry], goal: Goal, others: bool) -> list[list[tuple[str, str]]]:
    """For each entry the names and specifiers that take its place.

    `others` tells that another backend than TensorFlow is declared beside them.
    """
    kerases = [e for e in entries if e.module != "tensorflow"]
    tensorflows = [e for e in entries if e.module == "tensorflow"]
    is_needed = not (
        others and not goal.code.tensorflow and goal.aim.generation == "keras3" and goal.keras
    )
    result = []
    added: set[str] = set()  # the groups that have the new Keras
    has_main = any(not e.optional for e in entries)
    for entry in entries:
        if entry.module != "tensorflow":
            result.append(_keras(entry, kerases, bool(tensorflows), goal, added))
            continue
        new = [_tensorflow(entry, goal)] if is_needed else []
        is_place = not (has_main and entry.optional) and entry.group not in added
        if goal.keras and not kerases and goal.code.keras and is_place:
            added.add(entry.group)
            new.insert(0, (_KERAS[goal.keras.module], goal.keras.range))
        result.append(new)
    return result


def _keras(
    entry: Entry, kerases: list[Entry], has_tensorflow: bool, goal: Goal, added: set[str]
) -> list[tuple[str, str]]:
    """What takes the place of a Keras."""
    same = (entry.name + entry.extras, entry.specifier)
    if goal.keras is None:
        if entry.module == "keras" and goal.brought and goal.brought.fits(entry.specifier):
            return [same]
        if has_tensorflow or entry.group in added or goal.tensorflow is None:
            return []
        added.add(entry.group)
        return [("tensorflow", goal.tensorflow.range)]
    if entry.module == goal.keras.module:
        return [same if goal.keras.fits(entry.specifier) else (same[0], goal.keras.range)]
    is_there = any(e.module == goal.keras.module and e.group == entry.group for e in kerases)
    if is_there or entry.group in added:
        return []
    added.add(entry.group)
    return [(_KERAS[goal.keras.module], goal.keras.range)]


def _tensorflow(entry: Entry, goal: Goal) -> tuple[str, str]:
    """What takes the place of a TensorFlow that stays."""
    name, wanted = entry.name + entry.extras, goal.tensorflow
    if wanted is None or not entry.specifier.strip("*") or wanted.fits(entry.specifier):
        is_kept = wanted is None or normal(entry.name) in ("tensorflow", "tensorflow-cpu")
        if is_kept and not (goal.aim.flavour == "tf_keras" and entry.name.endswith("-cpu")):
            return name, entry.specifier
    assert wanted is not None
    release = version_key(wanted.releases[0])[:2]
    if normal(entry.name) == "tensorflow-gpu" and release >= (2, 12) and entry.takes_extras:
        # Since 2.12 there is no distribution of that name; since 2.14 this extra brings CUDA.
        name = "tensorflow[and-cuda]" if release >= (2, 14) else "tensorflow"
    elif normal(entry.name) == "tensorflow-macos" and release >= (2, 13):
        name = "tensorflow"
    elif normal(entry.name) == "tensorflow-cpu" and goal.aim.flavour == "tf_keras":
        name = "tensorflow"  # tf-keras requires it, and both are the same files
    specifier = entry.specifier
    if specifier.strip("*") and not wanted.fits(specifier):
        specifier = wanted.raised(specifier)
    return name, specifier
