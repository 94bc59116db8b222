"""The command `check`: what it prints, what it exits with, what it checks against."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports.check.rules import CODES
from keras_imports.cli import main
from keras_imports.knowledge import declared

K3 = ["--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"]
WRONG = "from keras.layers.normalization import BatchNormalization\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """An empty project, which is the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / re.sub(r"_py$", ".py", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    return write


def test_text(tree, capsys):
    tree(a_py="import keras\n", b_py=WRONG)
    assert main(["check", ".", *K3]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "b.py:1:40: error KI001 "
        "`keras.layers.normalization.BatchNormalization` was removed in keras 2.6; "
        "write `from keras.layers import BatchNormalization`\n"
    )
    assert err == f"2 files against keras {KERAS}, tensorflow {TENSORFLOW} (as named): 1 error\n"


def test_all_is_well(tree, capsys):
    tree(a_py="import keras\n")
    assert main(["check", "a.py", *K3]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("(as named): all is well\n")


def test_json(tree, capsys):
    tree(a_py=WRONG + "import keras.engine\n")
    assert main(["check", "a.py", "--json", *K3]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1
    first, second = report["findings"]
    assert first == {
        "file": "a.py",
        "line": 1,
        "column": 40,
        "code": "KI001",
        "reason": "fails",
        "severity": "error",
        "source": "BatchNormalization",
        "message": "`keras.layers.normalization.BatchNormalization` was removed in keras 2.6",
        "advice": "write `from keras.layers import BatchNormalization`",
    }
    assert second["advice"] == ""
    tree(a_py="")
    assert main(["check", "a.py", "--json", *K3]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "findings": []}


def test_github(tree, capsys):
    tree(a_py=WRONG)
    main(["check", "a.py", "--format", "github", *K3])
    out = capsys.readouterr().out
    assert out.startswith("::error file=a.py,line=1,col=40,title=KI001::`keras.layers.")
    assert out.endswith(
        "removed in keras 2.6; write `from keras.layers import BatchNormalization`\n"
    )


def test_sarif(tree, capsys):
    tree(a_py=WRONG)
    main(["check", "a.py", "--format", "sarif", *K3])
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == "2.1.0"
    [run] = report["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(CODES)
    [result] = run["results"]
    assert (result["ruleId"], result["level"]) == ("KI001", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 1, "startColumn": 40}


def test_notebooks_name_the_cell(tree, tmp_path, capsys):
    cells = [
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": ["import keras\n", "keras.engine"]},
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert main(["check", "n.ipynb", *K3]) == 1
    assert capsys.readouterr().out.startswith("n.ipynb:cell 2:2:1: error KI001")
    main(["check", "n.ipynb", "--json", *K3])
    [row] = json.loads(capsys.readouterr().out)["findings"]
    assert (row["cell"], row["line"]) == (2, 2)


def test_flavour(tree, capsys):
    tree(a_py="from keras.layers import Dense\nimport tensorflow as tf\ntf.keras.Model\nDense(1)\n")
    assert main(["check", "a.py", "--flavour", "tensorflow.keras", *K3]) == 1
    out = capsys.readouterr().out
    assert out.count("KI005") == 1
    assert "write `from tensorflow.keras.layers import Dense`" in out
    assert main(["check", "a.py", "--flavour", "keras", *K3]) == 1
    assert "a.py:3:1: warning KI005 `tensorflow.keras.Model`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "shadowed"),
    [
        ({"keras.py": "", "main.py": "import keras\n"}, {"main.py"}),
        ({"keras/__init__.py": "", "main.py": "from keras import layers\n"}, {"main.py"}),
        ({"src/keras.py": "", "src/main.py": "import keras\n"}, {"src/main.py"}),
        ({"keras.py": "", "pkg/__init__.py": "", "pkg/a.py": "import keras\n"}, {"pkg/a.py"}),
        ({"pkg/keras.py": "", "pkg/__init__.py": "", "pkg/a.py": "import keras\n"}, set()),
        ({"pkg/keras.py": "", "main.py": "import keras\n"}, set()),
        ({"keras/readme.txt": "", "main.py": "import keras\n"}, set()),
        ({"keras/__init__.py": "", "keras/a.py": "import keras\n"}, set()),
        ({"layers.py": "", "main.py": "from keras import layers\n"}, set()),
        ({"keras.py": "", "main.py": "import os\n"}, set()),
    ],
)
def test_shadowing_files(tree, capsys, files, shadowed):
    tree(**files)
    main(["check", ".", "--json", *K3])
    found = {
        row["file"]
        for row in json.loads(capsys.readouterr().out)["findings"]
        if row["code"] == "KI006"
    }
    assert {os.path.normpath(file) for file in found} == {os.path.normpath(f) for f in shadowed}


def test_noqa_silences_a_shadowing_file(tree, capsys):
    tree(keras_py="", a_py="import keras  # noqa: KI006\n", b_py="import keras  # noqa: KI001\n")
    main(["check", ".", "--json", *K3])
    assert [row["file"] for row in json.loads(capsys.readouterr().out)["findings"]] == ["b.py"]


def test_problems_are_lines_and_the_rest_is_done(tree, tmp_path, capsys):
    tree(a_py="import keras\nprint 1\n", c_py=WRONG)
    (tmp_path / "b.py").write_bytes(b"import keras\0")
    (tmp_path / "d.py").symlink_to("nowhere")
    (tmp_path / "e.ipynb").write_text("keras")
    assert main(["check", ".", "missing", *K3]) == 2
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert "KI001" in out
    assert err.splitlines()[:-1] == [
        "a.py:2: Python 2, not Python 3",
        "b.py:1: not Python: contains a NUL byte",
        "d.py: a link to a file that does not exist",
        "e.ipynb: broken notebook: not JSON",
        "missing: no such file or directory",
    ]


def test_what_is_not_there_is_no_file_that_was_looked_at(tree, capsys):
    assert main(["check", "missing.py", *K3]) == 2
    assert "0 files against" in capsys.readouterr().err


def test_a_named_file_has_to_be_python(tree, capsys):
    tree(a_py="def f(:\n")
    assert main(["check", "a.py", *K3]) == 2
    assert "a.py:1: not Python 3" in capsys.readouterr().err
    assert main(["check", ".", *K3]) == 0  # it has nothing to do with Keras


@pytest.mark.parametrize(
    "arguments",
    [
        ["--installed", "keras==99.1"],
        ["--installed", "numpy==1.0"],
        ["--installed", "nonsense"],
        ["--flavour", "theano"],
        ["--format", "xml"],
        [],
    ],
)
def test_wrong_usage(tree, capsys, arguments):
    paths = ["."] if arguments else []
    try:
        status = main(["check", *paths, *arguments])
    except SystemExit as exit_:
        status = exit_.code
    assert status == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert arguments[:1] != ["--installed"] or err.count("\n") == 1


def test_nothing_is_run(tree):
    tree(a_py="import keras\nraise SystemExit(3)\n", keras_py="raise SystemExit(4)\n")
    assert main(["check", ".", *K3]) == 1


def test_deep_code_is_one_line_at_most(tree, capsys):
    chain = "import keras\nx = keras.a" + ".b()" * 150 + "\n"
    tree(a_py=chain, b_py="import keras\nx = " + "keras.Model() + " * 900 + "1\n")
    assert main(["check", ".", *K3]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


FROZEN = """import keras
base = keras.applications.ResNet50()
base.trainable = False
inputs = keras.Input((224, 224, 3))
x = base(inputs, training=False)
base.trainable = True
"""


def test_thawing_is_worth_a_warning(tree, capsys):
    """As in Keras's own guide: right while the base is frozen, and not what it says thereafter."""
    tree(a_py=FROZEN)
    assert main(["check", "a.py", *K3]) == 1
    out = capsys.readouterr().out
    assert out.startswith("a.py:5:18: warning KI104 `training=False` of `ResNet50` holds only")
    assert out.count("\n") == 1


def test_stubs_may_name_what_is_private_but_nothing_that_is_not_there(tree, capsys):
    tree(
        **{
            "a.pyi": "from keras._tf_keras.keras.layers import *\nimport keras.engine\n"
            "from keras.layers import Dense\nDense(3, init='zero')\n"
        }
    )
    assert main(["check", "a.pyi", *K3, "--flavour", "tensorflow.keras"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("a.pyi:2:8: warning KI001")
    assert out.count("\n") == 1


def test_the_declaration_counts_without_installed(tree, monkeypatch, capsys):
    monkeypatch.setattr(declared, "_at_hand", lambda: iter([("keras", KERAS)]))
    tree(**{"pyproject.toml": '[project]\ndependencies = ["keras==2.3.1", "tensorflow<2.2"]'})
    tree(a_py=WRONG)
    main(["check", "a.py"])
    assert "against keras 2.3.1, tensorflow 2.1" in capsys.readouterr().err
    tree(**{"pyproject.toml": '[project]\ndependencies = ["keras>=3"]'})
    main(["check", "a.py"])
    assert f"against keras {KERAS} (declared in pyproject.toml)" in capsys.readouterr().err


def test_declarations_that_contradict_each_other_are_named(tree, monkeypatch, capsys):
    monkeypatch.setattr(declared, "_at_hand", lambda: iter([]))
    tree(**{"pyproject.toml": '[project]\ndependencies = ["keras>=3"]', "a_py": WRONG})
    says = "(declared in pyproject.toml, although requirements.txt says `keras==2.12`)"
    for requirement, is_named in (("keras==2.12", True), ("keras>=2.12", False), ("keras", False)):
        tree(**{"requirements.txt": requirement})
        main(["check", "a.py"])
        assert (says in capsys.readouterr().err) == is_named


def test_a_declaration_is_what_is_called_dependencies(tree, capsys):
    tree(
        **{
            "pyproject.toml": """
[project]
description = "tf_keras and keras-core, side by side"
keywords = ["tf_keras"]
dependencies = [
    "numpy",  # not 'tf_keras
    'tensorflow[and-cuda]>=2.15,<2.16',
]
[project.optional-dependencies]
old = ["keras==2.15.0"]
[tool.ruff.lint.flake8-tidy-imports.banned-api]
"tf_keras".msg = "write keras"
"keras_core".msg = "write keras"
"""
        },
        a_py="",
    )
    main(["check", "a.py"])
    assert "against keras 2.15.0, tensorflow 2.15.1 (declared" in capsys.readouterr().err
    tree(**{"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\ntf_keras = "*"\n'})
    main(["check", "a.py"])
    assert f"tf_keras {TF_KERAS} (declared in pyproject.toml)" in capsys.readouterr().err


def test_each_file_is_checked_against_what_its_project_declares(tree, monkeypatch, capsys):
    monkeypatch.setattr(declared, "_at_hand", lambda: iter([]))
    code = "from keras.layers.core import Dense\n"
    cells = [
        {"cell_type": "code", "source": ["!pip install keras==2.3.1\n", code]},
    ]
    tree(
        **{
            "a/requirements.txt": "keras==2.3.1\n",
            "a/net.py": code,
            "b/requirements.txt": f"keras=={KERAS}\n",
            "b/net.py": code,
            "b/n.ipynb": json.dumps({"cells": cells, "metadata": {}}),
        }
    )
    for paths in (["a", "b"], ["b", "a"], ["."]):
        main(["check", *paths, "--json"])
        out, err = capsys.readouterr()
        failing = [row["file"] for row in json.loads(out)["findings"] if row["severity"] == "error"]
        assert [os.path.normpath(file) for file in failing] == [os.path.join("b", "net.py")]
        for origin in ("a/requirements.txt", "b/requirements.txt", "b/n.ipynb"):
            assert "1 file against keras" in err
            assert f"(declared in {os.path.normpath(origin)})" in err


def test_what_is_installed_counts_without_a_declaration(tree, monkeypatch, capsys):
    at_hand = [("keras", "2.15.0"), ("tensorflow", "2.15.1")]
    monkeypatch.setattr(declared, "_at_hand", lambda: iter(at_hand))
    tree(a_py="")
    main(["check", "a.py"])
    assert "keras 2.15.0, tensorflow 2.15.1 (installed here)" in capsys.readouterr().err


def test_legacy_by_the_environment(tree, monkeypatch, capsys):
    tree(
        a_py="import tf_keras\nfrom tensorflow.keras.layers import Dense\n"
        "tf_keras.Sequential([Dense(1)])\n"
    )
    named = [*K3, "--installed", f"tf-keras=={TF_KERAS}"]
    assert main(["check", "a.py", *named]) == 1
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert main(["check", "a.py", *named]) == 0
    assert "TF_USE_LEGACY_KERAS=1" in capsys.readouterr().err


def test_colours_only_on_a_terminal(tree, capsys, monkeypatch):
    tree(a_py=WRONG)
    main(["check", "a.py", *K3])
    assert "\033" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["check", "a.py", *K3])
    assert "\033[31m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    main(["check", "a.py", *K3])
    assert "\033" not in capsys.readouterr().out


def test_a_closed_pipe_is_no_traceback(tree):
    tree(**{f"m{n}_py": WRONG for n in range(50)})
    command = f'"{sys.executable}" -m keras_imports check . {" ".join(K3)} | head -1'
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S602
        command, shell=True, capture_output=True, text=True, env=environ
    )
    assert "Traceback" not in done.stderr


OLD = (
    "import tensorflow as tf\n"
    "from keras.layers.core import Dense\n"
    "from keras.models import Sequential\n"
    "model = Sequential([Dense(3, init='zero')])\n"
    "weights = tf.keras.regularizers.l2(0.1)\n"
    "model.predict_classes(x)\n"
)


def test_fixes_are_those_of_migrate_and_each_keras_stays(tree, tmp_path, capsys):
    tree(a_py=OLD, b_py="import keras\n")
    assert main(["check", ".", "--fix", "--json", *K3]) == 1
    out, err = capsys.readouterr()
    assert (tmp_path / "a.py").read_text("utf-8") == (
        "import tensorflow as tf\n"
        "from keras.layers import Dense\n"
        "from keras.models import Sequential\n"
        "model = Sequential([Dense(3, kernel_initializer='zero')])\n"
        "weights = tf.keras.regularizers.l2(0.1)\n"
        "model.predict_classes(x)\n"
    )
    [left] = json.loads(out)["findings"]
    assert (left["line"], left["code"]) == (6, "KI108")
    assert err.startswith("fixed a.py\n")
    assert err.endswith("(as named): 1 error\n")


def test_what_is_installed_decides_what_is_fixed(tree, tmp_path):
    tree(a_py=OLD)
    old = ["--installed", "keras==2.2.4", "--installed", "tensorflow==1.15"]
    main(["check", "a.py", "--fix", *old])
    new = OLD.replace("layers.core", "layers").replace("init=", "kernel_initializer=")
    assert (tmp_path / "a.py").read_text("utf-8") == new


def test_a_fix_leaves_what_a_comment_keeps(tree, tmp_path):
    kept = "from keras.layers.core import Dense  # noqa: KI001\n"
    tree(a_py=kept)
    assert main(["check", "a.py", "--fix", *K3]) == 0
    assert (tmp_path / "a.py").read_text("utf-8") == kept


def test_what_a_fix_took_away_is_said_once(tree, tmp_path, capsys):
    lines = ["import keras\n", "model = keras.Sequential()\n", "model.fit(rows, workers=2)\n"]
    cells = [{"cell_type": "code", "source": lines, "outputs": [], "metadata": {}}]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert main(["check", "n.ipynb", "--fix", *K3]) == 1
    assert capsys.readouterr().out.startswith("n.ipynb:cell 1:3:")
    assert main(["check", "n.ipynb", "--fix", *K3]) == 0


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a_py": "import os\n"}, "no file imports Keras\n"),
        ({}, "nothing was looked at, as no Python file or notebook is there\n"),
        (
            {"a_py": "from keras import layers\nmake = getattr(layers, kind)\n"},
            "all is well in what was looked at\n",
        ),
        ({"a_py": "import keras\nrate = getattr(keras.Sequential(), 'rate')\n"}, "all is well\n"),
        (
            {"a_py": "import keras\nfrom away import *\nlayer = Dense(3)\n"},
            "all is well in what was looked at\n",
        ),
        ({"a_py": "import keras\nfrom away import *\nlayer = plot(3)\n"}, "all is well\n"),
        (
            {
                "a_py": "import keras\nfrom near import *\nfrom away import *\nlayer = Dense(3)\n",
                "near_py": "from keras.layers import Dense\n",
            },
            "all is well\n",
        ),
    ],
)
def test_all_is_well_only_with_what_was_looked_at(tree, tmp_path, capsys, files, says):
    (tmp_path / "code").mkdir()
    tree(**{f"code/{name}": text for name, text in files.items()})
    assert main(["check", "code", *K3]) == 0
    err = capsys.readouterr().err
    assert err.endswith(says)
    dynamic = "1 name made when the program runs, at code/a.py:2 `getattr(layers, kind)`; "
    assert (dynamic in err) == ("getattr(layers" in str(files))
