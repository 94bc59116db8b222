"""What a look-up in the atlas costs a fresh process, beside Python's own start.

The limits are those of an idle machine; the ratio to Python's start compares machines. The exit
code is 1 where a limit is missed.

    python benchmarks/where.py
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from measuring import TOOL_ENVIRONMENT

START = "pass"
LOOKUP = """
from keras_imports import atlas
env = atlas.environment(["keras==2.3.1", "tensorflow==2.1.4"])
assert atlas.lookup(env, "keras.layers.normalization.BatchNormalization")
"""
WHERE = """
from keras_imports.cli import main
assert main(["where", "BatchNormalization"]) == 0
"""
# What runs, and the seconds that it may take beyond Python's start.
LIMITS = {"look-up of one symbol": (LOOKUP, 0.050), "where BatchNormalization": (WHERE, 0.100)}
RUNS = 15


def seconds(code: str) -> float:
    """Return the best wall-clock time of a fresh process, its modules compiled before."""
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code],
            env=TOOL_ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        times.append(time.perf_counter() - begin)
    return min(times[1:])


def main() -> int:
    """Print each time beyond Python's start, and what is over its limit."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    start = seconds(START)
    print(f"Python's start {start * 1000:.1f} ms")
    met = True
    for name, (code, limit) in LIMITS.items():
        more = seconds(code) - start
        met &= more <= limit
        print(
            f"{name}: +{more * 1000:.1f} ms, {more / start:.2f} × the start; "
            f"limit {limit * 1000:.0f} ms"
        )
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
