"""What `keras-imports check` costs beyond reading and parsing, and whether its memory is flat.

Run `python benchmarks/check.py [DIRECTORY …]`. Without a directory it makes a tree of realistic
sizes in a temporary one: the standard library's files, and programs that use Keras. All numbers
are ratios of times of the same run; on several cores the command ends sooner than they say.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "keras_imports"]
ENVIRON = {"PYTHONPATH": str(ROOT / "src"), "PATH": ""}
INSTALLED = ["--installed", "keras==3.15.1", "--installed", "tensorflow==2.21.0"]
LIMIT = 1.5  # times ast.parse of the files that mention Keras, plus reading all files


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


def seconds(action) -> float:
    """The best of three runs, in seconds of processor time: others may use the machine, too."""
    times = []
    for _ in range(3):
        start = os.times()
        action()
        times.append(sum(os.times()[:4]) - sum(start[:4]))
    return min(times)


def check(*paths: str) -> None:
    """Run the command as a person would, whatever it finds."""
    command = [*COMMAND, "check", *paths, *INSTALLED]
    subprocess.run(command, env=ENVIRON, capture_output=True, check=False)


def peak_memory(*paths: str) -> float:
    """Megabytes of the largest process of one run, measured in a process of its own."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, *COMMAND, "check", *paths, *INSTALLED]
    answer = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=True)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return int(answer.stdout) / unit


def measure(*paths: str) -> None:
    """Print the ratio for one tree."""
    files = [file for path in paths for file in Path(path).rglob("*.py")]

    def read() -> None:
        for file in files:
            file.read_bytes()

    mentioning = [data for data in (file.read_bytes() for file in files) if b"keras" in data]

    def parse() -> None:
        for data in mentioning:
            try:
                ast.parse(data)
            except (SyntaxError, ValueError):
                continue

    start = seconds(lambda: subprocess.run([*COMMAND, "--help"], env=ENVIRON, capture_output=True))
    python = seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], env=ENVIRON))
    reading, parsing, checking = seconds(read), seconds(parse), seconds(lambda: check(*paths))
    allowed = LIMIT * parsing + reading
    print(f"{len(files)} files, {len(mentioning)} of them mention Keras")
    print(f"read {reading:.3f} s, parse {parsing:.3f} s, check {checking:.3f} s (all processes)")
    print(f"check / ({LIMIT} × parse + read) = {checking / allowed:.2f}  (at most 1)")
    print(f"--help beyond Python's start: {(start - python) * 1000:.0f} ms  (under 100)")


def main() -> None:
    """Measure the directories named, or a tree made for it."""
    warnings.simplefilter("ignore")
    if sys.argv[1:]:
        measure(*sys.argv[1:])
        return
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        make_tree(Path(small), 5)
        make_tree(Path(large), 20)
        measure(large)
        few, many = peak_memory(small), peak_memory(large)
        print(f"memory: {few:.0f} MB for 600 files, {many:.0f} MB for 2400: {many / few:.2f} ×")


if __name__ == "__main__":
    main()
