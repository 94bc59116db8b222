"""An import of TensorFlow that nothing uses goes, unless something else may use it."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

REST = "from keras.layers import Dense\nDense(3)\n"


def moved(code, *, to="keras", backend="", used=None):
    job = Job(parse_target(to, backend=backend))
    found = migrate_text(code + REST, job, used or UsedElsewhere())
    return found.text.removesuffix(REST), [each.advice for each in found.left]


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\n",
        "import tensorflow\n",
        "from tensorflow.python.framework import ops\n",
        "import tensorflow.contrib.slim as slim\n",
        "import tensorflow as tf  # the backend\n",
    ],
)
def test_what_nothing_uses_goes(code):
    assert moved(code) == ("", [])
    assert moved(code, backend="any") == ("", [])


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf  # noqa: F401\n",
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n",
        "import tensorflow as tf\nprint(tf.one)\n",
        "import tensorflow as tf\ndef f(tf):\n    return tf\n",
        "import tensorflow as tf\n__all__ = ['tf']\n",
    ],
)
def test_what_may_be_used_stays(code):
    assert moved(code) == (code, [])


def test_what_others_import_stays_and_is_named_for_other_backends():
    for used in (UsedElsewhere(frozenset({"tf"})), UsedElsewhere(is_open=True)):
        code = "import tensorflow as tf\n"
        assert moved(code, used=used) == (code, [])
        advice = "remove it if nothing imports it from here"
        assert moved(code, backend="any", used=used) == (code, [advice])


@pytest.mark.parametrize("to", ["tf_keras", "tensorflow.keras", "keras==2.3.1"])
def test_a_target_that_needs_it_keeps_it(to):
    assert moved("import tensorflow as tf\n", to=to)[0].startswith("import tensorflow as tf\n")


def test_a_module_without_keras_is_only_tidied_up_for_other_backends():
    code = "import tensorflow as tf\n"
    assert migrate_text(code, Job(parse_target("keras"))).text == code
    assert migrate_text(code, Job(parse_target("keras", backend="any"))).text == ""
