"""`doctor` explains an installation from its metadata, whatever an import of Keras does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from argparse import Namespace
from pathlib import Path

import pytest

from keras_imports.cli import main
from keras_imports.commands import doctor, interpreters
from keras_imports.commands.doctor import Copy, Installation, backend, diagnose, tensorflow_keras


def installation(*named, environ=None, config=None, files=None, requires=None):
    """An installation of `name==version`s."""
    copies = []
    for item in named:
        name, _, version = item.partition("==")
        copies.append(Copy(name, version, "/site", tuple((requires or {}).get(name, ()))))
    return Installation("3.12.1", tuple(copies), files or {}, environ or {}, config, "keras.json")


def advice(here):
    return [(a.severity, a.message, a.fix) for a in diagnose(here)]


def errors(here):
    return [a.message for a in diagnose(here) if a.severity == "error"]


def test_a_sound_installation():
    here = installation(
        "keras==3.15.1",
        "tensorflow==2.21.0",
        requires={"tensorflow": ["keras>=3.12.0", "numpy>=1.26; extra == 'x'"]},
    )
    assert advice(here) == []


def test_nothing_is_installed():
    assert advice(installation("numpy==2.0")) == [
        ("error", "no Keras is installed", "pip install keras tensorflow")
    ]


@pytest.mark.parametrize(
    ("named", "environ", "expected"),
    [
        (["tensorflow==2.4.4", "keras==2.4.3"], {}, "the copy inside tensorflow 2.4.4"),
        (["tensorflow==2.15.1", "keras==2.15.0"], {}, "keras 2.15.0"),
        (["tensorflow==2.15.1", "keras==3.15.1"], {}, "keras 3.15.1"),
        (
            ["tensorflow==2.21.0", "keras==3.15.1", "tf-keras==2.21.0"],
            {"TF_USE_LEGACY_KERAS": "1"},
            "tf_keras 2.21.0, as TF_USE_LEGACY_KERAS asks",
        ),
        (
            ["tensorflow==2.21.0", "keras==3.15.1"],
            {"TF_USE_LEGACY_KERAS": "True"},
            "nothing: tf_keras is not installed, as TF_USE_LEGACY_KERAS asks",
        ),
        (["keras==3.15.1"], {}, None),
    ],
)
def test_what_tensorflow_keras_is(named, environ, expected):
    assert tensorflow_keras(installation(*named, environ=environ)) == expected


@pytest.mark.parametrize(
    ("version", "environ", "config", "expected"),
    [
        ("3.15.1", {}, None, ("tensorflow", "the default")),
        ("3.15.1", {}, '{"backend": "jax"}', ("jax", "keras.json")),
        (
            "3.15.1",
            {"KERAS_BACKEND": "torch"},
            '{"backend": "jax"}',
            ("torch", "KERAS_BACKEND in the environment"),
        ),
        ("2.15.0", {"KERAS_BACKEND": "torch"}, None, ("tensorflow", "keras 2.15.0 has no other")),
        ("2.3.1", {}, '{"backend": "theano"}', ("theano", "keras.json")),
    ],
)
def test_the_backend_and_why(version, environ, config, expected):
    here = installation(f"keras=={version}", environ=environ, config=config)
    assert backend(here) == expected


def test_a_backend_that_is_not_installed():
    here = installation("keras==3.15.1", "torch==2.13.0", environ={"KERAS_BACKEND": "jax"})
    assert advice(here) == [
        (
            "error",
            "the backend jax is not installed (KERAS_BACKEND in the environment)",
            "pip install jax, or set KERAS_BACKEND=torch",
        )
    ]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "keras.json is not a JSON object"),
        ("[]", "keras.json is not a JSON object"),
        ('{"backend": "theano"}', "keras 3.15.1 has no backend theano (keras.json)"),
        ('{"image_dim_ordering": "tf"}', "keras.json is of Keras 1 (image_dim_ordering)"),
    ],
)
def test_a_stale_configuration(config, message):
    here = installation("keras==3.15.1", "tensorflow==2.21.0", config=config)
    [(_, found, fix)] = advice(here)
    assert found == message
    assert fix == "delete keras.json"


@pytest.mark.parametrize(
    ("named", "requires", "message", "fix"),
    [
        (
            ["tensorflow==2.15.1", "keras==3.15.1"],
            {"tensorflow": ["keras<2.16,>=2.15.0"]},
            "tensorflow 2.15.1 requires keras<2.16,>=2.15.0, not 3.15.1; "
            "tf.keras silently becomes Keras 3",
            'pip install "keras<2.16,>=2.15.0"',
        ),
        (
            ["tensorflow==2.21.0", "keras==3.15.1", "tf-keras==2.16.0"],
            {"tf-keras": ["tensorflow (<2.17,>=2.16)"]},
            "tf-keras 2.16.0 requires tensorflow<2.17,>=2.16, not 2.21.0",
            'pip install "tensorflow<2.17,>=2.16"',
        ),
        (
            ["keras==2.2.4", "tensorflow==2.1.4"],
            {},
            "keras 2.2.4 imports beside tensorflow 2.1.4, but cannot build a model: "
            "module 'tensorflow' has no attribute 'get_default_graph'",
            'pip install "keras==2.3.1", or use tensorflow.keras',
        ),
        (
            ["keras==2.15.0", "tensorflow==2.21.0"],
            {},
            "keras 2.15.0 cannot work beside tensorflow 2.21.0",
            'pip install "keras>=3"',
        ),
        (
            ["keras==3.15.1", "tensorflow==2.21.0", "tensorflow-cpu==2.20.0"],
            {},
            "tensorflow 2.21.0 and tensorflow-cpu 2.20.0 both install the module tensorflow",
            "pip uninstall tensorflow-cpu, then pip install --force-reinstall tensorflow",
        ),
    ],
)
def test_pairs_that_cannot_work(named, requires, message, fix):
    found = advice(installation(*named, requires=requires))
    assert ("error", message, fix) in found


def test_the_same_files_twice_are_a_note():
    named = ["keras==3.15.1", "tensorflow==2.21.0", "tensorflow-cpu==2.21.0"]
    assert [severity for severity, _, _ in advice(installation(*named))] == ["note"]


def test_legacy_without_tf_keras():
    here = installation("keras==3.15.1", "tensorflow==2.21.0", environ={"TF_USE_LEGACY_KERAS": "1"})
    assert ("error", "TF_USE_LEGACY_KERAS asks for tf_keras, which is not installed") in [
        (severity, message) for severity, message, _ in advice(here)
    ]


def test_two_keras_are_a_note_where_tensorflow_brings_both():
    here = installation("keras==3.15.1", "tensorflow==2.21.0", "tf-keras==2.21.0")
    [(severity, message, _)] = advice(here)
    assert severity == "note"
    assert "keras 3.15.1 and tf_keras 2.21.0 are different Keras" in message


def test_a_shadowing_file(tmp_path):
    here = installation("keras==3.15.1", "tensorflow==2.21.0", files={"keras": "/project/keras.py"})
    assert errors(here) == ["import keras loads /project/keras.py, not the installed package"]
    here = installation("keras==3.15.1", "tensorflow==2.21.0", files={"keras": "/site/keras/a.py"})
    assert errors(here) == []


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A directory on the path in which one can install packages of one's own."""
    site = tmp_path / "site"
    site.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)

    def install(name, version, code):
        module = name.replace("-", "_")
        (site / module).mkdir()
        (site / module / "__init__.py").write_text(code)
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    return install


