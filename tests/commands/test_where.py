import json
from argparse import Namespace

import pytest

from keras_imports import atlas
from keras_imports.commands import where
from keras_imports.commands.where_history import signature_change
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.target import parse_target
from keras_imports.python.signatures import changes


def ask(capsys, symbol, release=None, every=False, flavour=None, as_json=False):
    args = Namespace(asked=[symbol], release=release, all=every, flavour=flavour, json=as_json)
    code = where.run(args)
    out = capsys.readouterr().out
    return code, json.loads(out) if as_json else out


def test_the_line_to_paste_for_every_flavour(capsys):
    code, out = ask(capsys, "BatchNormalization")
    assert code == 0
    for flavour in FLAVOURS:
        assert f"from {flavour}.layers import BatchNormalization\n" in out
    symbol, first, *_ = out.splitlines()
    assert symbol == "layers.BatchNormalization"
    assert first.split(None, 2)[1:] == [
        atlas.releases("keras")[-1],
        "from keras.layers import BatchNormalization",
    ]
    assert "Not the same: tensorflow.compat.v1.keras.layers.BatchNormalization" in out


def test_the_history_says_what_changed_in_words(capsys):
    _, out = ask(capsys, "BatchNormalization", flavour="keras")
    lines = [line.split(None, 1) for line in out.splitlines()]
    assert ["2.12", "added `synchronized`"] in lines
    assert ["1.2", "the default of `epsilon` is 0.001, and not 1e-05"] in lines
    assert [
        "1.0",
        "in the oldest release that is known, as `keras.layers.BatchNormalization`",
    ] in lines
    assert "History in keras, the newest first\n  3.14 " in out
    assert "History in tensorflow.keras" not in out


def test_the_history_says_what_moved_and_what_was_away(capsys):
    _, out = ask(capsys, "to_categorical", flavour="keras")
    moved = "moved from `keras.utils.np_utils.to_categorical` to `keras.utils.to_categorical`"
    assert f"  2.0.0  {moved}; added" in out
    assert "  2.5    removed\n" in out
    assert "  2.9    added again, as `keras.utils.to_categorical`\n" in out


def test_the_history_of_every_release_is_a_table(capsys):
    _, out = ask(capsys, "BatchNormalization", flavour="keras", every=True)
    lines = [line.split() for line in out.splitlines()]
    assert ["1.2.2", "epsilon:", "1e-05", "→", "0.001"] in lines
    assert ["2.12.0", "–", "3.13.2", "+synchronized"] in lines


def test_what_tensorflow_hands_out_is_said_to_be_what_is_installed(capsys):
    _, out = ask(capsys, "layers.Layer", flavour="tensorflow.keras")
    assert "  2.16  is the Keras 3 that is installed, in the newest of which it added" in out


def test_what_differs_between_flavours_is_said_in_words(capsys):
    _, out = ask(capsys, "BatchNormalization")
    assert "\n  tf_keras 2.21.0 does not take `renorm`, `renorm_clipping`" in out


def test_no_line_is_wider_than_a_page(capsys):
    for symbol in ("BatchNormalization", "LSTM", "mean_squared_error", "fit"):
        _, out = ask(capsys, symbol)
        assert max(map(len, out.splitlines())) <= where.WIDTH


def test_a_symbol_that_is_gone(capsys):
    _, out = ask(capsys, "LocallyConnected1D")
    keras, _, tf_keras, core = (line.split(None, 2)[2] for line in out.splitlines()[1:5])
    assert keras == "– only until 2.15.0"
    assert tf_keras == "from tf_keras.layers import LocallyConnected1D"
    assert core == "– never had it"


def test_a_symbol_that_is_gone_is_not_taken_for_its_namesake(capsys):
    _, out = ask(capsys, "K.mean", flavour="keras")
    assert out.splitlines()[1].endswith("– only until 2.15.0; another mean is keras.ops.mean")


def test_a_symbol_that_is_new(capsys):
    _, out = ask(capsys, "ops.mean", release="2.15", flavour="keras")
    assert out.splitlines()[1].split(None, 2)[2] == (
        "– only since 3.0.5; another mean is keras.backend.mean"
    )


def test_an_old_path_is_answered_with_the_one_to_write(capsys):
    _, out = ask(capsys, "keras.layers.core.Dense")
    assert out.startswith("keras.layers.core.Dense (private) works in keras 1.0.8 – 2.12.0\n")
    assert "from keras.layers import Dense\n" in out


