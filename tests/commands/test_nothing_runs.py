"""Nothing of the folder that a command is run in is imported, by it or by its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# What the tool and its processes import after Python has started, and packages beside it.
HIDING = ("argparse", "ast", "difflib", "json", "keras", "multiprocessing", "numpy", "signal")
HIDING += ("subprocess", "tempfile", "tensorflow", "tokenize", "tomllib", "typing", "yaml", "zlib")
COMMANDS = (
    ("check", "."),
    ("migrate", ".", "--to", "keras", "--docs", "--dependencies", "--json", "report.json"),
    ("doctor",),
    ("where", "Dense"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of modules that leave a trace, and enough others for several processes."""
    trace = f"open({str(tmp_path / 'trace')!r}, 'a').write(__name__ + '\\n')\n"
    for name in HIDING:
        (tmp_path / f"{name}.py").write_text(trace)
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "__init__.py").write_text(trace)
    (tmp_path / "requirements.txt").write_text("keras==2.2.4\n")
    for number in range(70):
        (tmp_path / f"m{number}.py").write_text("from keras.layers.core import Dense\nDense(3)\n")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
@pytest.mark.parametrize("is_module", [True, False], ids=["-m", "script"])
def test_nothing_of_the_folder_is_imported(folder, command, is_module):
    package = str(Path(__file__).parents[2] / "src")
    script = f"import sys; sys.path.append({package!r}); from keras_imports.__main__ import main"
    how = ["-m", "keras_imports"] if is_module else ["-P", "-c", f"{script}; sys.exit(main())"]
    done = subprocess.run(
        [sys.executable, *how, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep + package},  # as of an empty variable
        capture_output=True,
        text=True,
    )
    assert not (folder / "trace").exists(), (folder / "trace").read_text()
    assert "Traceback" not in done.stderr
    if command[0] == "migrate":
        assert len(json.loads((folder / "report.json").read_text())["files"]) == 71
