"""Compare an update to another flavour with the same update without the template's migration.

The project is a fresh copy with a user's work in it: an import line changed, so that Copier leaves
a conflict, and modules of the user's own. Nothing is validated on either side.

    python benchmarks/update.py         the project's own size, and a package of 200 modules in it

The two sides run in turn, since a machine's speed drifts; the ratio is that of their medians. The
exit code is 1 where the limit is missed. It runs the Copier of the interpreter that runs it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1.5
REPETITIONS = 9
IDENTITY = {
    f"GIT_{who}_{what}": "ada@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
UNWANTED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in UNWANTED} | IDENTITY
MODULE = '''"""A module of the user's own."""

import numpy as np
from keras import layers, models
from keras.layers import Conv2D


def build(classes):
    """Build a model."""
    inputs = layers.Input((32, 32, 3))
    x = Conv2D(8, 3, padding="same")(inputs)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.Activation("relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return models.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def accuracy(model, x, y):
    """Measure it."""
    return float(np.mean(model.predict(x).argmax(axis=1) == y))
'''


def main() -> int:
    """Measure and print a table."""
    met = True
    print(f"{'median seconds (fastest to slowest)':<38}{'migrating':<24}{'not':<24}ratio  limit")
    for modules in (5, 200):
        with tempfile.TemporaryDirectory() as folder:
            sides = [prepare(Path(folder, name), modules) for name in ("migrating", "not")]
            seconds: list[list[float]] = [[], []]
            for repetition in range(REPETITIONS + 1):
                for project, found in zip(sides, seconds, strict=True):
                    taken = update(project)
                    if repetition:  # the first round fills the caches
                        found.append(taken)
        ratio = statistics.median(seconds[0]) / statistics.median(seconds[1])
        met &= ratio <= LIMIT
        label = f"{modules} own modules, {REPETITIONS} times each"
        print(f"{label:<38}{spread(seconds[0]):<24}{spread(seconds[1]):<24}{ratio:<7.2f}{LIMIT}")
    return 0 if met else 1


def prepare(folder: Path, modules: int) -> Path:
    """Lay out the template as it is here, with or without its migration, and a project of it."""
    template, project = folder / "template", folder / "project"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (template / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, template / name)
    if folder.name == "not":
        questions = template / "copier.yml"
        text = questions.read_text("utf-8")
        start, end = text.index("_migrations:"), text.index("_message_after_copy:")
        questions.write_text(text[:start] + text[end:], "utf-8")
    commit(template)
    data = ["--data=package_name=measured", "--data=validate=skip"]
    options = ["--quiet", "--trust", "--defaults", "--vcs-ref=HEAD", *data]
    run([sys.executable, "-m", "copier", "copy", *options, template, project], folder)
    model = project / "src/measured/model.py"
    text = model.read_text("utf-8")
    model.write_text(text.replace("layers, optimizers\n", "layers, optimizers, regularizers\n"))
    for number in range(modules):
        (project / f"src/measured/own{number}.py").write_text(MODULE, "utf-8")
    commit(project)
    return project


def update(project: Path) -> float:
    """Update to another flavour, check that it is one, and undo it."""
    options = ["--quiet", "--trust", "--defaults", "--vcs-ref=:current:", "--data=keras=tf_keras"]
    started = time.perf_counter()
    run([sys.executable, "-m", "copier", "update", *options], project)
    seconds = time.perf_counter() - started
    migrated = "from tf_keras import" in (project / "src/measured/own0.py").read_text("utf-8")
    if migrated != (project.parent.name == "migrating"):
        raise SystemExit(f"the project of the side {project.parent.name!r} is not as expected")
    run(["git", "reset", "--quiet", "--hard"], project)
    return seconds


def commit(folder: Path) -> None:
    """Make a repository of a folder."""
    run(["git", "init", "--quiet"], folder)
    run(["git", "add", "--all"], folder)
    run(["git", "commit", "--quiet", "--message", "all"], folder)


def run(command: list[str | Path], cwd: Path) -> None:
    """Run a command; what it prints is shown where it fails."""
    done = subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nfailed: {' '.join(map(str, command))}")


def spread(seconds: list[float]) -> str:
    """Give the median and the extremes."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    raise SystemExit(main())
