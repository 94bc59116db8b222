"""Methods and attributes that are used where no name tells what they are of."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Dense, Layer\n\n\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("model.fit_generator(batches, 3)", "model.fit(batches, steps_per_epoch=3)"),
        ("self.model.fit_generator(batches)", "self.model.fit(batches)"),
        ("model.fit(x, y)", "model.fit(x, y)"),
        ("layer.get_output_at(0)", "layer.get_output_at(0)"),
        ("'model.fit_generator(x)'", "'model.fit_generator(x)'"),
    ],
)
def test_what_keras_alone_has_is_moved_whatever_it_is_of(code, expected):
    outcome = migrate_text(f"{HEAD}Dense(3)\n{code}\n", Job(parse_target("keras")))
    assert outcome.text.splitlines()[-1] == expected


@pytest.mark.parametrize("made", ["keras.Sequential()", "keras.models.Sequential()"])
def test_an_argument_that_nothing_takes_any_more_is_named_whatever_the_age_of_the_code(made):
    code = f"import keras\nmodel = {made}\nmodel.fit_generator(batches, samples_per_epoch=8)\n"
    (left,) = migrate_text(code, Job(parse_target("keras"))).left
    assert "takes no `samples_per_epoch`" in left.says


LAYER = """from keras import backend as K, initializations
from keras.layers import Layer

class Own(Layer):
    def build(self, input_shape):
"""


def moved(body, to="keras"):
    code = LAYER + "".join(f"        {line}\n" for line in body.split("\n"))
    text = migrate_text(code, Job(parse_target(to))).text
    body = text.partition("input_shape):\n")[2]
    return "\n".join(line.removeprefix("        ") for line in body.splitlines())


@pytest.mark.parametrize(
    ("to", "name"), [("keras", "name"), ("tf_keras", "_name"), ("tensorflow.keras==2.10", "_name")]
)
def test_a_layer_is_named_where_it_can_be(to, name):
    body = "self.name = 'a'\nself.label = self.name"
    assert moved(body, to) == body.replace("name", name, 1)


def test_what_is_no_layer_has_a_name_of_its_own():
    code = LAYER.replace("(Layer)", "(object)") + "        self.name = 'a'\n"
    assert "self.name = 'a'" in migrate_text(code, Job(parse_target("tf_keras"))).text