def test_an_abbreviated_path(capsys):
    _, out = ask(capsys, "K.mean", flavour="tf_keras")
    assert "from tf_keras.backend import mean\n" in out


def test_an_ambiguous_name_says_so(capsys):
    _, out = ask(capsys, "add")
    assert out.startswith("add is ambiguous: layers.add, ops.add\n")
    assert "from keras.layers import add" in out
    assert "from keras.ops import add" in out


def test_a_name_that_raises_when_called_says_so(capsys):
    _, out = ask(capsys, "optimizers.legacy.SGD", flavour="keras")
    assert "from keras.optimizers.legacy import SGD  # raises when called" in out


def test_a_release(capsys):
    _, out = ask(capsys, "to_categorical", release="1.2.2", flavour="keras")
    assert "keras 1.2.2  from keras.utils.np_utils import to_categorical\n" in out
    _, out = ask(capsys, "Rescaling", release="2.3.1")
    assert (
        "tensorflow.keras 2.3.4  "
        "from tensorflow.keras.layers.experimental.preprocessing import Rescaling" in out
    )
    assert "keras 2.3.1" in out
    assert "tf_keras" not in out


def test_all_releases(capsys):
    _, out = ask(capsys, "Dense", every=True, flavour="tf_keras")
    lines = [
        line for line in out.splitlines() if line.endswith("from tf_keras.layers import Dense")
    ]
    assert len(lines) == len(atlas.releases("tf_keras"))


def test_unknown_names_get_near_misses(capsys):
    code, out = ask(capsys, "BatchNormalisation")
    assert code == 1
    assert out.startswith("no release of Keras has 'BatchNormalisation'; near: BatchNormalization")
    assert ask(capsys, "Batchnorm", as_json=True) == (1, [])


@pytest.mark.parametrize(("release", "flavour"), [("9.9", None), ("x", None), (None, "jax")])
def test_unknown_releases_and_flavours(capsys, release, flavour):
    with pytest.raises(ValueError, match=r"not in the atlas|not a flavour") as caught:
        ask(capsys, "Dense", release=release, flavour=flavour)
    assert "\n" not in str(caught.value)


def test_json(capsys):
    _, (dense,) = ask(capsys, "layers.Dense", as_json=True)
    assert dense["symbol"] == "layers.Dense"
    keras = dense["answers"][0]
    assert keras["import"] == "from keras.layers import Dense"
    assert keras["signature"][0] == {"name": "units", "default": None, "kind": "positional"}
    assert dense["history"]["tf_keras"][0]["first"] == "2.14.1"


def test_keyword_only_parameters_are_shown_as_such(capsys):
    _, out = ask(capsys, "layers.Layer", flavour="keras")
    assert "  Layer(*, activity_regularizer=None, " in out


# Lines of code


@pytest.mark.parametrize(
    ("code", "now"),
    [
        (
            "from keras.layers.normalization import BatchNormalization",
            "from keras.layers import BatchNormalization",
        ),
        (
            "from keras.layers.normalization import BatchNormalization as BN",
            "from keras.layers import BatchNormalization as BN",
        ),
        (
            "from keras.layers.core import (Dense,\n    Dropout)",
            "from keras.layers import (Dense,",
        ),
        (
            "import keras.utils.np_utils as u; u.to_categorical(y)",
            "from keras import utils; utils.to_categorical(y)",
        ),
        ("Adam(lr=)", "Adam(learning_rate=...)"),
        ("model.compile(Adam(lr=1e-3), loss='mse')", "Adam(learning_rate=1e-3)"),
        ("model.fit_generator(gen, steps_per_epoch=10)", "model.fit(gen, steps_per_epoch=10)"),
        ("self.model.fit_generator(gen, 10)", "self.model.fit(gen, steps_per_epoch=10)"),
        ("`from keras.layers.core import Dense`", "from keras.layers import Dense"),
        ("tf.Session", "tf.compat.v1.Session"),
        ("x = Conv2D(8, 3, border_mode='same',", "x = Conv2D(8, 3, padding='same',"),
        ("return K.mean(x)", "return ops.mean(x)"),
        (">>> from keras.layers.core import Dense", "from keras.layers import Dense"),
        (
            "model.add(Convolution2D(8, 3, 3, border_mode='same'))",
            "model.add(Conv2D(8, (3, 3), padding='same'))",
        ),
        (
            "from tensorflow.keras.layers.experimental import preprocessing",
            "from keras.layers import CategoryEncoding, ",
        ),
        ("@tf.keras.utils.register_keras_serializable()", "@keras.utils.register_keras"),
    ],
)
def test_a_line_of_code_is_answered_with_the_one_to_write(capsys, code, now):
    status, out = ask(capsys, code)
    assert status == 0
    assert now in out, out


