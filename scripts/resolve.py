"""Say what the requirements of flavours.yml resolve to today, or which of them are behind.

    python scripts/resolve.py

prints what they resolve to for every answer: on Linux on x86-64, from wheels alone and the index
that uv is configured with. Only metadata is read. The CPU build of torch has an index of its own;
the release is the same as in the default one. The exit code is 1 if something does not resolve.

    python scripts/resolve.py --outdated

prints the ranges that the newest release of a distribution is beyond, and the releases that the
atlas lacks, with what adds them. The exit code is 1 if there are any. The tools of developers are
pinned on purpose and are not looked at.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packaging.requirements import Requirement

sys.path.append(str(Path(__file__).resolve().parent.parent / "hooks"))
sys.path.append(str(Path(__file__).resolve().parent.parent / "src"))

from project import Facts, Project, load_facts

from keras_imports import atlas
from keras_imports.atlas.build import archives
from keras_imports.flavours import FLAVOURS, TARGETS
from keras_imports.versions import minor_of, version_key

PLATFORM = "x86_64-manylinux_2_28"
# Wheels at hand are for this machine; the question is what the index has.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "UV_FIND_LINKS"}
Released = Callable[[str], Sequence[str]]  # the releases of a distribution, oldest first


def main() -> int:
    """Print what the arguments ask for, and return the exit code."""
    parser = argparse.ArgumentParser(description="Look at the requirements of flavours.yml.")
    parser.add_argument(
        "--outdated",
        action="store_true",
        help="say which ranges are behind the index, and which releases the atlas lacks",
    )
    facts = load_facts()
    if not parser.parse_args().outdated:
        return print_resolved(facts)
    released = functools.cache(archives.released)
    lines = [*outdated(facts, released), *missing_in_atlas(released)]
    print("\n".join(lines) or "nothing is outdated")
    return 1 if lines else 0


def outdated(facts: Facts, released: Released) -> Iterator[str]:
    """Yield a line for each range that does not admit the newest release of its distribution."""
    by_hardware = [flavour.backend_requires for flavour in facts.flavours.values()]
    by_hardware += [backend.requires for backend in facts.backends.values()]
    texts = [text for flavour in facts.flavours.values() for text in flavour.requires]
    texts += [text for requires in by_hardware for some in requires.values() for text in some]
    seen = set()
    for requirement in map(Requirement, [*texts, *facts.requires]):
        asked = f"{requirement.name}{requirement.specifier}"
        newest = released(requirement.name)[-1]
        if asked not in seen and newest not in requirement.specifier:
            yield f"flavours.yml: {asked} does not admit {requirement.name} {newest}"
        seen.add(asked)


def missing_in_atlas(released: Released) -> Iterator[str]:
    """Yield a line for each release that the atlas lacks.

    It holds the last patch of every minor release; only what is newer than all it has counts.
    """
    for flavour in map(FLAVOURS.__getitem__, TARGETS):
        newest = atlas.releases(flavour.root)[-1]
        last: dict[tuple[int, int], str] = {}
        for release in released(flavour.distribution):
            if version_key(release) > version_key(newest):
                last[minor_of(release)] = release
        for release in last.values():
            asked = f"{flavour.distribution}=={release}"
            yield f"the atlas lacks {asked}; run `keras-imports atlas add {asked}`"


def print_resolved(facts: Facts) -> int:
    """Print a line for every flavour, backend, hardware and Python release."""
    failed = 0
    for keras, flavour in facts.flavours.items():
        for backend, hardware in itertools.product(flavour.backends, facts.hardware):
            answers = {"keras": keras, "backend": backend, "python": flavour.python}
            project = Project(Path(), answers, facts)
            shown = {flavour.distribution, *facts.backends[backend].distributions, "numpy"}
            for python in project.pythons:
                resolved, refusal = resolve(tuple(project.requirements(hardware)), python)
                failed += bool(refusal)
                versions = [f"{name} {version}" for name, version in resolved if name in shown]
                result = f"does not resolve\n{refusal}" if refusal else ", ".join(versions)
                print(f"{keras:16} {backend:10} {hardware}  {python:5} {result}", flush=True)
    return 1 if failed else 0


@functools.cache
def resolve(requirements: tuple[str, ...], python: str) -> tuple[list[tuple[str, str]], str]:
    """Return the distributions and their versions; if there are none, uv's reason."""
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
