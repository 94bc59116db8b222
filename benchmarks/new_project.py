"""Compare a copy with the least that it could take.

render: `copier copy` with validate=skip, against `copier copy` of a template that holds the same
project as plain files and asks nothing.

validated: the whole copy with its validation and a warm package cache, against `uv sync` of the
same project and a script that imports Keras, builds, compiles and steps the same model.

    python benchmarks/new_project.py                                   both, the default answers
    python benchmarks/new_project.py render --data keras=portable      one, other answers

The two sides run in turn, since a machine's speed drifts; the ratio is that of their medians. The
exit code is 1 where a limit is missed. It runs the Copier of the interpreter that runs it, and uv.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from measuring import ENVIRONMENT, Command, alternate, copier, heading, lay_out_template, row

PACKAGE = "measured_project"
# What the floor of a validated copy runs.
STEP = f"""
from {PACKAGE}.data import first_examples, load_data
from {PACKAGE}.model import build_model
from {PACKAGE}.task import compile_model
data = load_data()
x, y = first_examples(data.train)
model = build_model(data)
compile_model(model)
model.fit(x, y, batch_size=32, epochs=1, verbose=0)
"""
UV = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"

# One side of a comparison: makes a project in a new folder and returns the seconds that it took.
Side = Callable[[Path], float]


def main() -> int:
    """Measure what is asked for and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("benchmark", nargs="?", choices=BENCHMARKS, help="both by default")
    parser.add_argument("--data", action="append", default=[], metavar="QUESTION=ANSWER")
    parser.add_argument("--repetitions", type=int, help="15 of render, 5 of validated by default")
    arguments = parser.parse_args()
    met = True
    heading("copy", "floor")
    for name in [arguments.benchmark] if arguments.benchmark else BENCHMARKS:
        make_sides, limit, repetitions = BENCHMARKS[name]
        with tempfile.TemporaryDirectory() as folder:
            made = make_sides(Path(folder), arguments.data)
            sides = [partial(make_anew, side, Path(folder, "made")) for side in made]
            seconds = alternate(sides, arguments.repetitions or repetitions)
        met &= row(name, seconds, limit)
    return 0 if met else 1


def make_anew(side: Side, path: Path) -> float:
    """Make a project, remove it, and return the seconds that making it took."""
    seconds = side(path)
    shutil.rmtree(path)
    return seconds


def render_sides(folder: Path, data: Sequence[str]) -> tuple[Side, Side]:
    """Render the template; copy a template of plain files."""
    template, project = prepare(folder, data)
    (project / "copier.yml").write_text("_exclude: [copier.yml]\n", "utf-8")
    render = [*data, "validate=skip"]
    return (
        lambda path: timed(copy_command(template, path, render)),
        lambda path: timed(copier("copy", project, path)),
    )


def validated_sides(folder: Path, data: Sequence[str]) -> tuple[Side, Side]:
    """Copy and validate; synchronize the same project and step its model."""
    template, project = prepare(folder, data)
    python = Path(".venv", "Scripts" if os.name == "nt" else "bin", "python")

    def floor(path: Path) -> float:
        shutil.copytree(project, path)
        return timed([UV, "sync"], path) + timed([path / python, "-c", STEP], path)

    validate = [*data, "validate=full"]
    return lambda path: timed(copy_command(template, path, validate), shows="\nVALIDATED"), floor


def prepare(folder: Path, data: Sequence[str]) -> tuple[Path, Path]:
    """Lay out the template and a project of it, and return both folders."""
    template, project = folder / "template", folder / "project"
    lay_out_template(template)
    timed(copy_command(template, project, [*data, "validate=skip"]))
    return template, project


def copy_command(template: Path, path: Path, data: Sequence[str]) -> list[str | Path]:
    """Return the command that copies a template with some answers."""
    answers = [f"--data={answer}" for answer in (f"package_name={PACKAGE}", *data)]
    return copier("copy", *answers, template, path)


def timed(command: Command, cwd: Path | None = None, shows: str = "") -> float:
    """Run a command and return its seconds; exit with what it printed unless `shows` is in it."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = time.perf_counter() - started
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode or shows not in output:
        raise SystemExit(f"{output}\nfailed: {' '.join(map(str, command))}")
    return seconds


# How to make the two sides, the ratio that must not be exceeded, and how often each side runs.
BENCHMARKS = {"render": (render_sides, 1.3, 15), "validated": (validated_sides, 1.15, 5)}

if __name__ == "__main__":
    raise SystemExit(main())