def test_a_line_of_code_in_every_flavour(capsys):
    _, out = ask(capsys, "from keras.layers.core import Dense")
    lines = out.splitlines()
    assert lines[0] == "from keras.layers.core import Dense"
    rows = [line.split(None, 2) for line in lines[1:4]]
    assert [(row[0], row[2]) for row in rows] == [
        (flavour, f"from {flavour}.layers import Dense")
        for flavour in ("keras", "tensorflow.keras", "tf_keras")
    ]
    assert lines[5] == "`keras.layers.core.Dense` was in keras 1.0 to 2.12, and is gone since 2.13."


def test_an_argument_says_since_when_it_is_gone(capsys):
    _, out = ask(capsys, "Adam(lr=)")
    assert "`lr` of `Adam` is not taken by keras since 2.13 (by TensorFlow since 2.11)." in out


def test_what_a_line_becomes_in_a_release(capsys):
    _, out = ask(capsys, "Adam(lr=)", release="2.4", flavour="tensorflow.keras")
    assert out.splitlines()[1] == "  tensorflow.keras 2.4.4  as it is"


def test_an_argument_that_no_rule_renames_is_named_with_what_to_do(capsys):
    _, out = ask(capsys, "model.fit_generator(train, samples_per_epoch=2000)")
    assert out.endswith(
        "\nFor `samples_per_epoch`: divide by the batch size, and pass it as `steps_per_epoch`.\n"
    )


def test_a_variable_is_not_taken_for_a_module_of_its_name(capsys):
    _, out = ask(capsys, "K.set_session(tf.Session(config=config))")
    assert "import config" not in out


def test_a_misspelt_name_in_a_line_gets_near_ones(capsys):
    _, out = ask(capsys, "from keras.layers import BatchNormalisation")
    assert "Near names are `BatchNormalization`" in out


def test_a_private_name_is_found(capsys):
    code, out = ask(capsys, "adam_v2")
    assert code == 0
    assert "`keras.optimizers.adam_v2` was in keras 2.5 to 2.11, and is gone since 2.12" in out
    assert "from keras.optimizers import Adam" in out


def test_a_private_name_is_looked_for_in_its_own_module(capsys):
    _, out = ask(capsys, "K.tf")
    assert "`keras.backend.tf`" in out
    assert "activations" not in out


def test_a_method_of_another_class_is_near(capsys):
    code, out = ask(capsys, "Model.predict_proba")
    assert code == 1
    assert "near: Sequential.predict_proba" in out


def test_a_name_that_is_gone_is_answered_with_what_replaced_it(capsys):
    _, out = ask(capsys, "K.mean")
    assert (
        f"\nInstead, in keras {atlas.releases('keras')[-1]}: write `from keras.ops import mean`"
        in out
    )


def test_the_method_of_an_object(capsys):
    for asked in ("model.predict_classes", "self.net.predict_classes", "predict_classes()"):
        assert ask(capsys, asked)[1].startswith("models.Sequential.predict_classes, a method\n")


@pytest.mark.parametrize(
    "text", ["x = 1", "import flask", "with strategy.scope():", "print('x')", "what is this?", "+"]
)
def test_a_text_without_keras_is_said_to_be_one(capsys, text):
    code, out = ask(capsys, text)
    assert code == 1
    assert out.count("\n") == 1
    assert ask(capsys, text, as_json=True) == (1, [])


def test_an_error_message_is_for_another_command(capsys):
    with pytest.raises(ValueError, match="`keras-imports why`"):
        ask(capsys, "ImportError: cannot import name 'Adam' from 'keras.optimizers'")


def test_a_line_in_json(capsys):
    _, (found,) = ask(capsys, "Adam(lr=)", as_json=True)
    its = found["becomes"][f"tf_keras=={atlas.releases('tf_keras')[-1]}"]
    assert (found["code"], its["code"]) == ("Adam(lr=...)", "Adam(learning_rate=...)")


