"""Where a program sets TF_USE_LEGACY_KERAS: before TensorFlow is imported, after, or not at all."""

from __future__ import annotations

import ast

import pytest

from keras_imports.knowledge.legacy_switch import find_switch, steps_of, takes_keras_by_import

SET = 'os.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
TF = "import tensorflow as tf\n"


def switch(code):
    return find_switch(steps_of(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        f"import os\n{SET}{TF}",
        f"import os, json\n{SET}from tensorflow.keras import layers\n",
        f"import os\n{SET}",
        f"import numpy\nimport os as system\nsystem.{SET[3:]}{TF}",
        f"from os import environ\n{SET[3:]}{TF}",
        f'os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")\n{TF}',
        f'os.environ.update({{"A": "2", "TF_USE_LEGACY_KERAS": "true"}})\n{TF}',
        f'os.environ.update(TF_USE_LEGACY_KERAS="True")\n{TF}',
        f'os.environ |= {{"TF_USE_LEGACY_KERAS": "1"}}\n{TF}',
        f'os.environ["TF_USE_LEGACY_KERAS"] = str(1)\n{TF}',
        f"if old:\n    {SET}{TF}",
        f"try:\n    {SET}except KeyError:\n    pass\n{TF}",
        f"def prepare():\n    {SET}prepare()\n{TF}",
        f"def late():\n    import tensorflow\n{SET}{TF}",
        f"if TYPE_CHECKING:\n    pass\nelse:\n    {SET}{TF}",
    ],
)
def test_in_time(code):
    assert switch(code).in_time
    assert switch(code).too_late is None


@pytest.mark.parametrize(
    "code",
    [
        f"{TF}{SET}",
        f"import keras\n{SET}{TF}",
        f"import tf_keras\n{SET}{TF}",
        f"from tensorflow.keras import layers\n{SET}",
        f"import tensorflow_hub as hub\n{SET}{TF}",
        f"try:\n    {TF}except ImportError:\n    pass\n{SET}",
        f'{TF}os.environ.update({{"TF_USE_LEGACY_KERAS": "1"}})\n',
        f'{SET}os.environ["TF_USE_LEGACY_KERAS"] = "0"\n{TF}{SET}',
    ],
)
def test_too_late(code):
    found = switch(code)
    assert not found.in_time
    assert "TF_USE_LEGACY_KERAS" in ast.unparse(found.too_late)


@pytest.mark.parametrize(
    "code",
    [
        TF,
        f'os.putenv("TF_USE_LEGACY_KERAS", "1")\n{TF}',
        f'os.environ["TF_USE_LEGACY_KERAS"] = "0"\n{TF}',
        f'{TF}os.environ["TF_USE_LEGACY_KERAS"] = ""\n',
        f'other["TF_USE_LEGACY_KERAS"] = "1"\n{TF}',
        f'{{"TF_USE_LEGACY_KERAS": "1"}}\n{TF}',
        f'print("TF_USE_LEGACY_KERAS", "1")\n{TF}',
        f'x = os.environ.get("TF_USE_LEGACY_KERAS") == "1"\n{TF}',
        f'# os.environ["TF_USE_LEGACY_KERAS"] = "1"\n{TF}',
        f'"""os.environ["TF_USE_LEGACY_KERAS"] = "1" """\n{TF}',
        f"def never():\n    {SET}{TF}",
        f"class Never:\n    def run(self):\n        {SET}{TF}",
        f'{SET}os.environ["TF_USE_LEGACY_KERAS"] = "0"\n{TF}',
        f'os.environ["USE_LEGACY_KERAS"] = "1"\n{TF}',
        f"def again():\n    again()\nagain()\n{TF}",
    ],
)
def test_not_at_all(code):
    found = switch(code)
    assert not found.in_time
    assert found.too_late is None


@pytest.mark.parametrize(
    ("code", "is_import"),
    [
        ("from tensorflow.keras import layers", True),
        ("import tensorflow.keras.layers as L", True),
        ("from tensorflow.keras.layers import Dense", True),
        ("from tensorflow import keras", False),
        ("import tensorflow as tf\ntf.keras.layers", False),
        ("from keras import layers", False),
    ],
)
def test_what_is_decided_when_tensorflow_is_imported(code, is_import):
    assert takes_keras_by_import(steps_of(ast.parse(code))) is is_import
