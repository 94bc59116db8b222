"""Files that Keras 3 does not write or read, by how their names end."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """\
import os
from pathlib import Path

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.callbacks import ModelCheckpoint

folder = os.environ["OUT"]
net = keras.Sequential([keras.layers.Dense(1)])
"""


def left(code: str, target: str = "keras", head: str = HEAD) -> list[str]:
    """What is said of code of no known age after its move: messages with advice."""
    outcome = migrate_text(head + code + "\n", Job(parse_target(target)))
    return [f"{each.message}; {each.advice}" for each in outcome.left]


# What keras 3.15.1 does with these was seen: it raises ValueError, or TypeError for arguments.
REFUSED = [
    "def f(agent):\n    agent.load_weights('agent')",
    "class C:\n    @staticmethod\n    def f(path):\n        net.save_weights(path)\nC.f('w.ckpt')",
    "ModelCheckpoint('best.hdf5')",
    "ModelCheckpoint(filepath='best')",
    "ModelCheckpoint(folder + '/best.hdf5')",
    "ModelCheckpoint(f'{folder}/best.hdf5')",
    "ModelCheckpoint(os.path.join(folder, 'best.hdf5'))",
    "ModelCheckpoint(str(Path(folder) / 'best.hdf5'))",
    "ModelCheckpoint('{epoch:02d}-{val_loss:.2f}.hdf5')",
    "ModelCheckpoint('w-%s.hdf5' % folder)",
    "path = folder + '/best.hdf5'\nModelCheckpoint(path)",
    "name = 'best.hdf5'\npath = os.path.join(folder, name)\nModelCheckpoint(path)",
    "ModelCheckpoint('best.h5', save_weights_only=True)",
    "ModelCheckpoint('best.keras', save_weights_only=True)",
    "ModelCheckpoint(folder + '/cp.ckpt', save_weights_only=True)",
    "net.save('saved')",
    "net.save(folder + '/saved')",
    "net.save('net.tf')",
    "net.save_weights('net.h5')",
    "net.save_weights(folder + '/net.ckpt')",
    "net.save_weights('net')",
    "keras.models.save_model(net, 'saved')",
    "keras.models.load_model('saved')",
    "tf.keras.models.load_model(os.path.join(folder, 'saved'))",
    "net.load_weights('training/cp.ckpt')",
    "net.load_weights(tf.train.latest_checkpoint(folder))",
    "latest = tf.train.latest_checkpoint(folder)\nnet.load_weights(latest)",
    "def f(m):\n    m.load_weights(tf.train.latest_checkpoint(folder))",
    "def f(m):\n    m.save_weights('a.ckpt')",
]

TAKEN = [
    "ModelCheckpoint('best.h5')",
    "ModelCheckpoint('best.keras')",
    "ModelCheckpoint('{epoch:02d}-{val_loss:.2f}.keras')",
    "ModelCheckpoint('best.weights.h5', save_weights_only=True)",
    "ModelCheckpoint(folder)",
    "ModelCheckpoint(f'{folder}')",
    "ModelCheckpoint('best' + folder)",
    "ModelCheckpoint('best.weights.h5', save_weights_only=folder)",
    "def f(path):\n    return ModelCheckpoint(path)",
    "path = 'best.hdf5'\nfor path in ['best.keras']:\n    ModelCheckpoint(path)",
    "net.save('net.keras')",
    "net.save('net.h5')",
    "net.save('net.hdf5')",
    "net.save_weights('net.weights.h5')",
    "net.save_weights(folder + '.weights.h5')",
    "keras.models.load_model('net.keras')",
    "keras.models.load_model('hf://keras/bert')",
    "keras.models.load_model(folder)",
    "keras.callbacks.OrbaxCheckpoint('a')\nkeras.models.load_model('a')",
    "net.save('a.keras', save_format='keras_v3')",
    "net.load_weights('net.weights.h5')",
    "net.load_weights('net.h5')",
    "net.load_weights(folder)",
    "def f(image):\n    image.save('saved')",
    "def f(agent):\n    agent.load_weights('agents/first.agent')",
    "tf.train.Checkpoint(net).restore(tf.train.latest_checkpoint(folder)).expect_partial()",
]


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_is_refused_is_named(code: str) -> None:
    (said,) = left(code)
    assert "does not take a file" in said or "does not load" in said


@pytest.mark.parametrize("code", TAKEN)
def test_one_that_is_taken_or_unknown_is_not(code: str) -> None:
    assert not left(code)


@pytest.mark.parametrize("code", [code for code in (*REFUSED, *TAKEN) if "Orbax" not in code])
def test_keras_2_takes_all(code: str) -> None:
    assert not left(code, "tf_keras")


def test_what_is_called_of_load_weights_goes() -> None:
    for code in ("net.load_weights('a.h5')", "def f(m):\n    m.load_weights('a.h5')"):
        outcome = migrate_text(f"{HEAD}{code}.expect_partial()\n", Job(parse_target("keras")))
        assert outcome.text.endswith(f"{code}\n")
        assert not outcome.left


def test_a_model_that_was_compiled_with_a_short_name_does_not_load() -> None:
    (said,) = left("net.compile('sgd', 'mse')\nnet.save('net.h5')")
    assert "does not load" in said
    assert "compile=False" in said
    assert not left("net.compile('sgd', 'mean_squared_error')\nnet.save('net.h5')")


@pytest.mark.parametrize(
    "call",
    [
        "net.fit(x, y, workers=4)",
        "net.predict(x, use_multiprocessing=True)",
        "net.evaluate(x, max_queue_size=20)",
    ],
)
def test_arguments_of_queues_are_taken_out_and_named(call: str) -> None:
    for code in (call, f"def f(net):\n    {call[:-1]}, verbose=0)"):
        (said,) = left(code)
        assert "PyDataset" in said


@pytest.mark.parametrize(
    "code",
    [
        "def f(search):\n    search.fit(x, y)",
        "class A:\n    def fit(self, x, workers=1):\n        pass\n\n\nA().fit(x, workers=2)",
        "class A:\n    def fit(self, x, workers=1):\n        return self.fit(x, workers=2)",
        "def f(search):\n    search.fit(x, n_jobs=2)",
    ],
)
def test_other_methods_of_that_name_are_let_be(code: str) -> None:
    assert not left(code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "keras.losses.Huber(reduction='auto')",
            "keras.losses.Huber(reduction='sum_over_batch_size')",
        ),
        ("a = keras.losses.Reduction.NONE", 'a = "none"'),
        (
            "keras.losses.Huber(reduction=keras.losses.Reduction.SUM)",
            'keras.losses.Huber(reduction="sum")',
        ),
        ("a = tf.keras.losses.Reduction.AUTO", 'a = "sum_over_batch_size"'),
        (
            "net.compile('sgd', 'mse', experimental_run_tf_function=False)",
            "net.compile('sgd', 'mse')",
        ),
        ("net.predict_proba(x)", "net.predict(x)"),
        (
            "keras.mixed_precision.experimental.set_policy('mixed_float16')",
            "keras.mixed_precision.set_dtype_policy('mixed_float16')",
        ),
    ],
)
def test_what_no_keras_3_takes_moves_whatever_the_code_was_for(code: str, expected: str) -> None:
    text = migrate_text(f"{HEAD}{code}\n", Job(parse_target("keras"))).text
    assert text.endswith(f"{expected}\n")


def test_predict_classes_is_named_whatever_the_code_was_for() -> None:
    for code in ("net.predict_classes(x)", "def f(m):\n    return m.predict_classes(x)"):
        (said,) = left(code)
        assert "argmax" in said


def test_keras_3_code_is_let_be() -> None:
    code = (
        "import keras\n\nnet = keras.Sequential([keras.layers.Dense(1)])\n"
        "net.compile('sgd', keras.losses.Huber(reduction='sum'))\nnet.fit(x, y, epochs=2)\n"
        "net.optimizer.learning_rate.assign(0.1)\nnet.save('a.keras')\n"
        "net.save_weights('a.weights.h5')\nnet.load_weights('a.weights.h5')\n"
    )
    assert not left(code, head="")
