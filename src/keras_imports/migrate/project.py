"""Plan the migration of all files of a project, or of some of them; then write them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Needs, Outcome
from keras_imports.engine.star_names import star_names
from keras_imports.engine.told import Told
from keras_imports.flavours import generation
from keras_imports.knowledge.declarations import Declaration, Declarations
from keras_imports.knowledge.detection import Evidence
from keras_imports.knowledge.keras_names import tracked
from keras_imports.knowledge.target import Target
from keras_imports.migrate.files.change import (
    NEW,
    OLD,
    CannotKeepError,
    Change,
    NotAsItWasError,
    keep,
)
from keras_imports.migrate.files.line_length import line_length
from keras_imports.migrate.files.shared_names import SharedNames
from keras_imports.migrate.files.source_files import DOCUMENTS, plan_file
from keras_imports.migrate.files.walk import project_files
from keras_imports.migrate.neighbours import neighbours_of, told_by_others
from keras_imports.parallel import Work, spread
from keras_imports.python.files import SUFFIXES, Problem, read_bytes, reason
from keras_imports.python.walk import Walk

_ALONE = 64  # so few files are not worth a second process

JobOf = Callable[[str], Job | None]

_NAMES = {"keras1": "Keras 1", "standalone": "Keras 2", "keras2": "Keras 2", "keras3": "Keras 3"}


@dataclass(frozen=True)
class Result:
    """What becomes of one file; its `change` is what is to be written, if it changes.

    `needs` is what code needs then, where dependency files are migrated, too. `reasons` say what
    told the age of the code, besides the file itself.
    """

    file: str
    outcome: Outcome
    change: Change | None = field(default=None, compare=False)
    needs: Needs | None = None
    reasons: tuple[str, ...] = field(default=(), compare=False)


def migrate_tree(found: Walk, job: Job, job_of: JobOf | None = None) -> Iterator[Result | Problem]:
    """Migrate the files that `found_for` finds, without a journal.

    All is planned first. Then each file is written, and what became of it is yielded.
    """
    with tempfile.TemporaryDirectory(prefix="keras-imports-") as folder:
        for result in list(plan_tree(found, job, folder, job_of)):
            yield result if isinstance(result, Problem) else written(result)


def written(result: Result) -> Result:
    """Write a file that is to change, and return what became of it."""
    if result.change is None:
        return result
    try:
        result.change.make()
    except NotAsItWasError:
        problem = "changed while the plan was made: run it again"
    except OSError as error:
        problem = f"cannot be written: {reason(error)}"
    else:
        return result
    outcome = replace(result.outcome, changed=False, problem=problem)
    return replace(result, outcome=outcome, change=None)


def plan_tree(
    found: Walk, job: Job, folder: str, job_of: JobOf | None = None
) -> Iterator[Result | Problem]:
    """Plan what becomes of the files that `found_for` finds; yield it in a fixed order.

    Nothing is written but the contents of those that change, old and new, into a `folder`. `job_of`
    returns what is asked for each file, where that is not the same for all: where it is moved to,
    what it is known to be written for, what is to stay. `None` is for one that is left as it is,
    and only tells the others what it exports.

    Many files are spread over all processor cores. Nothing is raised for a file that cannot be
    migrated: its outcome has a problem, or there is a `Problem` for what cannot be read at all.
    """
    planned = _plan_all if job.dependencies else _plan_code
    yield from planned(found, job, folder, job_of)


def _plan_all(
    found: Walk, job: Job, folder: str, job_of: JobOf | None = None
) -> Iterator[Result | Problem]:
    """Plan code, and dependency files by what the code needs then."""
    # These are slow to import, and few ask for them.
    from keras_imports.migrate.files.dependencies.files import plan_dependencies
    from keras_imports.migrate.files.dependencies.formats import SUFFIXES as DECLARING
    from keras_imports.migrate.files.dependencies.formats import is_data
    from keras_imports.migrate.files.dependencies.goal import Goal, total

    code = [each for each in found.items if not is_data(_name(each))]
    its_job = _jobs(job, job_of)
    results = {its.file: its for its in _plan_code(replace(found, items=code), job, folder, job_of)}
    needs: dict[Target, list[Needs]] = {}
    for result in results.values():
        its = its_job(result.file)
        if isinstance(result, Result) and result.needs is not None and its is not None:
            needs.setdefault(its.target, []).append(result.needs)
    declaring: dict[Goal, list[str]] = {}
    for item in project_files(found.paths, DECLARING).items:
        if isinstance(item, str):
            its = its_job(item)
            if its is not None:
                goal = Goal(its.target, its.is_pinned, total(needs.get(its.target, ())))
                declaring.setdefault(goal, []).append(item)
        elif is_data(item.file):
            results[item.file] = item

    def content(file: str) -> bytes:
        """Return what a file will be, as far as that is planned."""
        result = results.get(file)
        change = result.change if isinstance(result, Result) else None
        return Path(change.waiting + NEW).read_bytes() if change else read_bytes(file)

    for goal, files in declaring.items():
        for read, outcome, new in plan_dependencies(files, goal, content, job.seconds):
            its_code, contents = results.get(read.path), (read.data, new)
            results[read.path] = _also_declaring(its_code, read.path, outcome, contents, folder)
    yield from results.values()


def _also_declaring(
    code: Result | Problem | None,
    file: str,
    outcome: Outcome,
    contents: tuple[bytes, bytes],
    folder: str,
) -> Result | Problem:
    """Return what becomes of a file that declares dependencies, and may hold code as well.

    `contents` are what was read for `outcome`, which is what the code becomes, and what that makes.
    """
    if isinstance(code, Problem):
        return code
    change = code.change if code else None
    if outcome.changed:
        before = Path(change.waiting + OLD).read_bytes() if change else contents[0]
        change = keep(folder, file, before, contents[1])
    outcome = replace(outcome, text="")
    if code is None:
        return Result(file, outcome, change)
    both = replace(
        code.outcome,
        changed=change is not None,
        left=(*code.outcome.left, *outcome.left),
        problem=code.outcome.problem or outcome.problem,
    )
    return replace(code, outcome=both, change=change)


def _jobs(job: Job, job_of: JobOf | None) -> JobOf:
    return job_of or (lambda _: job)


def found_for(paths: Sequence[str], job: Job) -> Walk:
    """Find the modules and notebooks of a project, and the documents if the job is about them."""
    return project_files(paths, (*SUFFIXES, *DOCUMENTS) if job.docs else SUFFIXES)


def _name(item: str | Problem) -> str:
    return item.file if isinstance(item, Problem) else item


@dataclass(frozen=True)
class _Task:
    """A file, the names that others import from it, and what is known of it."""

    file: str | Problem
    job: Job
    folder: str  # where contents wait
    imported: frozenset[str] = frozenset()
    declaration: Declaration | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    told: Told | None = None


@dataclass(frozen=True)
class _Draft:
    """What is to become of one file, and what it tells the others of their age."""

    result: Result | Problem
    evidence: Evidence = field(default_factory=Evidence)
    unkept: CannotKeepError | None = None  # why what it becomes could not be kept


def _plan_code(
    found: Walk, job: Job, folder: str, job_of: JobOf | None = None
) -> Iterator[Result | Problem]:
    """Plan Python files and notebooks, and the documents if the job is about them.

    At first each file is planned by itself, and again if the other ones tell more of it.
    """
    modules = [file for file in found.files if not file.endswith(DOCUMENTS)]
    shared = SharedNames.of(modules)
    declarations = Declarations()
    its_tracked = tracked(star_names, job.portable)
    told = told_by_others(modules, found.paths, its_tracked, job.seconds)
    its_job = _jobs(job, job_of)
    work = []
    for item in _once(found.items):
        if isinstance(item, Problem):
            work.append(_Task(item, job, folder))
        elif its := its_job(item):
            declaration = its.declaration or declarations.of(item)
            imported = shared.imported_from(item)
            told_here = told.get(os.path.abspath(item))
            work.append(_Task(item, its, folder, imported, declaration, told=told_here))
    drafting = Work(_draft, _lost, job.seconds)
    drafts = [*_kept(spread(drafting, work, _ALONE))]
    projects = [
        "" if isinstance(each.file, Problem) else declarations.project(each.file) or ""
        for each in work
    ]
    neighbours = neighbours_of(
        (project, each.result.file, each.evidence)
        for project, each in zip(projects, drafts, strict=True)
    )
    again: dict[int, _Task] = {}
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
    renewed = _kept(spread(drafting, again.values(), _ALONE))
    for index, draft in enumerate(drafts):
        if index in again:
            draft = next(renewed)
        yield _finished(draft, work[index], reasons.get(index, ()))


def _kept(drafts: Iterator[_Draft]) -> Iterator[_Draft]:
    """Yield drafts as long as what is to be written could be kept; else nothing shall be."""
    for draft in drafts:
        if draft.unkept:
            raise draft.unkept
        yield draft


def _once(items: Sequence[str | Problem]) -> Iterator[str | Problem]:
    """Yield the files that were found, a file of several names by the first that is no link."""
    places = {item: os.path.realpath(item) for item in items if isinstance(item, str)}
    names: dict[str, str] = {}
    for item, place in places.items():
        if place not in names or (os.path.islink(names[place]) and not os.path.islink(item)):
            names[place] = item
    for each in dict.fromkeys(items):
        if isinstance(each, Problem) or names[places[each]] == each:
            yield each


def _tells_more(draft: _Draft, flavour: str, told: tuple[str, str]) -> bool:
    """Return whether a file may become another one by what the files beside it tell."""
    kind, _ = told
    if draft.evidence.takes(flavour) != kind:
        return True
    outcome = None if isinstance(draft.result, Problem) else draft.result.outcome
    return kind == "keras3" and outcome is not None and bool(outcome.changed or outcome.left)


def _draft(work: _Task) -> _Draft:
    """Plan one file, in whatever process."""
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
    planned = plan_file(file, job, work.imported)
    outcome = replace(planned.outcome, text="")
    change = needs = None
    if outcome.changed:
        try:
            change = keep(work.folder, file, planned.read, planned.data)
        except CannotKeepError as error:
            return _Draft(Result(file, outcome), unkept=error)
    if job.dependencies and not file.endswith(DOCUMENTS):
        from keras_imports.migrate.files.dependencies.goal import needs_of

        needs = needs_of(planned.outcome)
    return _Draft(Result(file, outcome, change, needs), outcome.evidence)


def _lost(work: _Task, why: str) -> _Draft:
    """Return what is said of a file that cannot be planned."""
    if isinstance(work.file, Problem):
        return _Draft(work.file)
    needs = Needs() if work.job.dependencies else None  # nobody knows what it needs
    return _Draft(Result(work.file, Outcome("", problem=why), needs=needs))


def _finished(draft: _Draft, work: _Task, reasons: tuple[str, ...]) -> Result | Problem:
    """Return what becomes of a file, and what told of its age."""
    result = draft.result
    if isinstance(result, Problem):
        return result
    if work.declaration is not None:
        reasons += tuple(_declared(work.declaration, draft.evidence))
    return replace(result, reasons=reasons)


def _declared(declaration: Declaration, evidence: Evidence) -> Iterator[str]:
    """Yield what a declaration tells of the flavours that a file uses."""
    for flavour in sorted(evidence.declared):
        rows = declaration.deciding(flavour)
        kind = generation(flavour, declaration.releases(flavour)[-1])
        required = " and ".join(f"{row} in {os.path.relpath(row.file)}" for row in rows)
        yield f"`{flavour}` is taken for {_NAMES[kind]}, by {required}"
