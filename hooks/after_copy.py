"""Prove that a generated project works: run by Copier after a copy, in the project's folder.

It checks the import lines, makes the environment, and has the project's own `validate` command
build, compile and train the model in it. A model that fails fails the copy. A machine that cannot
install does not: the project stays, and what was not checked is named. Only Copier's own
dependencies and the standard library are used.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from environment import (
    BIN,
    DISK_FULL,
    CannotInstall,
    Environment,
    find_python,
    find_uv,
    has_foreign_environment,
    plan_route,
    provide_environment,
    resolve_without_download,
)
from project import Project, load_project
from terminal import own_interrupts, run
from validation import check_imports


class ModelFailed(Exception):  # noqa: N818, the text is all that is shown
    """The model does not work; the text holds the last lines of what it printed."""


def main(answers_file: str) -> int:
    """Validate the project in the current folder as far as its answers ask; give the exit code."""
    # Lines in their order among those of the tools, and never an error for want of a character.
    sys.stdout.reconfigure(errors="replace", line_buffering=True)
    project = load_project(Path.cwd(), answers_file)
    started = time.perf_counter()
    checked = check_imports(project)
    if checked.problems:
        print("The Keras imports are wrong:", *checked.problems, sep="\n  ", file=sys.stderr)
        return 1
    rows = {
        "imports": f"{checked.statements} of {project.root} in {checked.files} files, all right"
    }
    if project.answers["validate"] == "static":
        show("IMPORTS CHECKED, the model was not run, as asked", rows)
        print(f"To run it: {later(project, machine(project))}")
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
        except CannotInstall as reason:
            return give_up(project, rows, str(reason))
        except KeyboardInterrupt:
            return give_up(project, rows, "interrupted")
        except OSError as error:  # a full disk, say
            return give_up(project, rows, str(error))
    rows["time"] = f"{time.perf_counter() - started:.1f} s"
    show("VALIDATED", rows)
    return 0


def run_model(project: Project) -> dict[str, str]:
    """Make the environment and run the model in it; give the rows of the closing table.

    Raises CannotInstall, ModelFailed.
    """
    hardware = machine(project)
    print(f"\nMaking the environment for {project.flavour['title']} on {hardware.upper()}")
    environment = provide_environment(project, hardware)
    print("\nBuilding, compiling and training the model for a step")
    report = run_validate(project, environment)
    versions = report["versions"]
    names = project.facts["backends"][report["backend"]]["distributions"]
    backend = next(f"{name} {versions[name]}" for name in names if name in versions)
    rows = {
        "flavour": f"{project.answers['keras']} {report['keras']} on {backend}",
        "python": f"{environment.release}, {environment.how}",
        "device": f"{', '.join(report['devices'])}, {report['precision']}",
        "model": f"{report['model']}, {report['parameters']:,} parameters, "
        f"loss {report['loss']:.3f} in its first step",
    }
    if hardware != project.hardware:
        rows |= check_gpu_requirements(project)
    return rows


def run_validate(project: Project, environment: Environment) -> dict[str, Any]:
    """Run the project's own `validate` command; give its report. Raises ModelFailed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [environment.python, "-m", project.package, "validate", "--json", path]
        paths = [str(project.path / "src"), os.environ.get("PYTHONPATH", "")]
        variables = {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONIOENCODING": f"{sys.stdout.encoding}:replace",
        }
        answer = run(
            command, cwd=project.path, env={**os.environ, **variables}, stderr=subprocess.PIPE
        )
        if answer.returncode < 0:
            raise CannotInstall(f"the process was ended by signal {-answer.returncode}")
        errors = answer.stderr.decode("utf-8", "replace").strip()
        if re.search(DISK_FULL, errors):
            raise CannotInstall("the disk is full")
        if answer.returncode or not path.exists():
            raise ModelFailed("\n".join(f"  {line}" for line in errors.splitlines()[-15:]))
        return json.loads(path.read_text("utf-8"))


def check_gpu_requirements(project: Project) -> dict[str, str]:
    """Say what a machine without a GPU can say of a GPU project."""
    platform = f"Linux x86-64, Python {project.answers['python']}"
    try:
        refusal = resolve_without_download(project, "gpu")
    except CannotInstall as reason:
        found = f"not checked, {str(reason).splitlines()[0]}; to check, with uv: uv lock"
    else:
        found = f"do not resolve: {refusal}" if refusal else f"resolve for {platform}"
    return {
        "gpu needs": f"{', '.join(project.keras_requirements('gpu'))} {found}",
        "not run": f"the model on a GPU; where there is one: {later(project, 'gpu')}\n"
        "and the tests with pytest --require-gpu",
    }


def has_gpu() -> bool:
    """Tell whether NVIDIA's driver finds a GPU."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    answer = subprocess.run([tool, "--list-gpus"], capture_output=True, text=True)
    return answer.returncode == 0 and "GPU" in answer.stdout


def give_up(project: Project, rows: dict[str, str], reason: str) -> int:
    """Say that nothing was validated and why; the project stays, so this is no failure."""
    show("NOT VALIDATED", {"reason": reason, **rows})
    print(f"The project is complete. To validate it later: {later(project, machine(project))}")
    return 0


def machine(project: Project) -> str:
    """What the model runs on here: cpu, or gpu where the project is for one and there is one."""
    return "gpu" if project.hardware == "gpu" and has_gpu() else "cpu"


def later(project: Project, hardware: str) -> str:
    """Give the one command that validates the project on some hardware, from any folder."""
    steps = [["cd", str(project.path)]]
    if has_foreign_environment(project):
        steps.append(["move" if os.name == "nt" else "mv", ".venv", ".venv.old"])
    uv = find_uv()
    if uv and hardware == project.hardware:
        steps.append(["uv" if shutil.which("uv") else uv, "run", project.command, "validate"])
    else:
        route = plan_route(project, hardware, python_to_name)
        steps += route.commands
        python = str(Path(".venv", BIN, "python"))
        steps.append([python, "-m", project.package, "validate"])
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return " && ".join(join(step) for step in steps)


def python_to_name(project: Project) -> str:
    """Find an interpreter for the project, or name the one to be installed."""
    try:
        return find_python(project)
    except CannotInstall:
        return f"python{project.pythons[-1]}"


def show(heading: str, rows: dict[str, str]) -> None:
    """Print a heading and a table of two columns."""
    print(f"\n{heading}")
    width = max([10, *map(len, rows)])
    for name, value in rows.items():
        first, *rest = value.splitlines() or [""]
        print(f"  {name:{width}} {first}")
        print(*(f"  {'':{width}} {line}\n" for line in rest), sep="", end="")
    print(flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
