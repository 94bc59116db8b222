"""What a project declares of the packages that it requires, and which project a file is of."""

from __future__ import annotations

import json
import os

import pytest

from keras_imports.flavours import generation
from keras_imports.knowledge.declarations import Declarations, requirements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('dependencies = ["keras>=3,<4", "numpy"]', {"keras": ">=3,<4"}),
        ("keras==2.3.1\ntensorflow-cpu == 2.1.4  # old\n", {"keras": "==2.3.1"}),
        ("# keras==2.3.1\n", {}),
        ("tf-keras~=2.16.0; python_version < '3.12'", {"tf_keras": "~=2.16.0"}),
        ("  - tensorflow=2.4\n  - keras\n", {"tensorflow": "=2.4", "keras": ""}),
        ('install_requires=["tensorflow[and-cuda]>=2.15"]', {"tensorflow": ">=2.15"}),
        ("keras-tuner==1.4\nsegmentation-keras==1\nautokeras\n", {}),
    ],
)
def test_declarations(text, found):
    rows = dict(requirements(text))
    assert found.items() <= rows.items()
    assert found or not rows


@pytest.fixture
def declared(tmp_path):
    """Write files, and return what is declared for a path among them, as text."""
    (tmp_path / ".git").mkdir()

    def declared(files, path):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        found = Declarations().of(str(tmp_path / path))
        return "" if found is None else " ".join(map(str, found.requirements))

    return declared


POETRY = '[tool.poetry.dependencies]\npython = "^3.9"\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"requirements.txt": "tensorflow==2.10.1\n"}, "tensorflow==2.10.1"),
        ({"requirements.txt": "numpy\n"}, ""),
        (
            {"setup.py": "install_requires=['keras']", "requirements.txt": "keras==2.3.1"},
            "keras==2.3.1",
        ),
        ({"setup.py": "r=['keras>=3']", "requirements.txt": "keras==2.3.1"}, "keras>=3"),
        # A second package of a file that counts less may be of another time.
        ({"setup.py": "r=['keras>=3']", "requirements.txt": "tensorflow==2.5"}, "keras>=3"),
        (
            {"requirements.txt": "tensorflow==1.12\n", "requirements_all.txt": "keras==2.2.2"},
            "tensorflow==1.12 keras==2.2.2",
        ),
        (
            {"requirements.txt": "tensorflow", "requirements-gpu.txt": "tensorflow-gpu==2.4"},
            "tensorflow==2.4",
        ),
        ({"requirements/base.txt": "keras==2.4.3\n"}, "keras==2.4.3"),
        (
            {"Pipfile": '[packages]\nkeras = "==2.3.1"\n[dev-packages]\npytest = "*"'},
            "keras==2.3.1",
        ),
        ({"pyproject.toml": POETRY + 'keras = "^2.4"\n'}, "keras>=2.4,<3"),
        (
            {"pyproject.toml": POETRY + 'tensorflow = {version = "~2.10", optional = true}\n'},
            "tensorflow>=2.10,<2.11",
        ),
        ({"pyproject.toml": POETRY + 'keras = "2.3.1"\n'}, "keras==2.3.1"),
        ({"pyproject.toml": POETRY + 'tf_keras = "*"\n'}, "tf_keras"),
        ({"pyproject.toml": '[tool.ruff]\nknown = ["keras"]\n'}, ""),
        ({"pyproject.toml": '[tool.flit.metadata]\nrequires = ["keras==2.2.4"]\n'}, "keras==2.2.4"),
        ({"pyproject.toml": '[project]\ndependencies = ["k\\u0065ras==2.2.4"]'}, "keras==2.2.4"),
        ({"pyproject.toml": 'project = {dependencies = ["keras==2.2.4"]}'}, "keras==2.2.4"),
        ({"pyproject.toml": "[project]\ndependencies = ['keras==2.2.4'\n"}, ""),
        ({"requirements.txt": "intel-tensorflow==2.4.0"}, "tensorflow==2.4.0"),
        ({"dev-requirements.txt": "tf-nightly-gpu<2.5"}, "tensorflow<2.5"),
        ({"environment.yaml": "dependencies:\n  - tensorflow=2.4\n"}, "tensorflow=2.4"),
    ],
)
def test_what_counts_in_a_directory(declared, files, expected):
    assert declared(files, "train.py") == expected


