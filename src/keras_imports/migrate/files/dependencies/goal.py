"""What dependency files have to require: of which packages, in which releases.

What a release goes with is known from the atlas: which Keras each TensorFlow brings. The ranges
admit the releases of one minor version, as those of the template do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from keras_imports import atlas
from keras_imports.engine.outcome import Needs, Outcome
from keras_imports.flavours import FLAVOURS, flavour_of, generation
from keras_imports.knowledge.target import Target
from keras_imports.versions import minor_of, satisfies, written_out

_CLAUSE = re.compile(r"(===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*([\w.*]+)")
_IMPORT = re.compile(r"\b(?:import|from)[ \t]")


def needs_of(outcome: Outcome) -> Needs:
    """Return what one migrated file needs; all, where it could not be read."""
    unknown = outcome.problem is not None
    code = (line.partition("#")[0] for line in outcome.text.splitlines())
    lines = (line for line in code if "tensorflow" in line)
    imports = any(_IMPORT.search(line, 0, line.rindex("tensorflow")) for line in lines)
    return Needs(unknown or imports, unknown or "keras" in outcome.text)


def total(needs: Iterable[Needs]) -> Needs:
    """Return what all files need; all, where no code is known."""
    known = list(needs) or [Needs()]
    return Needs(any(code.tensorflow for code in known), any(code.keras for code in known))


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
        """Return whether a specifier admits what will do, and nothing else."""
        specifier = written_out(specifier)
        named = [version.removesuffix(".*") for _, version in _CLAUSE.findall(specifier)]
        known = _releases(self.module)
        admitted = {minor_of(v) for v in (*known, *named) if satisfies(v, specifier)}
        fine = {minor_of(release) for release in self.releases}
        if self.releases[-1] == known[-1]:
            fine |= {minor for minor in admitted if minor > max(fine)}
        if self.needed and minor_of(self.newest) not in admitted:
            return False
        return bool(admitted) and admitted <= fine

    @property
    def range(self) -> str:
        """The newest release and the later patches of it."""
        major, minor = minor_of(self.newest)
        return f">={self.newest.removesuffix('.0')},<{major}.{minor + 1}"

    def raised(self, specifier: str) -> str:
        """Return a specifier whose bounds are moved as far as they have to."""
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


@dataclass(frozen=True)
class Goal:
    """What dependency files are to declare for code that needs this."""

    target: Target
    is_pinned: bool  # its release was asked for, not only its flavour
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

    def admits(self, module: str, specifier: str) -> bool:
        """Return whether what is required of a module fits already, where it is required at all."""
        keras = self.keras or self.brought
        if module == "tensorflow":
            fine = self.tensorflow
            return fine is not None and (not specifier or fine.fits(specifier))
        return keras is not None and module == keras.module and keras.fits(specifier)

    def is_brought_by(self, release: str) -> bool:
        """Return whether a release of TensorFlow brings just this Keras."""
        return atlas.flavour_environment("tensorflow.keras", release).keras == self.target.release

    @property
    def has_choice(self) -> bool:
        """Whether the Keras to require runs on other backends, too."""
        return self.keras is not None and self.target.generation == "keras3"

    def _wanted(self, module: str, release: str, needed: bool = False) -> Wanted:
        """Return a release, and others for which the same code is, where none was asked for."""
        flavour = flavour_of(module)
        same = [
            known
            for known in _releases(module)
            if minor_of(known) == minor_of(release)
            or (not self.is_pinned and generation(flavour, known) == generation(flavour, release))
        ]
        return Wanted(module, tuple(same), release, needed)
