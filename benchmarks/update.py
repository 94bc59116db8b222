"""Compare an update to another flavour with the same update without the template's migration.

The project is a fresh copy with a user's work in it: an import line changed, so that Copier leaves
a conflict, and modules of the user's own. Nothing is validated on either side.

    python benchmarks/update.py         the project's own size, and a package of 200 modules in it

The two sides run in turn, since a machine's speed drifts; the ratio is that of their medians. The
exit code is 1 where the limit is missed. It runs the Copier of the interpreter that runs it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

from measuring import ENVIRONMENT, Command, alternate, copier, heading, lay_out_template, row

LIMIT = 1.5
REPETITIONS = 9
IDENTITY = {
    f"GIT_{who}_{what}": "ada@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=REPETITIONS, help="of each side")
    repetitions = parser.parse_args().repetitions
    met = True
    heading("migrating", "not")
    for modules in (5, 200):
        with tempfile.TemporaryDirectory() as folder:
            projects = [prepare(Path(folder, name), modules) for name in ("migrating", "not")]
            seconds = alternate([partial(update, project) for project in projects], repetitions)
        met &= row(f"{modules} own modules", seconds, LIMIT)
    return 0 if met else 1


def prepare(folder: Path, modules: int) -> Path:
    """Lay out the template, with its migration unless the folder is called `not`, and a project."""
    template, project = folder / "template", folder / "project"
    lay_out_template(template)
    if folder.name == "not":
        questions = template / "copier.yml"
        text = questions.read_text("utf-8")
        start, end = text.index("_migrations:"), text.index("_message_after_copy:")
        questions.write_text(text[:start] + text[end:], "utf-8")
    commit(template)
    answers = ["--vcs-ref=HEAD", "--data=package_name=measured", "--data=validate=skip"]
    run(copier("copy", *answers, template, project), folder)
    model = project / "src/measured/model.py"
    text = model.read_text("utf-8")
    model.write_text(text.replace("layers, optimizers\n", "layers, optimizers, regularizers\n"))
    for number in range(modules):
        (project / f"src/measured/own{number}.py").write_text(MODULE, "utf-8")
    commit(project)
    return project


def update(project: Path) -> float:
    """Update to another flavour, check that it is one, undo it, and return the seconds it took."""
    started = time.perf_counter()
    run(copier("update", "--vcs-ref=:current:", "--data=keras=tf_keras"), project)
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


def run(command: Command, cwd: Path) -> None:
    """Run a command; exit with what it printed where it fails."""
    own = ENVIRONMENT | IDENTITY
    done = subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nfailed: {' '.join(map(str, command))}")


if __name__ == "__main__":
    raise SystemExit(main())
