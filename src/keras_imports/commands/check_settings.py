"""Find what `check` holds each file against: by the command line, or by its configuration."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from keras_imports.check.setting import Setting
from keras_imports.commands.asked import asked_by
from keras_imports.configuration.asked import Asked
from keras_imports.configuration.files import shown_path
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.declared import Installed, InstalledFor
from keras_imports.python.files import import_roots
from keras_imports.python.walk import plain


@dataclass
class Settings:
    """The settings of the files below some paths.

    `flavour`, `backend` and `named`, which are releases, are those of the command line.
    """

    paths: Sequence[str]
    asked: Asked
    flavour: str
    backend: str
    named: tuple[str, ...]
    _installed: dict[str, InstalledFor] = field(default_factory=dict)

    @classmethod
    def of(cls, args: argparse.Namespace) -> Settings:
        """Return what the arguments of `check` say."""
        backend, named = args.backend or "", tuple(args.installed or ())
        return cls(args.paths, asked_by(args), args.flavour or "", backend, named)

    @cached_property
    def first(self) -> Setting:
        """The setting of the first path, for what belongs to no file."""
        path = self.paths[0]
        return Setting(
            env=self.installed(path).env,
            flavour=self._flavour(path),
            roots=import_roots(self.paths),
            named=frozenset(map(plain, self.paths)),
            backend=self.backend,
        )

    def of_file(self, file: str) -> Setting | None:
        """Return the setting of a file, `None` if it is to be left out."""
        if self.asked.is_excluded(file):
            return None
        return replace(
            self.first,
            env=self.installed(file).env,
            flavour=self._flavour(file),
            ignored=self.asked.ignored(file),
            packages=self.asked.configuration(file).packages,
        )

    def installed(self, path: str) -> Installed:
        """Return the releases that a file is held against, and where that was read."""
        own = self.asked.configuration(path)
        is_configured = bool(own.installed and not self.named)
        key = own.file if is_configured else ""
        if key not in self._installed:
            self._installed[key] = (
                InstalledFor(own.installed, f"as {shown_path(own.file)} says")
                if is_configured
                else InstalledFor(self.named)
            )
        return self._installed[key](path)

    def _flavour(self, path: str) -> str | None:
        """Return what a file wants to be."""
        if self.flavour or self.backend:
            return self.flavour or "keras"
        flavour = self.asked.configuration(path).target.partition("==")[0].strip()
        return flavour if flavour in FLAVOURS else None
