"""What a migration is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keras_imports.atlas import Environment
from keras_imports.engine.told import Told
from keras_imports.knowledge.declarations import Declaration
from keras_imports.knowledge.detection import Known
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.packages import MorePackages
from keras_imports.knowledge.target import Target
from keras_imports.limits import SECONDS


@dataclass(frozen=True)
class Job:
    """What is the same for all files of one migration that belong to one project.

    `given` are the releases that the code is known to be written for, `declaration` is what its
    project requires, and `beside` are the flavours for which other files of it tell the generation:
    keras2 stands for all before Keras 3. `told` is what others tell of the objects of one file.
    `portable` is the module of a generated project that hands out Keras (`package.keras_flavour`),
    where there is one. `packages` are some that belong to a Keras and that nobody else knows.
    """

    target: Target
    given: tuple[Origin, ...] = ()
    portable: str | None = None
    docs: bool = False  # documents as well, and the doctests of Python files
    dependencies: bool = False  # dependency files as well
    modernize: bool = False  # what works and is only older is written as the target has it, too
    is_pinned: bool = False  # the target's release was asked for, not only its flavour
    ignored: frozenset[str] = frozenset()  # codes of what is neither changed nor named
    packages: MorePackages = ()
    stays: bool = False  # only uses of the target's own flavour move, to its release
    installed: Environment | None = None  # instead of the target: each flavour's own release
    declaration: Declaration | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    told: Told | None = None
    seconds: float = SECONDS  # of processor time that each file may take
    line_length: int | None = None  # how long the lines of a file may be, where that is configured

    @property
    def known(self) -> Known:
        """What is known of the code before it is looked at."""
        return Known(self.given, self.declaration, self.beside)


@dataclass(frozen=True)
class UsedElsewhere:
    """Which names of a module are used outside of its own code, so that they must not go.

    `imported` are those that other files import, `mentioned` those that something else than Python
    uses, such as the magics of a notebook. `is_open` tells that there may be importers that nobody
    knows of, as for a package's `__init__.py`.
    """

    imported: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    is_open: bool = False
