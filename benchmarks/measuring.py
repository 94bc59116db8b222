"""What the benchmarks share: how to run a thing, to measure it and to print it."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "src"))

from keras_imports.atlas.build import archives

ROOT = Path(__file__).resolve().parent.parent
# Packages that use Keras, of different ages.
PACKAGES = (
    *("keras==1.2.2", "keras==2.0.9", "keras==2.2.4", "keras-bert==0.89.0", "keras-rl2==1.0.5"),
    *("keras-self-attention==0.51.0", "keras-tuner==1.0.1", "autokeras==1.0.18", "deepctr==0.9.3"),
    *("segmentation-models==1.0.1", "spektral==1.2.0"),
)
# Collections of models, detectors and programs, of which only the files that import Keras count.
APPLICATIONS = (
    *("tf2cv==0.0.18", "kerascv==0.0.40", "keras-unet-collection==0.1.13", "keras-unet==0.1.2"),
    *("keras-retinanet==1.0.0", "keras-maskrcnn==0.2.2", "keras-resnet==0.2.0", "keras-rl==0.4.2"),
    *("keras-vggface==0.6", "keras-gym==0.2.17", "matchzoo==2.2.0", "innvestigate==2.0.2"),
)
SAMPLE = 5  # so many published files are measured by one, so that all ends in a few minutes
_IMPORTS_KERAS = re.compile(r"^[ \t]*(?:from|import)[ \t].*keras", re.MULTILINE)
TOOL = [sys.executable, "-m", "keras_imports"]
# A project is to get an environment of its own, and bytecode is written as on most machines.
_UNWANTED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
# The tool is this checkout's; a project must not see it.
TOOL_ENVIRONMENT = ENVIRONMENT | {"PYTHONPATH": str(ROOT / "src")}

Command = Sequence[str | Path]


def processor_seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call and its children: others may use the machine, too."""
    start = os.times()
    action()
    return sum(os.times()[:4]) - sum(start[:4])


def run(command: Command) -> None:
    """Run the tool or a peer of it, whatever it finds and prints."""
    subprocess.run(command, env=TOOL_ENVIRONMENT, capture_output=True, check=False)


def parse(files: Iterable[bytes]) -> None:
    """Parse what can be parsed."""
    for data in files:
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(data)


@contextlib.contextmanager
def published_trees() -> Iterator[list[Path]]:
    """Give two trees of a fixed sample of published files, and say so.

    The archives are kept in the user's cache directory.
    """
    print(
        f"of the published packages: each {SAMPLE}th file, in the order of their names", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        packages, applications = Path(folder, "packages"), Path(folder, "applications")
        _download(PACKAGES, packages, re.compile(""))
        _download(APPLICATIONS, applications, _IMPORTS_KERAS)
        yield [packages, applications]


def _download(packages: Iterable[str], directory: Path, wanted: re.Pattern[str]) -> None:
    """Put a sample of the packages' Python files into a directory that have what is wanted."""
    count = 0
    for package in packages:
        name, _, version = package.partition("==")
        texts = archives.sources(name, version, re.compile(r".*\.py"), archives.default_cache())
        for path, text in sorted(texts.items()):
            if not wanted.search(text):
                continue
            count += 1
            if count % SAMPLE == 0:
                file = directory / package / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8", newline="")


def peak_memory(command: Command) -> float:
    """Return the megabytes of the largest process of one run, measured in a process of its own."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, *command],
        env=TOOL_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def lay_out_template(folder: Path) -> None:
    """Copy the template as it is here, uncommitted changes included, without its history."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def copier(operation: str, *arguments: str | Path) -> list[str | Path]:
    """Return the command that runs this interpreter's Copier without a question."""
    options = ["--quiet", "--trust", "--defaults"]
    return [sys.executable, "-m", "copier", operation, *options, *arguments]


def alternate(sides: Sequence[Callable[[], float]], repetitions: int) -> list[list[float]]:
    """Return the seconds that each side measures, run in turn since a machine's speed drifts.

    The first round, which fills the caches, does not count.
    """
    rounds = [[side() for side in sides] for _ in range(repetitions + 1)]
    return [list(seconds) for seconds in zip(*rounds[1:], strict=True)]


def heading(*sides: str) -> None:
    """Print the heading of a table of two sides."""
    print(f"{'median seconds (fastest to slowest)':<38}{sides[0]:<24}{sides[1]:<24}ratio  limit")


def row(label: str, sides: Sequence[Sequence[float]], limit: float) -> bool:
    """Print both sides and the ratio of their medians; return whether it is within the limit."""
    first, second = sides
    ratio = statistics.median(first) / statistics.median(second)
    label = f"{label}, {len(first)} times each"
    print(f"{label:<38}{_spread(first):<24}{_spread(second):<24}{ratio:<7.2f}{limit}", flush=True)
    return ratio <= limit


def _spread(seconds: Sequence[float]) -> str:
    """Return the median and the extremes, as text."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"
