"""What a migration is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.target import Target


@dataclass(frozen=True)
class Job:
    """What is the same for all files of one migration.

    `given` are the releases that the code is known to be written for. `portable` is the module of
    a generated project that hands out Keras (`package.keras_flavour`), where there is one.
    """

    target: Target
    given: tuple[Origin, ...] = ()
    portable: str | None = None
    write: bool = True  # else files stay as they are, and results have the new texts
    docs: bool = False  # documents as well, and the doctests of Python files
    dependencies: bool = False  # dependency files as well
    modernize: bool = False  # what works and is only older is written as the target has it, too
    is_pinned: bool = False  # the target's release was asked for, not only its flavour


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
