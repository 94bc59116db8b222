"""What `keras-imports check` costs beyond reading and parsing, and whether its memory is flat.

Run `python benchmarks/check.py [DIRECTORY …]`. Without a directory it downloads packages that use
Keras, and applications, and makes a tree of realistic sizes: the standard library's files, and
programs that use Keras. All numbers are ratios of times of the same run; on several cores the
command ends sooner than they say.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from measuring import ROOT, TOOL, parse, peak_memory, processor_seconds, published_trees, run

INSTALLED = ["--installed", "keras==3.15.1", "--installed", "tensorflow==2.21.0"]
LIMIT = 2  # times ast.parse of the files that mention Keras, plus reading all files


def make_tree(directory: Path, copies: int) -> None:
    """Write a tree in which a third of the files mention Keras."""
    cases = (ROOT / "tests" / "data" / "check_cases.txt").read_text("utf-8").split("\n=== ")[1:]
    style = [case.partition("\n")[2] for case in cases if "in the style of" in case]
    plain = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[:80]
    for copy in range(copies):
        for number, file in enumerate(plain):
            (directory / f"plain_{copy}_{number}.py").write_bytes(file.read_bytes())
        for number in range(40):
            body = "\n".join(style[(number + i) % len(style)] for i in range(4))
            filler = plain[number].read_text("utf-8", errors="replace")
            filler = filler.partition("from __future__")[0][:6000].rpartition("\n\n\n")[0]
            text = f"{body}\n{filler}\n"
            try:
                ast.parse(text)
            except SyntaxError:
                text = body
            (directory / f"model_{copy}_{number}.py").write_text(text, "utf-8")


def command(directories: Sequence[Path]) -> list[str | Path]:
    """Return the command as a person would run it."""
    return [*TOOL, "check", "--no-cache", *directories, *INSTALLED]


def best(action: Callable[[], object]) -> float:
    """Return the best of three runs, in seconds of processor time."""
    return min(processor_seconds(action) for _ in range(3))


def measure(directories: Sequence[Path]) -> None:
    """Print the numbers for some trees together."""
    files = [file for directory in directories for file in directory.rglob("*.py")]
    mentioning = [data for data in (file.read_bytes() for file in files) if b"keras" in data]
    start = best(lambda: run([*TOOL, "--help"]))
    python = best(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    reading = best(lambda: [file.read_bytes() for file in files])
    parsing = best(lambda: parse(mentioning))
    checking = best(lambda: run(command(directories)))
    allowed = LIMIT * parsing + reading
    names = ", ".join(directory.name for directory in directories)
    print(f"{names}: {len(files)} files, {len(mentioning)} of them mention Keras")
    print(f"read {reading:.3f} s, parse {parsing:.3f} s, check {checking:.3f} s (all processes)")
    print(f"check / ({LIMIT} × parse + read) = {checking / allowed:.2f}  (at most 1)")
    print(f"--help beyond Python's start: {(start - python) * 1000:.0f} ms  (under 100)")


def main() -> None:
    """Measure the directories named, or published packages and a tree made for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    directories = parser.parse_args().directories
    warnings.simplefilter("ignore")
    if directories:
        measure(directories)
        return
    with published_trees() as trees:
        for tree in trees:
            measure([tree])
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        make_tree(Path(small), 5)
        make_tree(Path(large), 20)
        measure([Path(large)])
        few, many = (peak_memory(command([Path(tree)])) for tree in (small, large))
        print(f"memory: {few:.0f} MB for 600 files, {many:.0f} MB for 2400: {many / few:.2f} ×")


if __name__ == "__main__":
    main()
