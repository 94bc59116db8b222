"""What the tests share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from projects import find_uv

from keras_imports import atlas


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for the whole test run, whichever of its processes asks."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the newest releases of all flavours."""
    uv = find_uv()
    if not uv or not (3, 11) <= sys.version_info[:2] <= (3, 13):
        pytest.skip("needs uv and a Python that the current releases support")
    folder = tmp_path_factory.mktemp("environment") / "v"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    named = {"keras": "keras", "tensorflow.keras": "tensorflow-cpu", "tf_keras": "tf-keras"}
    packages = [f"{name}=={atlas.releases(flavour)[-1]}" for flavour, name in named.items()]
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    return python
