"""Keys of configurations that Keras 3 writes otherwise."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

KERAS = "import keras\nfrom keras.optimizers import SGD\n"
HEAD = "from tensorflow import keras\nmodel = keras.Sequential([])\nconfig = model.get_config()\n"


def left(code, to="keras"):
    return [each.message for each in migrate_text(HEAD + code, Job(parse_target(to))).left]


def migrated(code):
    """Return what becomes of code, without its imports, and what is left: whether it is certain."""
    result = migrate_text(KERAS + code, Job(parse_target("keras")))
    return result.text.removeprefix(KERAS), [each.certain for each in result.left]


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("config['layers'][0]['config']['batch_input_shape']", True),
        ("model.get_config()['layers'][0]['inbound_nodes']", True),
        ("first = config['layers'][0]\nfirst['inbound_nodes']", True),
        ("config['batch_input_shape'] = (None, 3)", False),
        ("mine = {}\nmine['batch_input_shape']", False),
        ("super().get_config()['batch_input_shape']", False),
        ("config['layers'][0]['config']['units']", False),
    ],
)
def test_a_key_that_is_gone_is_named_where_a_configuration_is_read(code, is_named):
    assert bool(left(code)) == is_named
    assert not left(code, "tensorflow.keras==2.10.1")


OWN = "class Own({}):\n    def get_config(self):\n        return {{'lr': 1}}\n"


@pytest.mark.parametrize(
    "code",
    [
        OWN.format("") + "opt = Own()\nopt.get_config()['lr']",
        OWN.format("SGD") + "Own(1).get_config()['lr']",
        OWN.format("SGD") + "def f(optimizer):\n    return optimizer.get_config()['lr']",
        "class Own:\n    pass\nmy_opt = Own()\nmy_opt.get_config()['lr']",
        "class Own(SGD):\n    pass\nOwn.from_config({'lr': 1})",
        "from other import Opt\nopt = Opt(3)\nopt.get_config()['lr']",
        "import other\nother.optimizer.get_config()['lr']",
        "SGD(0.1).get_config()['inner']['lr']",
    ],
)
def test_what_is_not_keras_own_keeps_its_keys(code):
    assert migrated(code) == (code, [])


def test_a_class_that_writes_such_a_key_hides_none_of_keras():
    code = OWN.format("") + "SGD(0.1).get_config()['lr']"
    assert migrated(code) == (code[:-4] + "learning_rate']", [])


def test_what_only_its_name_tells_to_be_an_optimizer_is_named_as_uncertain():
    code = "def f(optimizer):\n    return optimizer.get_config()['lr']"
    assert migrated(code) == (code, [False])


@pytest.mark.parametrize("literal", ["'lr'", 'u"lr"', "r'lr'", "U'lr'", '"""lr"""', "u'''lr'''"])
def test_only_what_is_inside_the_quotes_changes(literal):
    code = f"SGD(0.1).get_config()[{literal}]"
    assert migrated(code) == (code.replace("lr", "learning_rate"), [])


def test_a_key_that_is_written_in_pieces_is_left():
    code = "'lr', SGD(0.1).get_config()['l' 'r']"
    assert migrated(code) == (code, [True])


def test_a_name_may_be_assigned_a_part_of_itself():
    for code in (
        "config = config['optimizer']\nconfig['lr']",
        "opt = opt[0]\nopt.get_config()['lr']",
    ):
        assert migrated(code)[0] == code


@pytest.mark.parametrize(
    ("use", "is_changed"),
    [
        ("params['momentum'] = 0.9", True),
        ("print(params.get('momentum'))", True),
        ("SGD.from_config(params)", True),
        ("show(**params)", False),
        ("show(params)", False),
        ("print(params[key])", False),
        ("print(params.get(key), key in params)", False),
        ("Other.from_config(params)", False),
        ("others = params", False),
    ],
)
def test_a_dictionary_that_is_used_for_more_is_left(use, is_changed):
    code = f"params = {{'lr': 0.1}}\nSGD.from_config(params)\n{use}"
    after = code.replace("'lr'", "'learning_rate'")
    assert migrated(code) == ((after, []) if is_changed else (code, [True]))


@pytest.mark.parametrize(
    ("owner", "is_named"),
    [
        ("keras.layers.LSTM(3, recurrent_activation='sigmoid')", True),
        ("keras.Sequential([]).layers[0]", True),
        ("plugin", False),
        ("self.plugin", False),
        ("keras.losses.MeanSquaredError()", False),
    ],
)
def test_a_key_that_others_may_have_is_named_of_keras_alone(owner, is_named):
    code = f"{owner}.get_config()['implementation']"
    assert migrated(code) == (code, [True] if is_named else [])
