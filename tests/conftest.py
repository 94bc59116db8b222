"""What the tests share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, Phase, settings
from projects import find_uv

from keras_imports import atlas


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        help="run every combination of answers, not only the sample that covers each answer",
    )
    parser.addoption(
        "--examples", type=int, default=15, help="how many odd files of each kind are tried"
    )


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> settings:
    """How many examples hypothesis makes: few, the same ones each time."""
    return settings(
        max_examples=request.config.getoption("--examples"),
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all"):
        rest = [item for item in items if item.get_closest_marker("rest")]
        config.hook.pytest_deselected(items=rest)
        items[:] = [item for item in items if not item.get_closest_marker("rest")]
    if hasattr(config, "workerinput"):
        # Slow ones first: at the end, when a process has no more to do, only quick ones are left.
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for the whole test run, whichever of its processes asks."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def installed(shared: Path) -> Path:
    """The Python of an environment with the newest releases of all flavours."""
    uv = find_uv()
    if not uv or not (3, 11) <= sys.version_info[:2] <= (3, 13):
        pytest.skip("needs uv and a Python that the current releases support")
    folder = shared / "environment"
    python = folder / "bin" / "python"
    with FileLock(f"{folder}.lock"):
        done = Path(f"{folder}.done")
        if not done.exists():
            subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
            named = {"keras": "keras", "tensorflow.keras": "tensorflow-cpu", "tf_keras": "tf-keras"}
            packages = [f"{name}=={atlas.releases(flavour)[-1]}" for flavour, name in named.items()]
            packages.append("pyyaml")  # what the tool reads its data by
            install = [uv, "pip", "install", "-q", "--python", python, *packages]
            subprocess.run(install, check=True)
            done.touch()
    return python