def run(capsys, python=None):
    status = doctor.run(Namespace(json=True, python=python))
    return status, json.loads(capsys.readouterr().out)


GOOD = "__version__ = '3.15.1'\nclass backend:\n    backend = staticmethod(lambda: 'numpy')\n"


def test_what_the_imports_say(fake, capsys, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
    fake("keras", "3.15.1", GOOD)
    fake("numpy", "2.0.0", "")
    status, report = run(capsys)
    assert report["probes"]["keras"]["version"] == "3.15.1"
    assert report["probes"]["keras"]["backend"] == "numpy"
    assert report["devices"] == ["cpu"]
    assert report["conflicts"] == []
    assert status == 0


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ImportError('no dtensor')", "ImportError: no dtensor"),
        ("import os; os.abort()", "the process was ended by signal 6"),
        ("import sys; sys.exit(3)", "exit status 3"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_an_import_that_crashes(fake, capsys, code, message):
    fake("keras", "3.15.1", code)
    fake("tensorflow", "2.21.0", "import keras")
    status, report = run(capsys)
    assert status == 1
    assert any(
        row["message"].startswith("keras cannot be imported: ") and message in row["message"]
        for row in report["conflicts"]
    )
    assert {row["name"] for row in report["distributions"]} >= {"keras", "tensorflow"}


def test_an_import_that_hangs(fake, capsys, monkeypatch):
    monkeypatch.setattr(interpreters, "PATIENCE", 2)
    fake("keras", "3.15.1", "import time; time.sleep(60)")
    _, report = run(capsys)
    assert report["probes"]["keras"] == {"error": "no answer within 2 seconds"}


def test_a_local_file_is_named_and_not_run(fake, capsys):
    fake("keras", "3.15.1", GOOD)
    Path("keras.py").write_text("open('ran', 'w')")
    status, report = run(capsys)
    assert status == 1
    assert f"import keras loads {Path('keras.py').absolute()}" in report["conflicts"][0]["message"]
    assert report["probes"]["keras"]["version"] == "3.15.1"  # asked where the file is not seen
    assert not Path("ran").exists()


def test_a_local_file_on_the_path_is_not_run_either(fake, capsys, monkeypatch, tmp_path):
    fake("keras", "3.15.1", GOOD)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "keras.py").write_text("open('ran', 'w')")
    path = os.pathsep.join([str(tmp_path / "local"), os.environ["PYTHONPATH"]])
    monkeypatch.setenv("PYTHONPATH", path)
    status, report = run(capsys)
    assert status == 1
    assert f"loads {tmp_path / 'local' / 'keras.py'}" in report["conflicts"][0]["message"]
    assert not Path("ran").exists()


@pytest.mark.parametrize("path", ["", "."])
def test_what_hides_a_module_of_python_is_named_and_not_run(fake, capsys, monkeypatch, path):
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([path, os.environ["PYTHONPATH"]]))
    fake("keras", "3.15.1", GOOD)
    fake("numpy", "2.0.0", "")
    for name in ("json", "numpy", "email", "typing", "mine", "os"):
        Path(f"{name}.py").write_text(f"open('ran {name}', 'w')")
    Path("statistics").mkdir()  # no package
    status, report = run(capsys)
    assert status == 1
    said = [row["message"] for row in report["conflicts"]]
    assert [line.split(" hides the module ")[0] for line in said] == [
        str(Path(f"{name}.py").absolute()) for name in ("email", "json", "numpy", "typing")
    ]
    assert report["probes"]["keras"]["version"] == "3.15.1"
    assert not list(Path().glob("ran*"))


