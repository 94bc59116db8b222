"""The distribution: what the wheel holds, what it says of itself, and that it works alone."""

from __future__ import annotations

import email
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from projects import find_uv

import keras_imports

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "keras_imports"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what it is made of, so that no old build is in the way."""
    uv = find_uv()
    if not uv:
        pytest.skip("needs uv")
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "LICENSE", "docs/keras-imports.md"):
        (tree / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tree / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", tree / "src", ignore=ignored)
    built = tree / "dist"
    command = [uv, "build", "-q", "--python", sys.executable, "--out-dir", built, tree]
    subprocess.run(command, check=True)  # a source archive, and the wheel from it
    [path] = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """Read the wheel's metadata."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own and give its command."""
    folder = tmp_path_factory.mktemp("environment") / "v"
    uv = find_uv()
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, wheel], check=True)
    return folder / "bin" / "keras-imports"


def run(command: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command away from the repository."""
    return subprocess.run(
        [command, *arguments], cwd=command.parent, env={}, capture_output=True, text=True
    )


def test_the_wheel_holds_the_tool_its_data_and_its_licence_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    own = {name for name in names if ".dist-info/" not in name}
    modules = {str(path.relative_to(ROOT / "src")) for path in PACKAGE.rglob("*.py")}
    tables = [path for path in PACKAGE.glob("knowledge/data/**/*") if path.is_file()]
    data = {str(path.relative_to(ROOT / "src")) for path in tables}
    builder = {name for name in modules if name.startswith("keras_imports/atlas/build/")}
    assert builder, "the builder has another place"
    assert own == (modules - builder) | data | {
        "keras_imports/py.typed",
        "keras_imports/atlas/data/atlas.bin",
    }
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_metadata_is_that_of_the_tool(metadata):
    assert metadata["Name"] == "keras-imports"
    assert metadata["Version"] == keras_imports.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert "import" in metadata["Summary"]
    assert "Typing :: Typed" in metadata.get_all("Classifier")
    assert "codemod" in metadata["Keywords"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().strip() == (ROOT / "docs/keras-imports.md").read_text().strip()


def test_the_installed_command_finds_a_symbol(command):
    done = run(command, "where", "BatchNormalization")
    assert done.returncode == 0, done.stderr
    assert "from keras.layers import BatchNormalization" in done.stdout


def test_the_installed_command_has_all_that_check_and_migrate_read(command, tmp_path):
    script = tmp_path / "train.py"
    script.write_text("from keras.layers.normalization import BatchNormalization\n", "utf-8")
    done = run(command, "check", str(script), "--installed", "keras==3.15.1")
    assert done.returncode == 1
    assert "BatchNormalization" in done.stdout, done.stderr
    done = run(command, "migrate", str(script), "--to", "keras")
    assert done.returncode == 0, done
    assert script.read_text("utf-8") == "from keras.layers import BatchNormalization\n"


def test_the_installed_command_says_its_version(command):
    assert run(command, "--version").stdout.split()[-1] == keras_imports.__version__


def test_the_installed_command_says_that_the_builder_needs_a_checkout(command):
    done = run(command, "atlas", "build")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "checkout" in done.stderr
