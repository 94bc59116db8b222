"""What a look-up in the atlas costs a fresh process, beside Python's own start.

Run it with the package on the path: `PYTHONPATH=src python benchmarks/where.py`. The limits are
those of an idle machine; the ratio to Python's start compares machines.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

SRC = Path(__file__).parents[1] / "src"
START = "pass"
LOOKUP = """
from keras_imports import atlas
env = atlas.environment(["keras==2.3.1", "tensorflow==2.1.4"])
assert atlas.lookup(env, "keras.layers.normalization.BatchNormalization")
"""
WHERE = """
from argparse import Namespace
from keras_imports.commands import where
where.run(Namespace(symbol="BatchNormalization", release=None, all=False, flavour=None, json=False))
"""
LIMITS = {"look-up of one symbol": (LOOKUP, 0.050), "where BatchNormalization": (WHERE, 0.100)}
RUNS = 15


def seconds(code: str) -> float:
    """The best wall-clock time of a fresh process, its modules compiled before."""
    path = os.pathsep.join(filter(None, [str(SRC), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, check=True
        )
        times.append(time.perf_counter() - begin)
    return min(times[1:])


def main() -> None:
    """Print each time beyond Python's start; fail if one is over its limit."""
    start = seconds(START)
    print(f"Python's start {start * 1000:.1f} ms")
    slow = []
    for name, (code, limit) in LIMITS.items():
        more = seconds(code) - start
        ratio = more / start
        print(
            f"{name}: +{more * 1000:.1f} ms, {ratio:.2f} × the start; limit {limit * 1000:.0f} ms"
        )
        if more > limit:
            slow.append(name)
    sys.exit(f"over the limit: {', '.join(slow)}" if slow else 0)


if __name__ == "__main__":
    main()
