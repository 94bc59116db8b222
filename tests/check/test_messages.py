"""What `check` says of a failure: why it fails in this release, and what to write."""

from __future__ import annotations

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import atlas
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse


def advice(installed, text, legacy=False):
    source = Source("case.py", text, parse(text))
    setting = Setting(atlas.environment(installed.split(), legacy=legacy))
    return [finding.says for finding in check_module(CheckedModule(source, setting))]


@pytest.mark.parametrize(
    ("installed", "text", "says"),
    [
        (
            f"keras=={KERAS}",
            "from keras.layers.core import Dense",
            "`keras.layers.core.Dense` was removed in keras 2.13; "
            "write `from keras.layers import Dense`",
        ),
        (
            f"keras=={KERAS}",
            "import keras\nkeras.engine.nothing",
            "`keras.engine` was removed in keras 2.13",
        ),
        (
            "keras==2.3.1",
            "import keras.ops",
            "keras 2.3.1 has no `keras.ops`: it was added in keras 3.0",
        ),
        (
            f"keras=={KERAS}",
            "from keras.layers import Densest",
            f"keras {KERAS} has no `keras.layers.Densest`",
        ),
        (
            "keras==2.3.1 tensorflow==2.1.4",
            "from tensorflow.keras.utils import np_utils",
            "tensorflow 2.1.4 has no `tensorflow.keras.utils.np_utils`: it is a path of keras; "
            "write `from keras.utils import np_utils`",
        ),
        (
            f"keras=={KERAS}",
            "from tf_keras.layers import Dense",
            "`tf_keras.layers.Dense` needs tf_keras, which is not installed; "
            "write `from keras.layers import Dense`",
        ),
        (
            f"keras=={KERAS}",
            "import keras\nclass Data(keras.utils.Sequence):\n"
            "    def __getitem__(self, i):\n        return [i, i], i",
            f"keras=={KERAS} takes no lists in a batch; write `return (i, i), i`",
        ),
    ],
)
def test_why_something_fails(installed, text, says):
    assert advice(installed, text) == [says]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("max", "write `keras.ops.max`"),
        ("reshape", "write `keras.ops.reshape`"),
        ("random_normal", "write `keras.random.normal`"),
        ("gradients", "use the backend's own way: `tf.GradientTape`"),
        ("update", "write `(lambda x, new_x: x.assign(new_x))`"),
    ],
)
def test_what_replaced_a_function_of_the_backend_is_no_other_keras(name, says):
    text = f"from keras import backend as K\nfunction = K.{name}\n"
    (said,) = advice(f"keras=={KERAS} tensorflow=={TENSORFLOW}", text)
    assert said.startswith(f"`keras.backend.{name}` was removed in keras 3.0; {says}")


@pytest.mark.parametrize(
    ("installed", "text", "says"),
    [
        (
            f"keras=={KERAS}",
            "import keras\nkeras.src.testing.test_case.TestCase",
            f"no import of this file loads `keras.src.testing` of keras {KERAS}; "
            "`import keras.src.testing` does",
        ),
        (
            f"keras=={KERAS}",
            "import keras.layers.Dense as Dense",
            f"`keras.layers.Dense` of keras {KERAS} is not a module, "
            "and only modules follow `import`; write `from keras.layers import Dense as Dense`",
        ),
        (
            f"keras=={KERAS} tensorflow=={TENSORFLOW}",
            "import tensorflow.keras.layers.Dense",
            f"`tensorflow.keras.layers.Dense` of tensorflow {TENSORFLOW} is not a module, "
            "and only modules follow `import`; write `from tensorflow.keras.layers import Dense`",
        ),
    ],
)
def test_what_is_there_is_not_said_to_be_missing(installed, text, says):
    assert advice(installed, text)[:1] == [says]


def test_what_the_legacy_keras_alone_does_not_have():
    installed = f"keras=={KERAS} tensorflow=={TENSORFLOW} tf-keras=={TF_KERAS}"
    text = "from tensorflow.keras import ops"
    assert advice(installed, text) == []
    [says] = advice(installed, text, legacy=True)
    assert says.startswith(
        f"tensorflow {TENSORFLOW} with TF_USE_LEGACY_KERAS=1 has no `tensorflow.keras"
    )


def test_an_argument_without_a_default_is_said_to_be_needed():
    [says] = advice("keras==3.15.1", "import keras\nkeras.layers.AveragePooling2D()\n")
    assert says.startswith("`keras.layers.AveragePooling2D` needs `pool_size` in keras==3.15.1")
