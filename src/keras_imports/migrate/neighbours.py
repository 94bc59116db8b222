"""What files of one project tell about one another: of their objects, and of their age.

Each file is looked at by itself first. Where one may be of before Keras 3 or of Keras 3, the others
of its project decide: the greater part of those that are surely old or new speaks for the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keras_imports.engine.across_files import surroundings_of
from keras_imports.engine.program import Program
from keras_imports.engine.told import Told
from keras_imports.knowledge.detection import Evidence
from keras_imports.knowledge.target import Target
from keras_imports.python.files import import_roots
from keras_imports.python.tracking import Tracked

_TOGETHER = frozenset({"keras", "tensorflow.keras"})  # of one generation where both are used


@dataclass
class Neighbours:
    """The files of a project that are surely old or new, by the flavour they tell of."""

    old: dict[str, list[str]] = field(default_factory=dict)
    new: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, evidence: Evidence, target: Target) -> Mapping[str, tuple[str, str]]:
        """Return the generation of each flavour that is open, and the file that tells it.

        What is written for the target's flavour may have been moved already: it tells nothing of
        another one.
        """
        told = {}
        for flavour in sorted(evidence.either & _TOGETHER):
            telling = [flavour]
            if flavour != target.flavour:
                telling += sorted(_TOGETHER - {flavour, target.flavour})
            old = [file for each in telling for file in self.old.get(each, ())]
            new = [file for each in telling for file in self.new.get(each, ())]
            if len(old) > len(new):
                told[flavour] = ("keras2", old[0])
            elif len(new) > len(old):
                told[flavour] = ("keras3", new[0])
        return told


def neighbours_of(told: Iterable[tuple[str, str, Evidence]]) -> dict[str, Neighbours]:
    """Return what the files of each project tell, from the project, name and evidence of each."""
    found: dict[str, Neighbours] = {}
    for project, file, evidence in told:
        its = found.setdefault(project, Neighbours())
        for flavour in evidence.old & _TOGETHER:
            its.old.setdefault(flavour, []).append(file)
        for flavour in evidence.new & _TOGETHER:
            its.new.setdefault(flavour, []).append(file)
    return found


def told_by_others(
    files: Iterable[str], paths: Sequence[str], tracked: Tracked, seconds: float
) -> dict[str, Told]:
    """Return what each file is told of its objects by others, by its absolute path.

    `paths` are those that the program was named by. A file that takes more than some `seconds` of
    processor time tells nothing.
    """
    program = Program(map(os.path.abspath, files), import_roots(paths))
    return surroundings_of(program, lambda _: tracked, seconds)
