"""Carry a project over to its new answers, after Copier has merged the template's files.

What remains is what Copier should not have touched, conflicts that are about import lines alone,
and the user's own modules. git is asked and no commit is made.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import git
import record
import yaml
from environment import CannotValidate
from left_overs import note_left_overs, whole_folders
from merging import keep_line_ends, keep_what_cannot_be_merged, merge_again
from moving import keras_changed, migrate_code, plan_job
from project import Project, load_project
from record import Record
from report import Report, Verdict, write_report
from terminal import STOPPED, as_table, print_table, say
from validation import (
    ModelFailed,
    check_imports,
    hardware_here,
    run_model,
    validate_command,
)

DEFAULTS = {"--answers-file": ".copier-answers.yml", "--conflict": "inline", "--context-lines": 3}
NOT_VALIDATED = "UPDATED, NOT VALIDATED"


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


def load_project_before(project: Project, answers_file: str) -> Project | None:
    """Read the answers of the last commit; None where it has none that mean something here."""
    text = git.committed(project.path, answers_file)
    answers = yaml.safe_load(text) if text else None
    if not isinstance(answers, dict) or answers.get("keras") not in project.facts.flavours:
        return None
    return Project(project.path, answers, project.facts)


def carry_over(project: Project, old: Project | None, begun: Record, report: Report) -> None:
    """Do all that can be done without running the project, and note it in the report."""
    job = plan_job(project, old)
    keep_what_cannot_be_merged(project.path, begun, report)
    merge_again(project, old, begun, job, report)
    keep_line_ends(project.path, begun)
    if keras_changed(project, old):
        migrate_code(project, job, report)
    note_left_overs(project.path, report)
    report.removed += whole_folders(project.path, git.removed_files(project.path))


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
