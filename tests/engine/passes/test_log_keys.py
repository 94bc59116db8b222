"""Keys of what Keras logs."""

from __future__ import annotations

import pytest
from said import migrated

HEAD = """\
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.models import Sequential
model = Sequential()
model.compile("sgd", "mse", metrics=["accuracy"])
history = model.fit(x, y, callbacks=[ReduceLROnPlateau()])
"""


def line(code: str, target: str = "keras", head: str = HEAD) -> str:
    """What becomes of a line behind a program that trains."""
    return migrated(f"{head}{code}\n", target).text.splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ('plot(history.history["lr"])', 'plot(history.history["learning_rate"])'),
        ("rate = logs.get('lr')", "rate = logs.get('learning_rate')"),
        ('known = "lr" in history.history', 'known = "learning_rate" in history.history'),
        ('plot(history.history["val_acc"])', 'plot(history.history["val_accuracy"])'),
        ("plot(hist['head_acc'])", "plot(hist['head_accuracy'])"),
        ("stop = EarlyStopping(monitor='val_acc')", "stop = EarlyStopping(monitor='val_accuracy')"),
        ("stop = EarlyStopping('acc')", "stop = EarlyStopping('accuracy')"),
        ("name = 'w.{epoch}-{val_acc:.2f}.keras'", "name = 'w.{epoch}-{val_accuracy:.2f}.keras'"),
    ],
)
def test_a_key_is_that_of_the_target(code: str, becomes: str) -> None:
    assert line(code) == becomes


@pytest.mark.parametrize(
    "code",
    ['plot(x, label="acc")', 'options["lr"] = 3', "rates = {'acc': 3}", 'print("lr", "acc")'],
)
def test_other_strings_stay(code: str) -> None:
    assert line(code) == code


@pytest.mark.parametrize("metrics", ['["acc"]', "['acc', 'accuracy']", "[mine]", '["mae"]'])
def test_a_metric_of_that_name_keeps_its_key(metrics: str) -> None:
    head = HEAD.replace('["accuracy"]', metrics)
    assert line('plot(history.history["acc"])', head=head) == 'plot(history.history["acc"])'


def test_who_logs_the_rate_reads_that() -> None:
    head = f"{HEAD}logs['lr'] = 3\n"
    assert line("print(logs['lr'])", head=head) == "print(logs['lr'])"


@pytest.mark.parametrize(
    ("key", "target", "stays"),
    [("lr", "tf_keras", True), ("acc", "tf_keras", False), ("acc", "keras==2.2.4", True)],
)
def test_it_depends_on_the_target(key: str, target: str, stays: bool) -> None:
    code = f"plot(history.history['{key}'])"
    assert (line(code, target) == code) == stays
