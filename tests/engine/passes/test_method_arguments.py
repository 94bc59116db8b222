"""Arguments that no method of an object's class takes."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

PROGRAM = """import keras
model = keras.Sequential([keras.layers.Dense(3)])
optimizer = keras.optimizers.Adam()
{}
"""


def left(line, to="keras==3.15.1"):
    outcome = migrate_text(PROGRAM.format(line), Job(parse_target(to)))
    return [f"{each.code} {each.message}; {each.advice}" for each in outcome.left]


# What keras 3.15.1 does with these was seen: it raises TypeError.
@pytest.mark.parametrize(
    ("line", "what", "advice"),
    [
        ("model.fit(x, y, epoch=3)", "`Sequential.fit` takes no `epoch`", "write `epochs=`"),
        ("model.fit(x, samples_per_epoch=9)", "`samples_per_epoch`", "pass `steps_per_epoch`, the"),
        ("model.compile('sgd', 'mse', metric=['mse'])", "`metric`", "write `metrics=` if that"),
        ("model.predict(x, batchsize=3)", "`batchsize`", "write `batch_size=`"),
        ("model.get_layer(nam='a')", "`nam`", "write `name=`"),
        ("optimizer.apply_gradients(g, foo=1)", "`foo`", "leave it out"),
        ("model.evaluate(x, y, sample_weigth=w)", "`sample_weigth`", "write `sample_weight=`"),
        ("model.save('a.keras', signatures=None)", "`signatures`", "leave it out"),
        ("keras.models.clone_model(model, foo=1)", "`foo`", "leave it out"),
    ],
)
def test_what_no_release_takes_is_named(line, what, advice):
    [said] = left(line)
    assert said.startswith("KI007 ")
    assert what in said
    assert advice in said


@pytest.mark.parametrize(
    "line",
    [
        "model.fit(x, y, epochs=3, verbose=0)",
        "model.fit(x, y, **given)",
        "model.save('a.keras', include_optimizer=False)",  # it takes that by `**`
        "model.to_json(anything=1)",
        "model(x, anything=3)",
        "def f(model):\n    model.fit(x, epoch=3)\nf(other())",
        "class Own(keras.Model):\n    def fit(self, x, epoch): pass\nOwn().fit(x, epoch=3)",
        "try:\n    model.fit(x, epoch=3)\nexcept TypeError:\n    pass",
        "model.fit(x, y, epoch=3)  # noqa: KI007",
    ],
)
def test_what_may_be_taken_is_left_alone(line):
    assert left(line) == []


def test_what_a_rule_moves_or_names_is_said_by_that_alone():
    assert left("model.fit(x, y, nb_epoch=3)") == []
    [said] = left("model.fit(x, y, workers=3)")
    assert "derive the data from" in said
