"""What one file of a program makes of a Keras, and another hands to another Keras."""

from __future__ import annotations

import json
import os

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports.cli import main

BOTH = [
    *("--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"),
    *("--installed", f"tf-keras=={TF_KERAS}"),
]


@pytest.fixture
def found(tmp_path, monkeypatch, capsys):
    """Write a program's files and check it: what mixes, as `file:line code`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)

    def check(files, *paths):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        main(["check", *(paths or ["."]), "--json", *BOTH])
        rows = json.loads(capsys.readouterr().out)["findings"]
        check.rows = [row for row in rows if row["code"] in ("KI004", "KI101")]
        return [f"{os.path.normpath(r['file'])}:{r['line']} {r['code']}" for r in check.rows]

    return check


LAYER = "import tf_keras\ndef build(units):\n    return tf_keras.layers.Dense(units)\n"
TRAIN = "import keras\nfrom model import build\nkeras.Sequential([build(3)])\n"


def test_a_function_that_gives_a_layer(found):
    assert found({"model.py": LAYER, "train.py": TRAIN}) == ["train.py:3 KI004"]
    [row] = found.rows
    assert row["message"] == (
        "`Dense` of tf_keras (made in model.py) is put into a model of keras; "
        "use one Keras in both files"
    )
    assert row["advice"] == ""  # the line to change stands in the other file


@pytest.mark.parametrize(
    ("model", "use"),
    [
        ("layer = tf_keras.layers.Dense(3)", "from model import layer\nkeras.Sequential([layer])"),
        ("layer = tf_keras.layers.Dense(3)", "import model\nkeras.Sequential([model.layer])"),
        ("layer = tf_keras.layers.Dense(3)", "import model as m\nkeras.Sequential([m.layer])"),
        ("layer = tf_keras.layers.Dense(3)", "from model import *\nkeras.Sequential([layer])"),
        (
            "class Block(tf_keras.layers.Layer): pass",
            "from model import Block\nkeras.Sequential([Block(3)])",
        ),
        (
            "class A(tf_keras.layers.Layer): pass\nclass B(A): pass",
            "from model import B\nclass C(B): pass\nkeras.Sequential([C()])",
        ),
        (
            "def build():\n    return tf_keras.Sequential()",
            "from model import build\nm = build()\nm.add(keras.layers.Dense(3))",
        ),
        (
            "from tf_keras import layers",
            "from model import layers\nkeras.Sequential([layers.ReLU()])",
        ),
        ("", "from model import tf_keras as k\nkeras.Sequential([k.layers.ReLU()])"),
    ],
)
def test_every_way_from_one_file_to_another(found, model, use):
    files = {"model.py": f"import tf_keras\n{model}\n", "train.py": f"import keras\n{use}\n"}
    last = use.count("\n") + 2
    assert found(files) == [f"train.py:{last} KI004"]


def test_what_a_function_of_another_file_is_given(found):
    files = {
        "model.py": "import tf_keras\ndef block(x):\n    return tf_keras.layers.ReLU()(x)\n",
        "train.py": "import keras\nfrom model import block\nblock(keras.Input((3,)))\n",
    }
    assert found(files) == ["model.py:3 KI004"]
    assert "a tensor of keras (made in train.py)" in found.rows[0]["message"]


def test_a_layer_that_is_silently_untrained(found):
    files = {
        "model.py": "import keras\nclass Block(keras.layers.Layer): pass\n",
        "train.py": "import tf_keras\nfrom model import Block\nBlock()(tf_keras.Input((3,)))\n",
    }
    assert found(files) == ["train.py:3 KI101"]
    assert "a layer of keras (made in model.py)" in found.rows[0]["message"]


def test_packages_and_relative_imports(found):
    files = {
        "src/app/__init__.py": "",
        "src/app/nets/__init__.py": "from .dense import build\n",  # it names no Keras
        "src/app/nets/dense.py": LAYER,
        "src/app/train.py": TRAIN.replace("from model", "from .nets"),
        "src/app/more.py": "import keras\nfrom . import nets\nkeras.Sequential([nets.build(3)])\n",
        "tests/test_app.py": "import keras\nimport app.nets.dense\n"
        "keras.Sequential([app.nets.dense.build(3)])\n",
    }
    assert found(files) == [
        "src/app/more.py:3 KI004",
        "src/app/train.py:3 KI004",
        "tests/test_app.py:3 KI004",
    ]


EITHER = "try:\n  import tf_keras as k\nexcept ImportError:\n  import keras as k\n"


@pytest.mark.parametrize(
    ("model", "use"),
    [
        # not connected
        (LAYER, "import keras\nkeras.Sequential([build(3)])"),
        (LAYER, TRAIN.replace("from model", "from other")),
        # the same Keras
        (LAYER.replace("tf_keras", "keras"), TRAIN),
        (LAYER, TRAIN.replace("import keras", "import tf_keras as keras")),
        (LAYER.replace("import tf_keras", "import tensorflow.keras as tf_keras"), TRAIN),
        # one that is chosen
        (EITHER + "def build(units):\n    return k.layers.Dense(units)\n", TRAIN),
        (LAYER, EITHER + "from model import build\nk.Sequential([build(3)])\n"),
        # what may be something else
        (LAYER.replace("return", "if units: return"), TRAIN),
        (LAYER.replace("return", "if units: return None\n    return"), TRAIN),
        (LAYER + "    return other\n", TRAIN.replace("build(3)", "other")),
        (LAYER.replace("return", "yield"), TRAIN),
        (LAYER.replace("def", "@convert\ndef"), TRAIN),
        # data
        (LAYER.replace("layers.Dense(units)", "Sequential().predict(units)"), TRAIN),
        # a name that is bound anew
        (LAYER, TRAIN.replace("keras.S", "def build(n): return None\nkeras.S")),
        (LAYER, TRAIN.replace("keras.S", "def f(build): keras.S")),
        # what a function does with its argument is not known
        (LAYER.replace("layers.Dense", "Sequential"), TRAIN.replace("keras.Sequential", "build")),
        (LAYER, TRAIN.replace("])", "])  # noqa: KI004")),
    ],
)
def test_what_is_right_or_not_certain(found, model, use):
    assert found({"model.py": model, "train.py": use}) == []


def test_a_program_that_asks_for_the_legacy_keras(found):
    files = {
        "model.py": LAYER,
        "train.py": TRAIN.replace("import keras", "from tensorflow import keras"),
    }
    assert found(files) == ["train.py:3 KI004"]
    files["main.py"] = "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport keras, train\n"
    assert found(files) == []


SWITCH = "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n"


@pytest.mark.parametrize(
    ("more", "is_mixed"),
    [
        ({"main.py": SWITCH + "import train\n"}, False),
        ({"main.py": "import train\n" + SWITCH}, True),
        ({"main.py": "import numpy\nimport keras\n" + SWITCH + "import train\n"}, True),
        ({"main.py": "import settings, train, keras\n", "settings.py": SWITCH}, False),
        ({"main.py": "import train, settings, keras\n", "settings.py": SWITCH}, True),
        ({"other.py": SWITCH + "import tensorflow.keras\n"}, True),
        ({"main.py": "import os\nos.putenv('TF_USE_LEGACY_KERAS', '1')\nimport train\n"}, True),
    ],
)
def test_only_what_is_set_before_the_import_counts(found, more, is_mixed):
    files = {"model.py": LAYER, "train.py": TRAIN.replace("import", "from tensorflow import", 1)}
    assert bool(found(files | more)) is is_mixed


@pytest.mark.parametrize(
    ("first", "second", "is_mixed"),
    [("import settings\n", "", False), ("", "import settings\n", True), ("", "", True)],
)
def test_a_module_that_is_imported_first_may_set_it(found, first, second, is_mixed):
    code = "from tensorflow.keras.layers import Dense\nimport tf_keras\n"
    use = "tf_keras.Sequential([Dense(1)])\n"
    files = {"settings.py": SWITCH, "a.py": f"{first}{code}{second}{use}"}
    assert bool(found(files)) is is_mixed


def test_circles_and_what_is_found_in_a_file_alone(found):
    files = {
        "model.py": "import train\n" + LAYER,
        "train.py": TRAIN + "import tf_keras\nkeras.Sequential([tf_keras.layers.Dense(3)])\n",
    }
    assert sorted(found(files)) == ["train.py:3 KI004", "train.py:5 KI004"]


def test_files_that_are_not_named_are_not_reported(found):
    files = {"model.py": LAYER, "train.py": TRAIN}
    assert found(files, "model.py") == []