def environment(folder):
    """Make an environment without anything in it."""
    venv.EnvBuilder(symlinks=True).create(folder)
    return str(folder / "bin" / "python")


@pytest.fixture
def others(fake, tmp_path):
    """Two environments: the project's, whose folder is the current one, and another one."""
    return environment(tmp_path / "work" / ".venv"), environment(tmp_path / "other")


def test_the_environment_of_the_project_is_described_where_none_is_active(
    others, capsys, monkeypatch
):
    own, other = others
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    _, report = run(capsys)
    assert (report["executable"], report["why"].split(",")[0]) == (own, "the project's .venv")
    assert report["conflicts"][0]["fix"] == f"{own} -m pip install keras tensorflow"
    monkeypatch.setenv("VIRTUAL_ENV", str(Path(other).parents[1]))
    _, report = run(capsys)
    assert (report["executable"], report["why"]) == (other, "active, by VIRTUAL_ENV")
    for given in (own, str(Path(own).parents[1])):
        _, report = run(capsys, given)
        assert (report["executable"], report["why"]) == (own, "given by --python")
    monkeypatch.delenv("VIRTUAL_ENV")
    Path(".git").mkdir()  # the project ends here
    _, report = run(capsys)
    assert report["executable"] == sys.executable
    assert report["conflicts"][0]["fix"] == "pip install keras tensorflow"


