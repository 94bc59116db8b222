"""Prove that a project works, after it was copied.

Its import lines are checked, its environment is made, and its own `validate` command builds,
compiles and trains the model in it. A model that fails fails the copy. A machine that cannot
install does not: the project stays, and what was not checked is named.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from environment import CannotValidate
from project import Project, load_project
from terminal import print_table, say
from validation import ModelFailed, check_imports, hardware_here, run_model, validate_command


def prove(path: Path, answers_file: str) -> int:
    """Validate the project in a folder as far as its answers ask; return the exit code."""
    project = load_project(path, answers_file)
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


def give_up(project: Project, rows: dict[str, str], reason: str) -> int:
    """Say that the project was not validated and why; return 0, since the project stays."""
    print_table("NOT VALIDATED", {"reason": reason, **rows})
    command = validate_command(project, hardware_here(project))
    say(f"The project is complete. To validate it later: {command}")
    return 0