def test_the_nearest_file_counts(declared):
    files = {
        "requirements.txt": "keras>=3\n",
        "a/requirements.txt": "tensorflow==2.10.1\n",
        "b/requirements.txt": "numpy\n",
    }
    assert declared(files, "a/models/net.py") == "tensorflow==2.10.1"
    assert declared(files, "b/models/net.py") == "keras>=3"
    assert declared(files, "net.py") == "keras>=3"


def notebook(*lines):
    return json.dumps({"cells": [{"cell_type": "code", "source": [*lines]}], "metadata": {}})


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["!pip install tensorflow==2.4\n", "import tensorflow"], "tensorflow==2.4"),
        (["%pip install -q 'keras<3' numpy\n"], "keras<3"),
        (
            ["!pip3 install --upgrade keras==2.3.1 tensorflow==1.15.0"],
            "keras==2.3.1 tensorflow==1.15.0",
        ),
        (["! python -m pip install tensorflow-gpu==2.0.0"], "tensorflow==2.0.0"),
        (["!{sys.executable} -m pip install keras==2.2.4"], "keras==2.2.4"),
        (["%conda install tensorflow=2.4"], "tensorflow=2.4"),
        (["%%bash\n", "pip install keras==2.3.1"], "keras==2.3.1"),
        (["%tensorflow_version 1.x\n", "import keras"], "tensorflow>=1,<2"),
        (["!pip install keras==2.2\n", "!pip install keras==2.3.1"], "keras==2.3.1"),
        # what says no release, or is not run
        (["!pip install keras"], "keras>=3"),
        (["# !pip install keras==2.3.1"], "keras>=3"),
        (["print('pip install keras==2.3.1')"], "keras>=3"),
        (["!pip uninstall keras==2.3.1"], "keras>=3"),
        (["!pip install keras-tuner==1.0"], "keras>=3"),
        (["!echo install keras==2.3.1"], "keras>=3"),
    ],
)
def test_a_notebook_declares_what_it_installs(declared, lines, expected):
    files = {"requirements.txt": "keras>=3", "n.ipynb": notebook(*lines)}
    assert declared(files, "n.ipynb") == expected


def test_a_broken_notebook_declares_nothing(declared):
    assert declared({"n.ipynb": "{ pip install keras==2.3.1"}, "n.ipynb") == ""


@pytest.mark.parametrize(
    ("required", "flavour", "expected"),
    [
        ("tensorflow==2.10.1", "tensorflow.keras", {"keras2"}),
        ("tensorflow<2.16", "tensorflow.keras", {"keras2"}),
        ("tensorflow>=2.16", "tensorflow.keras", {"keras3"}),
        ("tensorflow>=2.4", "tensorflow.keras", {"keras2", "keras3"}),
        ("keras<3", "keras", {"keras1", "standalone", "keras2"}),
        ("keras<3\ntensorflow==2.10.1", "keras", {"keras2"}),
        ("keras\ntensorflow==2.17", "keras", {"keras3"}),
        ("keras\ntensorflow==1.15", "keras", {"keras1", "standalone", "keras2"}),
        ("keras==2.3.1\ntensorflow==2.4", "keras", {"standalone"}),
        ("keras>=3\ntensorflow==2.5", "keras", {"keras3"}),  # a contradiction
    ],
)
def test_what_a_declaration_means(tmp_path, required, flavour, expected):
    (tmp_path / "requirements.txt").write_text(required)
    declaration = Declarations().of(str(tmp_path))
    assert {generation(flavour, r) for r in declaration.releases(flavour)} == expected


def test_a_project_is_where_something_marks_it(tmp_path):
    for name in ("a/setup.py", "a/pkg/net.py", "b/net.py", "requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    project = Declarations().project
    assert project(str(tmp_path / "a/pkg/net.py")) == os.path.join(tmp_path, "a")
    assert project(str(tmp_path / "b/net.py")) == str(tmp_path)
