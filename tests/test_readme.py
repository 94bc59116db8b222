"""The README: it is short, its links lead somewhere, and its first command works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FACTS = yaml.safe_load((ROOT / "flavours.yml").read_text("utf-8"))
# The Python releases of the default flavour.
SUPPORTED = FACTS["python"][FACTS["python"].index(FACTS["flavours"]["keras"]["python"]) :]


def command(marker: str) -> str:
    """Return the command below a marker."""
    match = re.search(rf"<!-- {marker} -->\n```console\n(.*)\n```", README)
    assert match, f"README.md has no command below `<!-- {marker} -->`"
    return match[1]


def test_it_is_short_and_leads_to_every_page():
    assert len(README.splitlines()) <= 80
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)\)", README))
    assert linked == {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}


def test_the_start_names_the_pythons_of_the_default_flavour():
    named = re.search(r"You need Python ([\d., or]+), git", README)
    assert named
    assert re.split(", | or ", named[1]) == SUPPORTED


@pytest.mark.slow
def test_the_first_command_makes_a_project_and_trains_it(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("there is no repository to clone")
    if f"{sys.version_info[0]}.{sys.version_info[1]}" not in SUPPORTED:
        pytest.skip(f"the README's command is for Python {', '.join(SUPPORTED)}")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), "clone"], cwd=tmp_path, check=True)
    # Python, git and what a system has, but no uv.
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n', "utf-8")
    (tools / "python3").chmod(0o755)
    folders = [f for f in os.environ["PATH"].split(os.pathsep) if not shutil.which("uv", path=f)]
    path = os.pathsep.join([str(tools), *folders])
    unwanted = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    done = subprocess.run(
        ["/bin/sh", "-c", command("copy")],
        cwd=tmp_path / "clone",
        env=environment | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "\nVALIDATED" in done.stdout
    [metrics] = (tmp_path / "my-project" / "runs").glob("*/metrics.json")
    assert json.loads(metrics.read_text("utf-8"))
    assert not (tmp_path / "clone" / "runs").exists()
