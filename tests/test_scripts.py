"""The scripts: what they find, and that each starts."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from project import load_facts
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports.atlas.build import archives
from keras_imports.versions import minor_of

SCRIPTS = sorted((Path(__file__).resolve().parent.parent / "scripts").glob("*.py"))


def script(name: str) -> ModuleType:
    """Return a script as a module."""
    [path] = [path for path in SCRIPTS if path.stem == name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


resolve = script("resolve")
NEWEST = {"keras": KERAS, "tensorflow": TENSORFLOW, "tf-keras": TF_KERAS}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_script_can_be_read_by_this_python_and_says_what_it_does(path):
    code = compile(path.read_text("utf-8"), str(path), "exec")
    assert code.co_consts[0].count("\n") >= 2, "no docstring"
    assert f"scripts/{path.name}" in code.co_consts[0]


def test_the_ranges_that_are_behind_are_named_once():
    admitted = {"jax": ["0.9", "0.10.2"], "torch": ["2.13.0"]}

    def released(name):
        return admitted.get(name) or [NEWEST.get(name, "99")]

    facts = load_facts()
    behind = list(resolve.outdated(facts, released))
    assert not [line for line in behind if "jax" in line or "torch" in line]
    admitted["torch"] = ["2.13.0", "2.14.0"]
    new = [line for line in resolve.outdated(facts, released) if line not in behind]
    assert new == ["flavours.yml: torch<2.14,>=2.13 does not admit torch 2.14.0"]


def test_the_releases_that_the_atlas_lacks_are_named_with_what_adds_them():
    assert not list(resolve.missing_in_atlas(lambda name: ["1.0", NEWEST[name]]))
    major, minor = minor_of(KERAS)
    later = [f"{KERAS}1", f"{major}.{minor + 1}.0", f"{major}.{minor + 1}.2"]

    def released(name):
        return [NEWEST[name], *(later if name == "keras" else ())]

    lines = list(resolve.missing_in_atlas(released))
    assert lines == [
        f"the atlas lacks keras=={release}; run `keras-imports atlas add keras=={release}`"
        for release in (later[0], later[2])
    ]


@pytest.mark.parametrize(("newest", "code"), [("2.13.0", 0), ("2.14.0", 1)])
def test_the_exit_code_says_whether_something_is_behind(monkeypatch, capsys, newest, code):
    def released(name):
        fits = {"jax": "0.10.2", "torch": newest, "tensorflow-cpu": TENSORFLOW}
        return [NEWEST.get(name) or fits.get(name, "99")]

    monkeypatch.setattr(archives, "released", released)
    monkeypatch.setattr(sys, "argv", ["resolve.py", "--outdated"])
    assert resolve.main() == code
    printed = capsys.readouterr().out
    assert ("torch 2.14.0" in printed, "nothing is outdated" in printed) == (code == 1, code == 0)


PAGE = """
<a href="../k/keras-3.9.0-py3-none-any.whl#sha256=0">keras-3.9.0-py3-none-any.whl</a>
<a href="../k/keras-3.10.0.tar.gz">keras-3.10.0.tar.gz</a>
<a href="../k/keras-3.11.0-py3-none-any.whl" data-yanked="broken">keras-3.11.0</a>
<a href="../k/keras-3.12.0rc1-py3-none-any.whl">keras-3.12.0rc1-py3-none-any.whl</a>
<a href="../k/keras-3.9.0.tar.gz">keras-3.9.0.tar.gz</a>
"""


def test_only_final_releases_that_are_not_yanked_count(monkeypatch):
    monkeypatch.setattr(archives, "_index", lambda: "http://example/simple")
    monkeypatch.setattr(archives, "_open", lambda url: (PAGE.encode(), {}))
    assert archives.released("keras") == ["3.9.0", "3.10.0"]


def test_a_script_says_how_it_is_used():
    command = [sys.executable, str(SCRIPTS[0].with_name("resolve.py")), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--outdated" in done.stdout
