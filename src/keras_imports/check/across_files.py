"""Find flavours that are mixed across files: what one file makes, and another one takes.

Each file leaves a `KerasUse` when it is checked, a few names. Only where those show that files of
different Keras are connected by imports are they read again and followed from one to the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from keras_imports.check.engine import findings
from keras_imports.check.installed import Installed, installed
from keras_imports.check.legacy import legacy_files
from keras_imports.check.module import CheckedModule
from keras_imports.check.program import Program
from keras_imports.check.rules.mixed_flavours import handed_over
from keras_imports.check.setting import Setting
from keras_imports.engine.findings import Finding
from keras_imports.flavours import root_of
from keras_imports.python.references import Exports
from keras_imports.python.sources import read

_PACKAGES = frozenset({"", "layers", "models", "optimizers", "applications"})


@dataclass(frozen=True, slots=True)
class KerasUse:
    """What of Keras a file uses: the roots from which it takes parts of models."""

    file: str
    roots: tuple[str, ...]


def keras_use(module: CheckedModule) -> KerasUse:
    """Return what of Keras a module uses."""
    paths = {path for reference in module.names for path in reference.paths}
    roots = {root_of(path) for path in paths if _leads_to_parts(module.installed, path)}
    return KerasUse(module.source.file, tuple(sorted(roots)))


@lru_cache(maxsize=1 << 16)
def _leads_to_parts(known: Installed, path: str) -> bool:
    """Return whether a path is, or has, something that a model is built of."""
    root = root_of(path)
    if not root:
        return False
    return path[len(root) + 1 :] in _PACKAGES or known.part(path) is not None


def mixed_across_files(uses: Iterable[KerasUse], setting: Setting) -> Iterator[Finding]:
    """Yield what is found only by following names from file to file."""
    by_file = {os.path.abspath(use.file): use for use in uses}
    if len({root for use in by_file.values() for root in use.roots}) < 2:
        return
    program = Program(by_file, setting.roots)
    settings = _settings(program, by_file, setting)
    users: dict[str, set[str]] = {}  # the files that use each engine
    for file, use in by_file.items():
        for engine in installed(settings.get(file, setting).env).engines(use.roots):
            users.setdefault(engine, set()).add(file)
    if len(users) < 2:
        return
    importers = {engine: program.importers(files) for engine, files in users.items()}
    followed = _Followed(program, setting, settings)
    for file, use in by_file.items():
        own = {engine for engine, files in users.items() if file in files}
        imported = {engine for engine, files in importers.items() if file in files}
        if imported and len(own | imported) > 1:
            yield from followed.findings(file, use.file)


def _settings(program: Program, files: Iterable[str], setting: Setting) -> dict[str, Setting]:
    """Return the setting of each file that runs with another Keras than the environment has."""
    if setting.env.legacy_env or not setting.env.tf_keras:
        return {}
    legacy = replace(setting, env=replace(setting.env, legacy_env=True))
    return dict.fromkeys(legacy_files(program, files), legacy)


class _Followed:
    """The files of one program, and what they hand to each other."""

    def __init__(self, program: Program, setting: Setting, settings: dict[str, Setting]) -> None:
        self.program = program
        self.setting = setting
        self.settings = settings  # of files that differ
        self.known: dict[str, Exports] = {}

    def exports(self, file: str) -> Exports:
        """Return what other modules may import from a file."""
        if file not in self.known:
            self.known[file] = {}  # while it is being found: imports may go round in a circle
            module = self.module(file) if os.path.isfile(file) else None
            if module is not None:
                shown = os.path.relpath(file)
                self.known[file] = {
                    name: tuple([replace(each, origin=each.origin or shown) for each in value])
                    for name, value in module.exports.items()
                }
        return self.known[file]

    def module(self, file: str, shown: str | None = None) -> CheckedModule | None:
        """Return a file, with what it imports from the others."""

        def exports_of(name: str) -> Exports | None:
            imported = self.program.find(file, name)
            return None if imported is None else self.exports(imported)

        source, _ = read(shown or file)
        setting = self.settings.get(file, self.setting)
        return None if source is None else CheckedModule(source, setting, exports_of)

    def findings(self, file: str, shown: str) -> list[Finding]:
        """Return what is found in a file beyond what it shows alone."""
        module = self.module(file, shown)
        if module is None:
            return []
        together = findings(module, handed_over(module))
        if not together:
            return []
        by_itself = replace(module, program=None)
        alone = findings(by_itself, handed_over(by_itself))
        return [finding for finding in together if finding not in alone]