def test_an_environment_of_one_s_own_with_a_keras_is_meant(others, capsys, monkeypatch):
    monkeypatch.setattr(interpreters, "_has_keras", lambda: True)
    assert sys.prefix != sys.base_prefix, "the tests run in an environment"
    _, report = run(capsys)
    assert report["executable"] == sys.executable


def test_what_another_interpreter_has_is_described(others, capsys, monkeypatch):
    own, _ = others
    monkeypatch.delenv("PYTHONPATH")
    [site] = Path(own).parents[1].glob("lib/python*/site-packages")
    (site / "keras").mkdir()
    (site / "keras" / "__init__.py").write_text("__version__ = '2.3.1'")
    (site / "Keras-2.3.1.egg-info").mkdir()
    metadata = "Name: Keras\nVersion: 2.3.1\n"
    (site / "Keras-2.3.1.egg-info" / "PKG-INFO").write_text(metadata)
    _, report = run(capsys)
    assert report["distributions"] == [{"name": "keras", "version": "2.3.1", "place": str(site)}]
    assert report["probes"]["keras"]["version"] == "2.3.1"
    assert report["conflicts"][0]["fix"] == f"{own} -m pip install tensorflow"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo hello", "the answer cannot be read"),
        ("echo; echo 'keras-imports-answer:[]'", "the answer cannot be read"),
        ("echo; echo 'keras-imports-answer:{\"python\": 3}'", "the answer cannot be read"),
        ("yes", "it prints without an end"),
        ("sleep 60", "no answer within 1 seconds"),
        ("exec >&- 2>&-; sleep 60", "no answer within 1 seconds"),
        ("sleep 60 &", "no answer within 1 seconds"),
        ("echo broken >&2; exit 3", "broken"),
    ],
)
def test_an_interpreter_that_is_none_is_one_line(tmp_path, monkeypatch, capsys, script, reason):
    monkeypatch.setattr(interpreters, "PATIENCE", 1)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    began = time.monotonic()
    assert main(["doctor", "--python", str(python)]) == 2
    assert time.monotonic() - began < 30
    assert capsys.readouterr().err == f"keras-imports: {python} cannot be described: {reason}\n"


def test_a_path_that_is_no_interpreter_is_one_line(tmp_path, capsys):
    (tmp_path / "text").write_text("no program")
    for path in ("text", "nowhere", ""):
        assert main(["doctor", "--python", str(tmp_path / path)]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert str(tmp_path / path).rstrip("/") in line


def test_text(fake, capsys):
    fake("keras", "2.15.0", "__version__ = '2.15.0'")
    status = doctor.run(Namespace(json=False, python=None))
    out = capsys.readouterr().out
    assert status == 1  # there is no TensorFlow
    assert "\ninstalled   keras 2.15.0  (" in out
    assert "\nbackend     tensorflow (keras 2.15.0 has no other)" in out
    assert "error: the backend tensorflow is not installed" in out
    assert "\n  fix: pip install tensorflow" in out


def test_a_tensorflow_keras_without_a_version(fake, capsys):
    fake("tensorflow", "2.15.1", "class keras:\n class layers:\n  class Layer: pass\n")
    fake("keras", "2.15.0", "__version__ = '2.15.0'")
    _, report = run(capsys)
    assert report["probes"]["tensorflow.keras"] == {"module": "tensorflow"}


@pytest.mark.slow
def test_a_real_installation(installed, tmp_path):
    environ = {**os.environ, "PYTHONPATH": str(Path(doctor.__file__).parents[2])}
    done = subprocess.run(
        [installed, "-m", "keras_imports", "doctor", "--json"],
        capture_output=True,
        text=True,
        env=environ,
        cwd=tmp_path,
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0, report["conflicts"]
    assert report["tensorflow_keras"].startswith("keras 3.")
    assert report["probes"]["tensorflow.keras"]["module"].startswith("keras.src.")
    assert any("CPU" in device for device in report["devices"])
    assert sys.version_info[:2] == tuple(map(int, report["python"].split(".")[:2]))
