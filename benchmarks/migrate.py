"""What `keras-imports migrate` costs beside its peers and beside parsing alone.

Run `python benchmarks/migrate.py [DIRECTORY …]`. Without a directory it downloads packages that
use Keras, and applications. The peers are measured where they are installed: `tf_upgrade_v2` (it
comes with TensorFlow) and a minimal import rewriter on LibCST. All times are of one run, on one
core.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measuring import TOOL, Command, parse, peak_memory, processor_seconds, published_trees, run

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


def on_copies(tree: Path, command: Callable[[Path], Command]) -> float:
    """Return the best of three runs of a command, each on a fresh copy of a tree."""
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "tree"
            shutil.copytree(tree, copy)
            made = command(copy)
            times.append(processor_seconds(partial(run, made)))
    return min(times)


def measure(tree: Path) -> None:
    """Print the numbers for one tree."""
    contents = [file.read_bytes() for file in tree.rglob("*.py")]
    mentioning = [data for data in contents if b"keras" in data]
    print(f"{tree.name}: {len(contents)} files, {len(mentioning)} of them mention Keras")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    floor = min(processor_seconds(lambda: parse(mentioning)) for _ in range(3))
    ours = on_copies(tree, lambda copy: [*TOOL, "migrate", copy, "--to", "keras"])
    print(f"parse {floor:.2f} s, migrate {ours:.2f} s: {ours / floor:.1f} × (at most 3)")
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
        peer = on_copies(tree, lambda copy: [sys.executable, "-c", LIBCST, copy])
        print(f"a LibCST rewriter {peer:.2f} s: {peer / ours:.1f} × as fast (at least 10)")
    os.sched_setaffinity(0, cores)


def measure_memory() -> None:
    """Print the memory for a thousand small files, and for ten thousand."""
    peaks = []
    for count in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as tree:
            for number in range(count):
                folder = Path(tree, str(number // 1000))
                folder.mkdir(exist_ok=True)
                text = f"import keras\n\nlayer_{number} = keras.layers.Dense({number})\n"
                (folder / f"m{number}.py").write_text(text, "utf-8")
            peaks.append(peak_memory([*TOOL, "migrate", tree, "--to", "keras", "--check"]))
    print(f"memory: {peaks[0]:.0f} MB for 1,000 files, {peaks[1]:.0f} MB for 10,000")


def main() -> None:
    """Measure the directories named, or published packages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    trees = parser.parse_args().directories
    warnings.simplefilter("ignore")
    with contextlib.nullcontext(trees) if trees else published_trees() as measured:
        for tree in measured:
            measure(tree)
    measure_memory()


if __name__ == "__main__":
    main()
