"""Prove that a generated project works: run by Copier after a copy, in the project's folder.

It checks the import lines, makes the environment, and has the project's own `validate` command
build, compile and train the model in it. A model that fails fails the copy. A machine that cannot
install does not: the project stays, and what was not checked is named. Only Copier's own
dependencies and the standard library are used.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

# Nothing is installed for the hooks, and what happens to be installed beside Copier shall not win.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from environment import CannotInstall
from project import Project, load_project
from terminal import own_interrupts, print_as_it_comes, print_table, say
from validation import ModelFailed, check_imports, hardware_here, run_model, validate_command


def main(answers_file: str) -> int:
    """Validate the project in the current folder as far as its answers ask; return the exit code.

    `answers_file` is relative to the project.
    """
    print_as_it_comes()
    project = load_project(Path.cwd(), answers_file)
    started = time.perf_counter()
    checked = check_imports(project)
    if checked.problems:
        print("The Keras imports are wrong:", *checked.problems, sep="\n  ", file=sys.stderr)
        return 1
    rows = checked.row()
    if project.answers["validate"] == "static":
        print_table("IMPORTS CHECKED, the model was not run, as asked", rows)
        say(f"To run it: {validate_command(project, hardware_here(project))}")
        return 0
    with own_interrupts():
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
        except (CannotInstall, OSError) as reason:  # OSError: a full disk, say
            return give_up(project, rows, str(reason))
    rows["time"] = f"{time.perf_counter() - started:.1f} s"
    print_table("VALIDATED", rows)
    return 0


def give_up(project: Project, rows: dict[str, str], reason: str) -> int:
    """Say that the model was not run and why; return 0, since the project stays."""
    print_table("NOT VALIDATED", {"reason": reason, **rows})
    command = validate_command(project, hardware_here(project))
    say(f"The project is complete. To validate it later: {command}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
