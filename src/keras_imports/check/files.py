"""Check files: whether every use of Keras in them works in an environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import NamedTuple

from keras_imports import atlas
from keras_imports.check import rules
from keras_imports.check.program import Link, import_root, link, sets_legacy
from keras_imports.check.rules.subject import Subject, found, knowledge
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.keras_names import IMPORTS_KERAS
from keras_imports.parallel import spread
from keras_imports.python.files import Problem, walk
from keras_imports.python.sources import Source, read
from keras_imports.report import Finding

_ALONE = 512  # so few files are not worth a second process


@dataclass(frozen=True)
class Setting:
    """What a tree is checked against."""

    env: atlas.Environment
    flavour: str | None = None
    roots: tuple[str, ...] = ()  # directories from which the project is imported
    named: frozenset[str] = frozenset()  # files that have to be Python, Keras or not

    @cached_property
    def has_several(self) -> bool:
        """Whether different Keras are installed side by side, which must not be mixed."""
        roots = (*FLAVOURS, "tensorflow.python.keras", "tensorflow.compat.v1.keras")
        return len({knowledge(self.env).engine(root) for root in roots} - {None}) > 1


class Result(NamedTuple):
    """The findings in one file, why it or a part of it could not be checked, and its link."""

    findings: list[Finding]
    problems: list[Problem]
    link: Link | None = None


def check_file(file: str, setting: Setting) -> Result:
    """The result for one file, by itself."""
    source, problems = read(file, None if file in setting.named else IMPORTS_KERAS)
    if source is None:
        return Result([], problems)
    subject = _subject(source, setting)
    try:
        findings = _findings(subject, setting)
        linked = link(subject) if setting.has_several and subject.module.references else None
    except RecursionError:
        return Result([], [*problems, Problem(file, "nested too deeply to be followed")])
    return Result(findings, problems, linked)


def check_source(source: Source, setting: Setting) -> list[Finding]:
    """The findings in one parsed source."""
    return _findings(_subject(source, setting), setting)


def _subject(source: Source, setting: Setting) -> Subject:
    env = setting.env
    if not env.legacy_env and env.tf_keras and sets_legacy(source.text):
        env = replace(env, legacy_env=True)
    return Subject(source, env, setting.flavour)


def _findings(subject: Subject, setting: Setting) -> list[Finding]:
    if not subject.module.references:
        return []
    findings = [*_shadowed(subject, setting.roots), *rules.check(subject)]
    return sorted(findings, key=lambda f: (f.cell or 0, f.line, f.column, f.code))


def _shadowed(subject: Subject, roots: tuple[str, ...]) -> Iterator[Finding]:
    """Imports that would find a file of the project instead of the installed package."""
    file = os.path.abspath(subject.source.file)
    directory = os.path.dirname(file)
    seen = set()
    for reference in subject.module.references:
        top = reference.path.partition(".")[0]
        if top in seen or reference.kind not in ("import", "from", "star"):
            continue
        seen.add(top)
        for above in dict.fromkeys((import_root(directory), *roots)):
            shadow = _local(above, top)
            inside = f"{directory}{os.sep}".startswith(os.path.join(above, top, ""))
            if shadow is not None and shadow != file and not (inside or _is_installed(above)):
                message = f"`import {top}` finds {os.path.relpath(shadow)} instead; rename it"
                yield found(subject, reference.node, "KI006", message).finding
                break


def _is_installed(directory: str) -> bool:
    return os.path.basename(directory) in ("site-packages", "dist-packages")


@cache
def _local(directory: str, name: str) -> str | None:
    for shadow in (f"{name}.py", os.path.join(name, "__init__.py")):
        path = os.path.join(directory, shadow)
        if os.path.isfile(path):
            return path
    return None


def _check(item: str | Problem, setting: Setting) -> Result:
    return Result([], [item]) if isinstance(item, Problem) else check_file(item, setting)


def check_tree(paths: Iterable[str], setting: Setting) -> Iterator[Result]:
    """The results for all files below `paths`, in their order, as they come in."""
    return spread(partial(_check, setting=setting), walk(paths), _ALONE)
