"""Compare a copy with the least that it could take.

render: `copier copy` with validate=skip, against `copier copy` of a template that holds the same
project as plain files and asks nothing.

validated: the whole copy with its validation and a warm package cache, against `uv sync` of the
same project and a script that imports Keras, builds, compiles and steps the same model.

    python benchmarks/copy.py                                   both, for the default answers
    python benchmarks/copy.py render --data keras=portable      one, for other answers

The two sides run in turn, since a machine's speed drifts; the ratio is that of their medians. The
exit code is 1 where a limit is missed. It runs the Copier of the interpreter that runs it, and uv.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "measured_project"
# What the floor of a validated copy runs.
STEP = f"""
import numpy as np
from {PACKAGE}.model import build_model, compile_model
x = np.random.default_rng(0).random((32, 8, 8, 1), "float32")
y = np.arange(32) % 10
model = build_model(x.shape[1:], 10)
compile_model(model)
model.fit(x, y, batch_size=32, epochs=1, verbose=0)
"""
# The project is to get an environment of its own on both sides, and bytecode as on most machines.
UNWANTED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in UNWANTED}
UV = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))

# One side of a comparison: makes a project in a new folder and gives the seconds that it took.
Side = Callable[[Path], float]


def main() -> int:
    """Measure what is asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", nargs="?", choices=BENCHMARKS, help="both by default")
    parser.add_argument("--data", action="append", default=[], metavar="QUESTION=ANSWER")
    parser.add_argument("--repetitions", type=int, help="15 of render, 5 of validated by default")
    arguments = parser.parse_args()
    met = True
    print(f"{'median seconds (fastest to slowest)':<36}{'copy':<24}{'floor':<24}ratio  limit")
    for name in [arguments.benchmark] if arguments.benchmark else BENCHMARKS:
        sides, limit, repetitions = BENCHMARKS[name]
        repetitions = arguments.repetitions or repetitions
        with tempfile.TemporaryDirectory() as folder:
            copies, floors = alternate(sides(Path(folder), arguments.data), folder, repetitions)
        ratio = statistics.median(copies) / statistics.median(floors)
        met &= ratio <= limit
        label = f"{name}, {repetitions} times each"
        print(
            f"{label:<36}{spread(copies):<24}{spread(floors):<24}{ratio:<7.2f}{limit}", flush=True
        )
    return 0 if met else 1


def render_sides(folder: Path, data: Sequence[str]) -> tuple[Side, Side]:
    """Render the template; copy a template of plain files."""
    template, project = prepare(folder, data)
    (project / "copier.yml").write_text("_exclude: [copier.yml]\n", "utf-8")
    render = [f"package_name={PACKAGE}", *data, "validate=skip"]
    return (
        lambda path: timed(copier(template, path, render)),
        lambda path: timed(copier(project, path, [])),
    )


def validated_sides(folder: Path, data: Sequence[str]) -> tuple[Side, Side]:
    """Copy and validate; synchronize the same project and step its model."""
    template, project = prepare(folder, data)
    python = Path(".venv", "Scripts" if os.name == "nt" else "bin", "python")

    def floor(path: Path) -> float:
        shutil.copytree(project, path)
        return timed([UV, "sync"], path) + timed([path / python, "-c", STEP], path)

    answers = [f"package_name={PACKAGE}", *data, "validate=full"]
    return lambda path: timed(copier(template, path, answers), shows="\nVALIDATED"), floor


def prepare(folder: Path, data: Sequence[str]) -> tuple[Path, Path]:
    """Lay out the template as it is here, uncommitted changes included, and its project."""
    template, project = folder / "template", folder / "project"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (template / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, template / name)
    timed(copier(template, project, [f"package_name={PACKAGE}", *data, "validate=skip"]))
    return template, project


def copier(template: Path, path: Path, data: Sequence[str]) -> list[str | Path]:
    """Give the command that copies a template without a question."""
    answers = [f"--data={answer}" for answer in data]
    options = ["--quiet", "--trust", "--defaults", *answers]
    return [sys.executable, "-m", "copier", "copy", *options, template, path]


def alternate(
    sides: tuple[Side, Side], folder: str, repetitions: int
) -> tuple[list[float], list[float]]:
    """Run the two sides in turn; the first round, which fills the caches, does not count."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for repetition in range(repetitions + 1):
        for side, found in zip(sides, seconds, strict=True):
            path = Path(folder, "made")
            taken = side(path)
            shutil.rmtree(path)
            if repetition:
                found.append(taken)
    return seconds


def timed(command: Sequence[str | Path], cwd: Path | None = None, shows: str = "") -> float:
    """Run a command and give its seconds; what it prints is shown where it is not as it should."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = time.perf_counter() - started
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode or shows not in output:
        raise SystemExit(f"{output}\nfailed: {' '.join(map(str, command))}")
    return seconds


def spread(seconds: Sequence[float]) -> str:
    """Give the median and the extremes."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


# How to make the two sides, the ratio that must not be exceeded, and how often each side runs.
BENCHMARKS = {"render": (render_sides, 1.3, 15), "validated": (validated_sides, 1.15, 5)}

if __name__ == "__main__":
    raise SystemExit(main())
