"""What is asked of each file: by the configuration that is nearest, and of all of them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from keras_imports.configuration.codes import codes_of, ignored_codes
from keras_imports.configuration.files import nearest
from keras_imports.configuration.patterns import Pattern
from keras_imports.configuration.table import Configuration


@dataclass
class Asked:
    """What is asked of all files, by a command line say, and comes before their configurations.

    `select` takes the place of what a configuration selects and ignores; `ignore` and `exclude` are
    added. `excluded` are the files that were asked for and are left out.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    excluded: set[str] = field(default_factory=set)

    def configuration(self, path: str) -> Configuration:
        """Return the configuration that counts for a file or directory."""
        start = os.path.abspath(path)
        return nearest(start if os.path.isdir(start) else os.path.dirname(start))

    def is_excluded(self, file: str) -> bool:
        """Return whether a file is to be left out, and note it if so."""
        patterns = (*self.exclude, *self.configuration(file).exclude)
        if any(each.matches(file) for each in patterns):
            self.excluded.add(file)
        return file in self.excluded

    def ignored(self, file: str) -> frozenset[str]:
        """Return the codes that are of no interest in a file."""
        own = self.configuration(file)
        chosen = self.select or own.select
        ignore = self.ignore if self.select else (*own.ignore, *self.ignore)
        rows = own.per_file_ignores
        here = tuple(c for pattern, codes in rows if pattern.matches(file) for c in codes)
        return ignored_codes(chosen, ignore) | codes_of(here)
