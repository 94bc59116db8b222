"""Published packages that use Keras, of different ages, as `migrate` and then `check` see them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import cli

PACKAGES = (
    "keras==2.0.9",
    "keras-rl2==1.0.5",
    pytest.param("autokeras==1.0.18", marks=pytest.mark.rest),
    pytest.param("deepctr==0.9.3", marks=pytest.mark.rest),
)
INSTALLED = {
    "keras": [f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}"],
    "tensorflow.keras": [f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}"],
    "tf_keras": [f"tf-keras=={TF_KERAS}", f"tensorflow=={TENSORFLOW}"],
}


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the Python files of a wheel or source archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith(".py"):
                    wheel.extract(name, folder)
    else:
        with tarfile.open(archive) as source:
            for member in source.getmembers():
                if member.name.endswith(".py"):
                    source.extract(member, folder, filter="data")


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_all_that_is_wrong_after_a_move_is_in_its_report(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", tmp_path]
    subprocess.run([*pip, package], check=True)
    (archive,) = tmp_path.iterdir()
    for target, installed in INSTALLED.items():
        tree = tmp_path / target
        unpack(archive, tree)
        monkeypatch.chdir(tree)
        before = {path: parses(path) for path in tree.rglob("*.py")}
        cli.main(["migrate", ".", "--to", target, "--json", "report.json"])
        assert {path for path, parsed in before.items() if parsed} == set(filter(parses, before))
        report = json.loads(Path("report.json").read_text("utf-8"))
        named = {
            (Path(row["file"]), (left.get("line_now") or left["line"]) + near)
            for row in report["files"]
            for left in row.get("left", ())
            # A call and its name may stand on two lines, below an import and an empty line.
            for near in range(-2, 3)
        }
        assert any(row["changed"] for row in report["files"] if "changed" in row)
        capsys.readouterr()
        environment = [word for name in installed for word in ("--installed", name)]
        cli.main(["check", ".", "--json", *environment])
        errors = [
            e for e in json.loads(capsys.readouterr().out)["findings"] if e["severity"] == "error"
        ]
        # Keras's own package hides the one that is installed.
        errors = [error for error in errors if error["code"] != "KI006"]
        # A file that names no Keras is checked against the first that is installed.
        errors = [e for e in errors if target in Path(e["file"]).read_text("utf-8", "replace")]
        assert [e for e in errors if (Path(e["file"]), e["line"]) not in named] == []


def parses(path: Path) -> bool:
    """Whether a file is Python."""
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True