def test_a_line_says_the_same_as_migrate(capsys):
    code = "x = Dense(3, init='zero')(x)"
    job = Job(parse_target("keras"))
    moved = migrate_text(f"from keras.layers import Dense\n{code}\n", job).text
    assert moved.splitlines()[-1] in ask(capsys, code)[1]


def test_changes_of_a_signature():
    def signature(*texts):
        return tuple(
            atlas.Parameter(text.partition("=")[0], text.partition("=")[2] or None, "positional")
            for text in texts
        )

    old = signature("a", "b=1", "c")
    assert changes(old, signature("a", "b=2", "d")) == "+d -c b: 1 → 2"
    assert changes(old, signature("b=1", "a", "c")) == "order changed"
    assert changes(old, signature("a", "b", "c")) == "b: 1 → required"
    assert changes(old, old) == ""
    assert signature_change(old, signature("a", "b=2", "d")) == (
        "added `d`; removed `c`; the default of `b` is 2, and not 1"
    )
    assert signature_change(old, signature("b=1", "a", "c")) == "another order of the parameters"
    assert signature_change(old, signature("a", "b", "c")) == "`b` has no default, and not 1"
    assert signature_change(old, old) == ""


# Methods and attributes


def test_a_method_is_answered_with_its_class_and_what_replaced_it(capsys):
    code, out = ask(capsys, "predict_classes")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "models.Sequential.predict_classes, a method"
    keras, tensorflow, tf_keras, _ = (line.split(None, 2)[2] for line in lines[1:5])
    assert keras == "– only in 1.0.8 – 2.5.0.dev2021032900"
    assert tensorflow == "– only in 1.4.1 – 2.5.3"
    assert tf_keras == "– never had it"
    assert "  predict_classes(x, batch_size=32, verbose=0)\n" in out
    assert "\nInstead: use `numpy.argmax(model.predict(x), axis=-1)`" in out


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Model.fit_generator", "models.Model.fit_generator, a method"),
        ("keras.Model.fit_generator", "models.Model.fit_generator, a method"),
        ("model.fit_generator", "models.Model.fit_generator, a method"),
        ("Sequential.fit_generator", "models.Sequential.fit_generator, a method"),
        ("optimizer.lr", "optimizers.Optimizer.lr, a property"),
        ("Layer.output_shape", "layers.Layer.output_shape, a property"),
    ],
)
def test_a_method_may_be_named_with_its_class(capsys, asked, first):
    assert ask(capsys, asked)[1].splitlines()[0] == first


def test_what_is_still_there_has_no_replacement(capsys):
    _, out = ask(capsys, "fit_generator", flavour="tf_keras")
    assert out.splitlines()[1].split(None, 2)[2].endswith(atlas.releases("tf_keras")[-1])
    assert "Instead" not in out


def test_releases_of_which_nothing_is_known_are_not_denied(capsys):
    _, out = ask(capsys, "optimizer.lr", flavour="tensorflow.keras")
    assert out.splitlines()[1].endswith("only in 2.11.1 – 2.15.1; not known of 1.4.1 – 2.10.1")


@pytest.mark.parametrize(("release", "text"), [("2.3", "1.0.8 – "), ("3.0", "– only in 1.0.8")])
def test_a_method_in_a_release(capsys, release, text):
    _, out = ask(capsys, "predict_classes", release=release, flavour="keras")
    assert out.splitlines()[1].split(None, 2)[2].startswith(text)


def test_a_name_that_is_a_symbol_is_answered_as_one(capsys):
    assert ask(capsys, "keras.utils.plot_model")[1].startswith("keras.utils.plot_model (public)")
    assert ask(capsys, "keras")[1].startswith("Keras itself")


def test_a_method_that_no_class_has(capsys):
    assert ask(capsys, "Model.predict_clases")[0] == 1
    assert ask(capsys, "Dense.predict_classes")[0] == 1


def test_a_method_in_json(capsys):
    _, (found,) = ask(capsys, "predict_classes", as_json=True)
    assert (found["symbol"], found["member"]) == ("models.Sequential", "predict_classes")
    assert found["history"]["tensorflow.keras"][0]["last"] == "2.5.3"
    assert "argmax" in found["instead"]
