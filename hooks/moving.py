"""Bring the user's own code to the Keras that the project has now."""

from __future__ import annotations

import shlex
from dataclasses import replace

import git
from merge.conflicts import CODE
from project import Project
from report import Report
from validation import name_option

from keras_imports.configuration.asked import Asked
from keras_imports.engine.job import Job
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.walk import project_files
from keras_imports.migrate.project import migrate_tree
from keras_imports.python.files import Problem


def plan_job(project: Project, old: Project | None) -> Job:
    """Decide where the project's Keras code goes, and say where it comes from."""
    target = parse_target(project.keras, portable=project.root)
    if old is None:
        return Job(target)
    source = parse_origin(str(parse_target(old.keras, portable=old.root)))
    return Job(target, (source,), old.root if old.keras == "portable" else None)


def keras_changed(project: Project, old: Project | None) -> bool:
    """Tell whether the update changed which Keras the project imports, what runs it, or a range.

    Where it did not, the user's modules are none of the update's business.
    """
    if old is None or (old.root, old.backend) != (project.root, project.backend):
        return True
    path = project.path / "pyproject.toml"
    now = path.read_bytes() if path.is_file() else b""
    before = git.committed(project.path, path.name) or b""
    needs = [need.encode() for need in project.keras_requirements(project.hardware)]
    return any(need in now and need not in before for need in needs)


def migrate_code(project: Project, job: Job, report: Report) -> None:
    """Bring the modules and notebooks to the new flavour that Copier could know nothing of.

    The template's own are among them, since users write Keras code in them, too. What the project's
    configuration excludes or ignores is left alone.
    """
    asked = Asked()

    def job_of(file: str) -> Job | None:
        if asked.is_excluded(file):
            return None
        packages = asked.configuration(file).packages
        return replace(job, ignored=asked.ignored(file), packages=packages)

    own = [p for p in git.tracked_files(project.path, CODE) if not chooses_keras(p, project)]
    files = {str(project.path / path): path for path in own}
    try:
        for file in files:
            asked.configuration(file)
    except ValueError as error:
        report.left.append(f"{error}; no module is moved: mend it, then `keras-imports migrate .`")
        return
    for result in migrate_tree(project_files(files), job, job_of):
        path = files[result.file]
        if isinstance(result, Problem):
            message = name_option(result.message, f"keras-imports migrate {shlex.quote(path)}")
            report.left.append(f"{path}:1: left as it was: {message}")
            continue
        outcome = result.outcome
        if outcome.changed and path not in report.merged:
            report.moved.append(path)
        if outcome.problem:
            report.left.append(f"{path}:1: left as it was: {outcome.problem}")
        report.left += [f"{path}: {note}" for note in outcome.notes]
        for left in outcome.left:
            line = left.line_now or left.line
            place = f" cell {left.cell}, line {line}" if left.cell else str(line)
            report.left.append(f"{path}:{place}: {left.message}; {left.advice}")


def chooses_keras(path: str, project: Project) -> bool:
    """Tell whether a file of the template is about several flavours on purpose."""
    files = (f"src/{project.package}/keras_flavour.py", "tests/test_keras_flavour.py")
    return project.keras == "portable" and path in files
