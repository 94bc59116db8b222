"""Print what the requirements of flavours.yml resolve to today, for every answer.

Linux on x86-64, wheels alone, from the index that uv is configured with. Only metadata is read. The
CPU build of torch has an index of its own; the release is the same as in the default one. The exit
code is 1 if something does not resolve.

    python scripts/resolve.py
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "hooks"))

from project import Project, load_facts

PLATFORM = "x86_64-manylinux_2_28"
# Wheels at hand are for this machine; the question is what the index has.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "UV_FIND_LINKS"}


def main() -> int:
    """Print a line for every flavour, backend, hardware and Python release."""
    facts = load_facts()
    failed = 0
    for keras, flavour in facts.flavours.items():
        for backend, hardware in itertools.product(flavour.backends, facts.hardware):
            answers = {"keras": keras, "backend": backend, "python": flavour.python}
            project = Project(Path(), answers, facts)
            shown = {flavour.distribution, *facts.backends[backend].distributions, "numpy"}
            for python in project.pythons:
                found, refusal = resolve(tuple(project.requirements(hardware)), python)
                failed += bool(refusal)
                versions = [f"{name} {version}" for name, version in found if name in shown]
                result = f"does not resolve\n{refusal}" if refusal else ", ".join(versions)
                print(f"{keras:16} {backend:10} {hardware}  {python:5} {result}", flush=True)
    return 1 if failed else 0


@functools.cache
def resolve(requirements: tuple[str, ...], python: str) -> tuple[list[tuple[str, str]], str]:
    """Give the distributions and their versions; if there are none, uv's reason."""
    command = ["uv", "pip", "compile", "-", "--no-header", "--no-annotate", "--only-binary=:all:"]
    answer = subprocess.run(
        [*command, f"--python-version={python}", f"--python-platform={PLATFORM}"],
        input="\n".join(requirements),
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    if answer.returncode:
        return [], answer.stderr.strip()
    return re.findall(r"^(\S+)==(\S+)", answer.stdout, re.MULTILINE), ""


if __name__ == "__main__":
    raise SystemExit(main())
