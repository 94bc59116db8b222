"""Prove that a project works, after it was copied.

Its import lines are checked, its environment is made, and its own `validate` command builds,
compiles and trains the model in it. A model that fails fails the copy. A machine that cannot
install does not: the project stays, and what was not checked is named.
"""

from __future__ import annotations

import re
import shlex
import sys
import time
from pathlib import Path

import git
from environment import CannotValidate
from merge.conflicts import CODE
from packaging.requirements import Requirement
from project import Project, load_project
from terminal import print_table, say
from validation import ModelFailed, check_imports, hardware_here, run_model, validate_command


def prove(path: Path, answers_file: str) -> int:
    """Validate the project in a folder as far as its answers ask; return the exit code."""
    project = load_project(path, answers_file)
    code = validate(project)
    if code == 0 and (others := unchecked_modules(path)):
        say(f"Not looked at, being neither in src nor in tests: {len(others)} of your files.")
        say(f"To see what they need: {migrate_command(project, others)}\n")
    return code


def unchecked_modules(path: Path) -> list[str]:
    """Return the code that git had before the copy, but for what was checked."""
    try:
        tracked = git.tracked_files(path, CODE)
    except (git.GitFailed, OSError):  # no repository, or no git
        return []
    return [file for file in tracked if not file.startswith(("src/", "tests/"))]


def migrate_command(project: Project, files: list[str]) -> str:
    """Return the command that shows how code is moved to the project's Keras."""
    places = dict.fromkeys(Path(file).parts[0] for file in files)
    return shlex.join(["keras-imports", "migrate", *places, "--to", project.keras, "--diff"])


def validate(project: Project) -> int:
    """Validate a project as far as its answers ask; return the exit code."""
    started = time.perf_counter()
    try:
        checked = check_imports(project)
    except CannotValidate as reason:
        return give_up(project, {}, str(reason))
    if checked.problems:
        print("The Keras imports are wrong:", *checked.problems, sep="\n  ", file=sys.stderr)
        return 1
    rows = checked.row()
    if project.answers["validate"] == "static":
        print_table("IMPORTS CHECKED, the model was not run, as asked", rows)
        say(f"To run it: {validate_command(project, hardware_here(project))}")
        return 0
    if lacking := missing_requirements(project):
        why = f"pyproject.toml was there before, and does not ask for {', '.join(lacking)}"
        return give_up(project, rows, why)
    try:
        rows |= run_model(project)
    except ModelFailed as failure:
        print(f"\nThe model does not work:\n{failure}\n", file=sys.stderr)
        print(
            "Copier removes a folder that it made; to keep it: --data validate=skip",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return give_up(project, rows, "interrupted")
    except (CannotValidate, OSError) as reason:  # OSError: a full disk, say
        return give_up(project, rows, str(reason))
    rows["time"] = f"{time.perf_counter() - started:.1f} s"
    print_table("VALIDATED", rows)
    return 0


def missing_requirements(project: Project) -> list[str]:
    """Return what the project needs and its pyproject.toml does not name, which was kept then."""
    text = (project.path / "pyproject.toml").read_text("utf-8", errors="replace")
    if re.search(r"^dynamic\s*=.*dependencies", text, re.MULTILINE):
        return []  # another file names them
    text = re.sub(r"[-_.]+", "-", text.lower())  # of a name any spelling will do
    needs = map(Requirement, project.requirements(project.hardware))
    names = [need.name for need in needs if need.marker is None or need.marker.evaluate()]
    # In quotes as a list has it, or before an equals sign as Poetry's tables have it.
    return [
        n for n in names if not re.search(rf"""["']{n}(?![\w-])|^{n}\s*=""", text, re.MULTILINE)
    ]


def give_up(project: Project, rows: dict[str, str], reason: str) -> int:
    """Say that the project was not validated and why; return 0, since the project stays."""
    print_table("NOT VALIDATED", {"reason": reason, **rows})
    command = validate_command(project, hardware_here(project))
    say(f"The project is complete. To validate it later: {command}")
    return 0
