"""Statements that only set up TensorFlow go, where the code is to run on other backends."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


def moved(code, backend="any"):
    job = Job(parse_target("keras", backend=backend))
    found = migrate_text(dedent(code), job)
    assert found.problem is None
    return found.text, [each.message for each in found.left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            import tensorflow as tf
            from keras import backend as K
            from keras.layers import Dense

            # Take the memory as it is needed
            config = tf.ConfigProto()
            config.gpu_options.allow_growth = True
            session = tf.Session(config=config)
            K.set_session(session)

            layer = Dense(3)
            """,
            """\
            from keras.layers import Dense

            layer = Dense(3)
            """,
            id="session",
        ),
        pytest.param(
            """\
            import tensorflow as tf
            import keras


            def main():
                gpus = tf.config.list_physical_devices("GPU")
                if gpus:
                    for gpu in gpus:
                        tf.config.experimental.set_memory_growth(gpu, True)

                keras.Model()
            """,
            """\
            import keras


            def main():
                keras.Model()
            """,
            id="devices",
        ),
        pytest.param(
            """\
            import os
            import tensorflow as tf
            import keras
            os.environ["CUDA_VISIBLE_DEVICES"] = "0"
            tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)  # be quiet
            tf.get_logger().setLevel("ERROR")
            keras.backend.get_session().run(tf.global_variables_initializer())
            keras.Model()
            """,
            """\
            import os
            import keras
            os.environ["CUDA_VISIBLE_DEVICES"] = "0"
            keras.Model()
            """,
            id="logs",
        ),
        pytest.param(
            """\
            import tensorflow as tf
            import keras
            if __name__ == "__main__":
                tf.compat.v1.disable_eager_execution()
            keras.Model()
            """,
            """\
            import keras
            if __name__ == "__main__":
                pass
            keras.Model()
            """,
            id="alone in a block",
        ),
    ],
)
def test_settings_go(before, after):
    assert moved(before) == (dedent(after), [])


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\nsession = tf.compat.v1.Session()\nprint(session.run(x))\n",
        "import tensorflow as tf\nif tf.test.is_gpu_available():\n    batch = 32\n",
        "import tensorflow as tf\ngpus = tf.config.list_physical_devices()\nprint(len(gpus))\n",
    ],
)
def test_what_something_else_uses_stays_and_is_named(code):
    text, left = moved(code)
    assert text == code
    assert "needs TensorFlow" in left[0]


def test_settings_stay_on_tensorflow():
    code = (
        "import tensorflow as tf\nimport keras\ntf.get_logger().setLevel('ERROR')\nkeras.Model()\n"
    )
    assert moved(code, backend="") == (code, [])
