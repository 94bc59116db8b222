"""Carry a project over to its new answers, after Copier has merged the template's files.

What remains is what Copier should not have touched, conflicts that are about import lines alone,
and the user's own modules. git is asked and no commit is made.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import git
import record
import undo
import yaml
from environment import CannotValidate
from merge.conflicts import BASE, CODE, OURS, THEIRS, line_end, remerge, with_line_end
from project import Project, load_project
from record import Record
from rendered import render_versions
from terminal import STOPPED, as_table, print_table, say
from validation import (
    ModelFailed,
    check_imports,
    hardware_here,
    name_option,
    run_model,
    validate_command,
)

from keras_imports.configuration.asked import Asked
from keras_imports.engine.job import Job
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.migrate.files.line_length import line_length
from keras_imports.migrate.files.source_files import migrate_file
from keras_imports.migrate.files.walk import project_files
from keras_imports.migrate.project import migrate_tree
from keras_imports.python.files import Problem
from keras_imports.toml import parse_toml

DEFAULTS = {"--answers-file": ".copier-answers.yml", "--conflict": "inline", "--context-lines": 3}
REPORT = "COPIER_KERAS_REPORT"  # names a file that the report is written to, for a pull request
NOT_VALIDATED = "UPDATED, NOT VALIDATED"


@dataclass
class Report:
    """What was done so far, and what is left to the user, a line each."""

    moved: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    obstacle: str = ""  # why the project cannot be run as it is

    def rows(self) -> dict[str, str]:
        """Return the rows of the closing table; what did not happen has none."""
        rows = {
            "moved": self.moved,
            "re-merged": self.merged,
            "removed": self.removed,
            "left to you": self.left,
        }
        return {name: "\n".join(lines) for name, lines in rows.items() if lines}


@dataclass(frozen=True)
class Verdict:
    """Whether the project works now, in words, what there is to show of it, and the exit code."""

    heading: str
    rows: dict[str, str]
    code: int = 0
    validated: bool = False


def finish_update(path: Path, answers_file: str, options: Mapping[str, Any]) -> int:
    """Carry over the project in a folder and validate it; return the exit code.

    `options` are those that Copier was given, besides the answers and the file of the answers.
    """
    begun = record.load(path)
    project = load_project(path, answers_file)
    old = load_project_before(project, answers_file)
    report = Report()
    try:
        carry_over(project, old, begun, report)
        begun.finish()
        verdict = judge(project, report)
    except KeyboardInterrupt:
        verdict = Verdict(STOPPED, {"reason": "interrupted"}, 1)
    except Exception as error:  # whatever it is: the user has to know what was done before
        verdict = Verdict(STOPPED, {"reason": f"{type(error).__name__}: {error}"}, 1)
    begun.finish()  # once more: installing makes a uv.lock, and may be cut off
    rows = {"keras": describe_change(project, old), **report.rows(), **verdict.rows}
    print_table(verdict.heading, rows)
    write_report(as_table(verdict.heading, rows))
    if not verdict.validated:
        then = "To validate it, once that is settled" if report.obstacle else "To validate it"
        say(f"{then}: {validate_command(project, hardware_here(project))}")
    say(f"To undo all of it: {begun.command()}")
    command = update_command(project, old, {"--answers-file": answers_file, **options})
    say(f"To run it again: undo it, then {shlex.join(command)}")
    return verdict.code


def write_report(text: str) -> None:
    """Write the report to the file that an environment variable names, if one does."""
    file = os.environ.get(REPORT)
    if not file:
        return
    try:
        Path(file).write_text(f"{text}\n", "utf-8")
    except OSError as error:
        say(f"{REPORT}: {error}: there is no report but the one above\n")


def load_project_before(project: Project, answers_file: str) -> Project | None:
    """Read the answers of the last commit; None where it has none that mean something here."""
    text = git.committed(project.path, answers_file)
    answers = yaml.safe_load(text) if text else None
    if not isinstance(answers, dict) or answers.get("keras") not in project.facts.flavours:
        return None
    return Project(project.path, answers, project.facts)


def carry_over(project: Project, old: Project | None, begun: Record, report: Report) -> None:
    """Do all that can be done without running the project, and note it in the report."""
    keep_what_cannot_be_merged(project.path, begun, report)
    job = plan_job(project, old)

    def migrate(file: Path) -> None:
        width = line_length(str(project.path))
        migrate_file(str(file), replace(job, line_length=width))

    unmerged = git.unmerged_files(project.path)

    def merge(path: str, versions: dict[int, str]) -> bool:
        moves = None if chooses_keras(path, project) else migrate
        merged, clean = remerge(project.path, path, versions, moves)
        if clean or path in unmerged:
            write_atomically(str(project.path / path), merged)
        if clean:
            report.merged.append(path)
        return clean

    for path in code_last(unmerged):
        if unmerged[path].keys() == {BASE, OURS, THEIRS} and merge(path, unmerged[path]):
            git.mark_merged(project.path, path)
    rejected = read_rejected(project, old, begun, report)
    for path in code_last(rejected):
        if merge(path, rejected[path]):
            (project.path / f"{path}.rej").unlink()
    keep_line_ends(project.path, begun)
    if keras_changed(project, old):
        migrate_code(project, job, report)
    note_left_overs(project.path, report)
    report.removed += whole_folders(project.path, git.removed_files(project.path))


def code_last(paths: Iterable[str]) -> list[str]:
    """Return the paths in the order to merge them: pyproject.toml says how long code lines are."""
    return sorted(paths, key=lambda path: (path.endswith(CODE), path))


def read_rejected(
    project: Project, old: Project | None, begun: Record, report: Report
) -> dict[str, dict[int, str]]:
    """Return the versions of each file beside which Copier left a new `.rej` file."""
    paths = [path.removesuffix(".rej") for path in git.rejects(project.path)]
    new = [path for path in paths if begun.before.get(f"{path}.rej", True) is None]
    before = {path: begun.before[path] for path in new}
    ours = {
        path: state["content"] for path, state in before.items() if state and undo.is_file(state)
    }
    if not (old and ours):
        return {}
    try:
        return render_versions(project, old, ours)
    except Exception as error:  # a template that is not to be had any more, for one
        report.left.append(f"{type(error).__name__} where `.rej` files were to be merged: {error}")
        return {}


def keep_what_cannot_be_merged(project: Path, begun: Record, report: Report) -> None:
    """Put back the files that Copier replaced, or removed, where git could not merge them."""
    for path, before in begun.before.items():
        now = begun.look(path)
        if before is None or undo.same(before, now):
            continue
        if path in begun.untracked:
            reason = "git does not track it"
        elif now and not undo.is_file(before):
            reason = "it is a link"
        elif now and git.is_binary(project, before["content"]):
            reason = "git takes it for binary and merges no such file"
        else:
            continue
        name = begun.restore(path)
        if name:
            shown = f"git show {name[:10]}"
            report.left.append(f"{path}: kept as it was, {reason}; the template's: {shown}")


def keep_line_ends(project: Path, begun: Record) -> None:
    """Give the files that Copier wrote anew the line ends that they had."""
    for path, before in begun.before.items():
        now = begun.look(path)
        if before is None or undo.same(before, now):
            continue
        if not (undo.is_file(before) and undo.is_file(now)):
            continue
        end = line_end(git.read_version(project, before["content"]))
        data = (project / path).read_bytes()
        if line_end(data) != end:
            write_atomically(str(project / path), with_line_end(data, end))


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


def note_left_overs(project: Path, report: Report) -> None:
    """Search the whole project for what is not merged, this time or another."""
    unmerged = git.unmerged_files(project)
    for path, line in git.conflicts(project):
        advice = "choose a side, then `git add`" if path in unmerged else "an old one, settle it"
        report.left.append(f"{path}:{line}: a conflict: {advice}")
    rejects = git.rejects(project)
    report.left += [f"{path}: not merged: do it by hand, then remove this file" for path in rejects]
    if unmerged or rejects:
        report.obstacle = "conflicts are left"
    elif error := toml_error(project / "pyproject.toml"):
        report.obstacle = "pyproject.toml does not parse"
        report.left.append(f"pyproject.toml: {error}")


def toml_error(path: Path) -> str | None:
    """Say what is wrong with a TOML file, a table from both sides for one; None if nothing is."""
    if sys.version_info < (3, 11) or not path.is_file():  # Python 3.10 has no parser
        return None
    try:
        parse_toml(path.read_text("utf-8"))
    except ValueError as error:
        return str(error)
    return None


def whole_folders(project: Path, removed: list[str]) -> list[str]:
    """Return the removed paths, with a folder that is gone instead of all that was in it."""
    shown = []
    for path in map(Path, removed):
        gone = [folder for folder in path.parents if not (project / folder).exists()]
        shown.append(f"{gone[-1].as_posix()}/" if gone else path.as_posix())
    return list(dict.fromkeys(shown))


def judge(project: Project, report: Report) -> Verdict:
    """Check the imports and, as far as the answers ask, run the model as after a copy."""
    if report.obstacle:
        return Verdict(NOT_VALIDATED, {"reason": report.obstacle})
    try:
        checked = check_imports(project)
    except CannotValidate as reason:
        return Verdict(NOT_VALIDATED, {"reason": str(reason)})
    if checked.problems:
        known = {entry.split(": ")[0] for entry in report.left}
        report.left += [p for p in checked.problems if p.split(": ")[0] not in known]
        return Verdict(NOT_VALIDATED, {"reason": "Keras imports are wrong, see what is left"})
    rows = checked.row()
    if project.answers["validate"] != "full":
        return Verdict(NOT_VALIDATED, {"reason": "the model was not run, as asked", **rows})
    try:
        rows |= run_model(project)
    except ModelFailed as failure:
        rows["reason"] = f"the model does not work:\n{failure}"
        return Verdict("UPDATED, the model does not work", rows, 1)
    except KeyboardInterrupt:
        return Verdict(NOT_VALIDATED, {"reason": "interrupted", **rows})
    except (CannotValidate, OSError) as reason:
        return Verdict(NOT_VALIDATED, {"reason": str(reason), **rows})
    return Verdict("UPDATED AND VALIDATED", rows, validated=True)


def describe_change(project: Project, old: Project | None) -> str:
    """Say in a line what became of the project's Keras."""
    names = [
        f"{made.keras} on {made.facts.backends[made.backend].title}"
        for made in (old, project)
        if made
    ]
    return " -> ".join(dict.fromkeys(names))


def update_command(project: Project, old: Project | None, options: Mapping[str, Any]) -> list[str]:
    """Return the command that does the same update again, from any folder."""
    before, now = (old.answers if old else {}), project.answers
    same = before.get("_commit") == now["_commit"]
    copier = ["copier"] if shutil.which("copier") else [sys.executable, "-m", "copier"]
    command = [*copier, "update", "--trust", "--vcs-ref", ":current:" if same else now["_commit"]]
    for option, given in options.items():
        if given is True:
            command.append(option)
        elif given is not False and given != DEFAULTS.get(option):
            for value in given if isinstance(given, list) else [given]:
                command += [option, str(value)]
    for name, value in now.items():
        if not name.startswith("_") and before.get(name) != value:
            command += ["--data", f"{name}={value}"]
    return [*command, str(project.path)]
