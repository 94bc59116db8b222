"""What `keras-imports migrate` costs beside its peers and beside parsing alone.

Run `python benchmarks/migrate.py [DIRECTORY …]`. Without a directory it downloads packages that
use Keras, of different ages, into a temporary one. The peers are measured where they are installed:
`tf_upgrade_v2` (it comes with TensorFlow) and a minimal import rewriter on LibCST. All times are of
one run, on one core.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "keras_imports", "migrate"]
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
PACKAGES = (
    *("keras==1.2.2", "keras==2.0.9", "keras==2.2.4", "keras-bert==0.89.0", "keras-rl2==1.0.5"),
    *("keras-self-attention==0.51.0", "keras-tuner==1.0.1", "autokeras==1.0.18", "deepctr==0.9.3"),
    *("segmentation-models==1.0.1", "spektral==1.2.0"),
)
LIBCST = """
import sys
from pathlib import Path
import libcst as cst

class Move(cst.CSTTransformer):
    def leave_ImportFrom(self, original_node, updated_node):
        if updated_node.module is None:
            return updated_node
        name = cst.Module([]).code_for_node(updated_node.module)
        if name.split(".")[0] != "keras":
            return updated_node
        return updated_node.with_changes(module=cst.parse_expression("tensorflow." + name))

for file in Path(sys.argv[1]).rglob("*.py"):
    text = file.read_bytes()
    if b"keras" in text:
        try:
            new = cst.parse_module(text).visit(Move()).bytes
        except Exception:
            continue
        if new != text:
            file.write_bytes(new)
"""


def download(directory: Path) -> None:
    """Put the packages' code, and no more of them, into a directory."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([*pip, "--dest", folder, package], capture_output=True, text=True)
            for file in Path(folder).iterdir():
                unpack(file, directory / package)
            if done.returncode:
                print(f"{package} could not be downloaded: {done.stderr.strip()[-200:]}")


def unpack(archive: Path, directory: Path) -> None:
    """Unpack the Python files of a wheel or source archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith(".py"):
                    wheel.extract(name, directory)
    else:
        with tarfile.open(archive) as source:
            for member in source.getmembers():
                if member.name.endswith(".py"):
                    source.extract(member, directory, filter="data")


def seconds(action: Callable[[], object]) -> float:
    """The processor time of one run and its children: others may use the machine, too."""
    start = os.times()
    action()
    return sum(os.times()[:4]) - sum(start[:4])


def on_copies(tree: Path, command: Callable[[Path], list[str]]) -> float:
    """The best of three runs of a command, each on a fresh copy of a tree."""
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "tree"
            shutil.copytree(tree, copy)
            run = [*command(copy)]
            times.append(
                seconds(lambda run=run: subprocess.run(run, env=ENVIRON, capture_output=True))
            )
    return min(times)


def parse(files: list[bytes]) -> None:
    """Parse what can be parsed."""
    for data in files:
        try:
            ast.parse(data)
        except (SyntaxError, ValueError):
            continue


def peak_memory(tree: Path) -> float:
    """Megabytes of the largest process of one run that writes nothing."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, *COMMAND, tree, "--to", "keras", "--check"]
    answer = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=True)
    return int(answer.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def measure(tree: Path) -> None:
    """Print the numbers for one tree."""
    contents = [file.read_bytes() for file in tree.rglob("*.py")]
    mentioning = [data for data in contents if b"keras" in data]
    print(f"{len(contents)} files, {len(mentioning)} of them mention Keras")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    floor = min(seconds(lambda: parse(mentioning)) for _ in range(3))
    ours = on_copies(tree, lambda copy: [*COMMAND, str(copy), "--to", "keras"])
    print(f"parse {floor:.2f} s, migrate {ours:.2f} s: {ours / floor:.1f} × (at most 2)")
    upgrade = shutil.which("tf_upgrade_v2")
    if upgrade is None:
        print("tf_upgrade_v2 is not installed: not measured")
    else:
        options = "--intree {0} --outtree {0}-new --reportfile {0}-report"
        peer = on_copies(tree, lambda copy: [upgrade, *options.format(copy).split()])
        print(f"tf_upgrade_v2 {peer:.2f} s: migrate is {peer / ours:.1f} × as fast (at least 15)")
    if importlib.util.find_spec("libcst") is None:
        print("libcst is not installed: not measured")
    else:
        peer = on_copies(tree, lambda copy: [sys.executable, "-c", LIBCST, str(copy)])
        print(f"a LibCST rewriter {peer:.2f} s: {peer / ours:.1f} × as fast (at least 10)")
    os.sched_setaffinity(0, cores)


def measure_memory() -> None:
    """Print the memory for a thousand small files, and for a hundred thousand."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        for directory, count in ((few, 1_000), (many, 100_000)):
            for number in range(count):
                folder = Path(directory, str(number // 1000))
                folder.mkdir(exist_ok=True)
                text = f"import keras\n\nlayer_{number} = keras.layers.Dense({number})\n"
                (folder / f"m{number}.py").write_text(text, "utf-8")
        small, large = peak_memory(Path(few)), peak_memory(Path(many))
    print(f"memory: {small:.0f} MB for 1,000 files, {large:.0f} MB for 100,000")


def main() -> None:
    """Measure the directories named, or published packages."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        trees = list(map(Path, sys.argv[1:])) or [Path(folder)]
        if not sys.argv[1:]:
            download(trees[0])
        for tree in trees:
            measure(tree)
    measure_memory()


if __name__ == "__main__":
    main()
