"""Migrate all files of a project, or some of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Needs, Outcome
from keras_imports.engine.star_names import star_names
from keras_imports.engine.told import Told
from keras_imports.flavours import generation
from keras_imports.knowledge.declarations import Declaration, Declarations
from keras_imports.knowledge.detection import Evidence
from keras_imports.knowledge.keras_names import tracked
from keras_imports.knowledge.target import Target
from keras_imports.migrate.files.line_length import line_length
from keras_imports.migrate.files.shared_names import SharedNames
from keras_imports.migrate.files.source_files import (
    DOCUMENTS,
    Planned,
    decoded,
    plan_file,
    write_file,
)
from keras_imports.migrate.files.walk import project_files
from keras_imports.migrate.neighbours import neighbours_of, told_by_others
from keras_imports.parallel import spread
from keras_imports.python.files import SUFFIXES, Problem
from keras_imports.python.walk import Walk

_ALONE = 64  # so few files are not worth a second process

JobOf = Callable[[str], Job | None]

_NAMES = {"keras1": "Keras 1", "standalone": "Keras 2", "keras2": "Keras 2", "keras3": "Keras 3"}


@dataclass(frozen=True)
class Result:
    """What became of one file.

    `before` is the text of one that would change; if the file was written, neither text is here.
    `needs` is what code needs now, where dependency files are migrated, too. `reasons` say what
    told the age of the code, besides the file itself.
    """

    file: str
    outcome: Outcome
    before: str = ""
    needs: Needs | None = None
    reasons: tuple[str, ...] = field(default=(), compare=False)


def migrate_tree(found: Walk, job: Job, job_of: JobOf | None = None) -> Iterator[Result | Problem]:
    """Migrate the files that `found_for` finds; yield what became of each, in a fixed order.

    `job_of` returns what is asked for each file, where that is not the same for all: where it is
    moved to, what it is known to be written for, what is to stay. `None` is for one that is left as
    it is, and only tells the others what it exports.

    Many files are spread over all processor cores. Nothing is raised for a file that cannot be
    migrated: its outcome has a problem, or there is a `Problem` for what cannot be read at all.
    """
    if not job.dependencies:
        yield from _migrate_code(found, job, job_of)
        return
    # These are slow to import, and few ask for them.
    from keras_imports.migrate.files.dependencies.files import migrate_dependencies
    from keras_imports.migrate.files.dependencies.formats import SUFFIXES as DECLARING
    from keras_imports.migrate.files.dependencies.formats import is_data
    from keras_imports.migrate.files.dependencies.goal import Goal, total

    code = [each for each in found.items if not is_data(_name(each))]
    its_job = _jobs(job, job_of)
    needs: dict[Target, list[Needs]] = {}
    for result in _migrate_code(replace(found, items=code), job, its_job):
        its = its_job(result.file)
        if isinstance(result, Result) and result.needs is not None and its is not None:
            needs.setdefault(its.target, []).append(result.needs)
        yield result
    declaring: dict[Goal, list[str]] = {}
    for item in project_files(found.paths, DECLARING).items:
        if isinstance(item, str):
            its = its_job(item)
            if its is not None:
                goal = Goal(its.target, its.is_pinned, total(needs.get(its.target, ())))
                declaring.setdefault(goal, []).append(item)
        elif is_data(item.file):
            yield item
    for goal, files in declaring.items():
        for path, before, outcome in migrate_dependencies(files, goal, job.write):
            yield Result(path, outcome, before)


def _jobs(job: Job, job_of: JobOf | None) -> JobOf:
    return job_of or (lambda _: job)


def found_for(paths: Sequence[str], job: Job) -> Walk:
    """Find the modules and notebooks of a project, and the documents if the job is about them."""
    return project_files(paths, (*SUFFIXES, *DOCUMENTS) if job.docs else SUFFIXES)


def _name(item: str | Problem) -> str:
    return item.file if isinstance(item, Problem) else item


@dataclass(frozen=True)
class _Work:
    """A file, the names that others import from it, and what is known of it."""

    file: str | Problem
    job: Job
    imported: frozenset[str] = frozenset()
    declaration: Declaration | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    told: Told | None = None


@dataclass(frozen=True)
class _Draft:
    """What is to become of one file, and whether other files may still change that."""

    result: Result | Problem
    evidence: Evidence = field(default_factory=Evidence)
    planned: Planned | None = None  # what is to be written


def _migrate_code(found: Walk, job: Job, job_of: JobOf | None = None) -> Iterator[Result | Problem]:
    """Migrate Python files and notebooks, and the documents if the job is about them.

    At first each file is planned by itself, and written if no other one may tell more of it.
    """
    modules = [file for file in found.files if not file.endswith(DOCUMENTS)]
    shared = SharedNames.of(modules)
    declarations = Declarations()
    told = told_by_others(modules, found.paths, tracked(star_names, job.portable))
    its_job = _jobs(job, job_of)
    work = []
    for item in found.items:
        if isinstance(item, Problem):
            work.append(_Work(item, job))
        elif its := its_job(item):
            declaration = its.declaration or declarations.of(item)
            imported = shared.imported_from(item)
            told_here = told.get(os.path.abspath(item))
            work.append(_Work(item, its, imported, declaration, told=told_here))
    drafts = list(spread(_draft, work, _ALONE))
    projects = [
        "" if isinstance(each.file, Problem) else declarations.project(each.file) or ""
        for each in work
    ]
    neighbours = neighbours_of(
        (project, each.result.file, each.evidence)
        for project, each in zip(projects, drafts, strict=True)
    )
    again: dict[int, _Work] = {}
    reasons: dict[int, tuple[str, ...]] = {}
    for index, (project, draft) in enumerate(zip(projects, drafts, strict=True)):
        beside = neighbours[project].tell(draft.evidence, work[index].job.target)
        if any(_tells_more(draft, *each) for each in beside.items()):
            kinds = {flavour: kind for flavour, (kind, _) in beside.items()}
            again[index] = replace(work[index], beside=kinds)
            reasons[index] = tuple(
                f"{file} is surely written for {_NAMES[kind]}: `{flavour}` in the other files of "
                "its project is taken for the same, unless they tell otherwise"
                for flavour, (kind, file) in beside.items()
            )
    renewed = spread(_draft, again.values(), _ALONE)
    for index, draft in enumerate(drafts):
        if index in again:
            draft = next(renewed)
        yield _finished(draft, work[index], reasons.get(index, ()))


def _tells_more(draft: _Draft, flavour: str, told: tuple[str, str]) -> bool:
    """Return whether a file may become another one by what the files beside it tell."""
    kind, _ = told
    if draft.evidence.takes(flavour) != kind:
        return True
    outcome = None if isinstance(draft.result, Problem) else draft.result.outcome
    return kind == "keras3" and outcome is not None and bool(outcome.changed or outcome.left)


def _draft(work: _Work) -> _Draft:
    """Plan one file, in whatever process, and write it if nothing else can tell more of it."""
    file = work.file
    if isinstance(file, Problem):
        return _Draft(file)
    job = replace(
        work.job,
        line_length=line_length(os.path.dirname(os.path.abspath(file))),
        declaration=work.declaration,
        beside=work.beside,
        told=work.told,
    )
    try:
        planned = plan_file(file, job, work.imported)
    except Exception as error:  # one file must not keep the others from being migrated
        return _Draft(Result(file, Outcome("", problem=f"{type(error).__name__}: {error}")))
    outcome = planned.outcome
    needs = None
    if job.dependencies and not file.endswith(DOCUMENTS):
        from keras_imports.migrate.files.dependencies.goal import needs_of

        needs = needs_of(outcome)
    if not job.write:
        before = decoded(file) if outcome.changed else ""
        shown = outcome if outcome.changed else replace(outcome, text="")
        return _Draft(Result(file, shown, before, needs), outcome.evidence)
    result = Result(file, replace(outcome, text=""), needs=needs)  # nobody asks for the text
    if outcome.changed and outcome.evidence.either:
        return _Draft(result, outcome.evidence, replace(planned, outcome=result.outcome))
    return _Draft(replace(result, outcome=write_file(file, planned)), outcome.evidence)


def _finished(draft: _Draft, work: _Work, reasons: tuple[str, ...]) -> Result | Problem:
    """Write a file that waited for the others, and say what told of its age."""
    result = draft.result
    if isinstance(result, Problem):
        return result
    if draft.planned is not None:
        result = replace(result, outcome=write_file(result.file, draft.planned))
    if work.declaration is not None:
        reasons += tuple(_declared(work.declaration, draft.evidence))
    outcome = replace(result.outcome, text="" if work.job.write else result.outcome.text)
    return replace(result, outcome=outcome, reasons=reasons)


def _declared(declaration: Declaration, evidence: Evidence) -> Iterator[str]:
    """Yield what a declaration tells of the flavours that a file uses."""
    for flavour in sorted(evidence.declared):
        rows = declaration.deciding(flavour)
        kind = generation(flavour, declaration.releases(flavour)[-1])
        required = " and ".join(f"{row} in {os.path.relpath(row.file)}" for row in rows)
        yield f"`{flavour}` is taken for {_NAMES[kind]}, by {required}"
