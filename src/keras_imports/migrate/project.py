"""Migrate all files of a project, or some of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Needs, Outcome
from keras_imports.migrate.files.shared_names import SharedNames
from keras_imports.migrate.files.source_files import DOCUMENTS, decoded, migrate_file
from keras_imports.migrate.files.walk import project_files
from keras_imports.parallel import spread
from keras_imports.python.files import SUFFIXES, Problem

_ALONE = 64  # so few files are not worth a second process


@dataclass(frozen=True)
class Result:
    """What became of one file.

    `before` is the text of one that would change; if the file was written, neither text is here.
    `needs` is what code needs now, where dependency files are migrated, too.
    """

    file: str
    outcome: Outcome
    before: str = ""
    needs: Needs | None = None


def migrate_tree(paths: Sequence[str], job: Job) -> Iterator[Result | Problem]:
    """Migrate the files at and below the paths; yield what became of each, in a fixed order.

    A path that is a directory stands for the files in it that belong to the project. Many files
    are spread over all processor cores. Nothing is raised for a file that cannot be migrated: its
    outcome has a problem, or there is a `Problem` for what cannot be read at all.
    """
    if not job.dependencies:
        yield from _migrate_code(paths, job)
        return
    # These are slow to import, and few ask for them.
    from keras_imports.migrate.files.dependencies.files import migrate_dependencies
    from keras_imports.migrate.files.dependencies.formats import SUFFIXES as DECLARING
    from keras_imports.migrate.files.dependencies.formats import is_data
    from keras_imports.migrate.files.dependencies.goal import Goal, total

    code = [path for path in paths if os.path.isdir(path) or not is_data(path)]
    needs = []
    for result in _migrate_code(code, job):
        if isinstance(result, Result) and result.needs is not None:
            needs.append(result.needs)
        yield result
    goal = Goal(job.target, job.is_pinned, total(needs))
    declaring = []
    for item in project_files(paths, DECLARING):
        if isinstance(item, str):
            declaring.append(item)
        elif is_data(item.file):
            yield item
    for path, before, outcome in migrate_dependencies(declaring, goal, job.write):
        yield Result(path, outcome, before)


def _migrate_code(paths: Sequence[str], job: Job) -> Iterator[Result | Problem]:
    """Migrate Python files and notebooks, and the documents if the job is about them."""
    suffixes = (*SUFFIXES, *DOCUMENTS) if job.docs else SUFFIXES
    modules = project_files(paths, SUFFIXES)
    shared = SharedNames.of(item for item in modules if isinstance(item, str))
    return spread(partial(_migrate, job=job), _with_names(paths, suffixes, shared), _ALONE)


_Work = tuple[str, frozenset[str]]  # a file, and the names that others import from it


def _with_names(
    paths: Iterable[str], suffixes: tuple[str, ...], shared: SharedNames
) -> Iterator[_Work | Problem]:
    for item in project_files(paths, suffixes):
        yield item if isinstance(item, Problem) else (item, shared.imported_from(item))


def _migrate(work: _Work | Problem, job: Job) -> Result | Problem:
    """Migrate one file, in whatever process."""
    if isinstance(work, Problem):
        return work
    file, imported = work
    try:
        outcome = migrate_file(file, job, imported)
    except Exception as error:  # one file must not keep the others from being migrated
        return Result(file, Outcome("", problem=f"{type(error).__name__}: {error}"))
    needs, before = None, ""
    if job.dependencies and not file.endswith(DOCUMENTS):
        from keras_imports.migrate.files.dependencies.goal import needs_of

        needs = needs_of(outcome)
    if outcome.changed and not job.write:
        before = decoded(file)
    else:  # the text is large, and nobody asks for it
        outcome = replace(outcome, text="")
    return Result(file, outcome, before, needs)
