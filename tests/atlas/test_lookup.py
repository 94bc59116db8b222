import os
import subprocess
import sys

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import atlas
from keras_imports.atlas import Environment, environment, lookup, storage
from keras_imports.flavours import FLAVOURS
from keras_imports.versions import version_key

V1 = "compat.v1.layers.BatchNormalization"


def entry(requirements, path, legacy=False):
    return lookup(environment(requirements.split(), legacy), path)


# Environments


def test_a_version_stands_for_the_nearest_release_of_its_minor():
    assert environment(["keras==2.2.3"]).keras == "2.2.4"
    assert environment(["keras==2.2.0"]).keras == "2.2.0"
    assert environment(["keras==2.2"]).keras == "2.2.5"
    assert environment(["tensorflow-cpu == 2.10.0"]).tensorflow == "2.10.1"
    assert environment(["tf-keras==2.16.0", "Keras_Core==0.1.7"]) == Environment(
        tf_keras="2.16.0", keras_core="0.1.7"
    )


@pytest.mark.parametrize(
    ("tensorflow", "keras"),
    [("2.4", None), ("2.5", "2.5.0.dev2021032900"), ("2.6.0", "2.6.0"), ("2.9.3", "2.9.0"),
     ("2.15.1", "2.15.0"), (TENSORFLOW, KERAS)],
)  # fmt: skip
def test_tensorflow_brings_the_keras_that_it_requires(tensorflow, keras):
    assert environment([f"tensorflow=={tensorflow}"]).keras == keras


def test_an_installed_keras_is_kept():
    assert environment(["tensorflow==2.15.1", "keras==3.4.1"]).keras == "3.4.1"


@pytest.mark.parametrize(
    "requirement", ["keras==0.3", "keras==4.0", "keras==3", "keras", "numpy==1.0", "keras>=2"]
)
def test_an_unknown_requirement_is_one_clear_line(requirement):
    with pytest.raises(ValueError, match=r"atlas|NAME==VERSION") as caught:
        environment([requirement])
    assert "\n" not in str(caught.value)


def test_an_unknown_flavour_is_one_clear_line():
    with pytest.raises(ValueError, match="'jax' is not a flavour"):
        atlas.releases("jax")


def test_every_minor_release_is_there():
    def minors(flavour):
        return {version_key(release)[:2] for release in atlas.releases(flavour)}

    assert minors("keras") >= {(1, i) for i in range(3)} | {(2, i) for i in range(16)} | {
        (3, i) for i in range(16)
    }
    assert minors("tensorflow.keras") >= {(1, i) for i in range(4, 16)} | {
        (2, i) for i in range(22)
    }
    assert minors("tf_keras") >= {(2, i) for i in range(14, 22)}
    assert minors("keras_core") == {(0, 1)}


# What a path is


@pytest.mark.parametrize(
    ("requirements", "path"),
    [
        ("keras==1.2.2", "keras.layers.BatchNormalization"),
        ("keras==2.3.1", "keras.layers.normalization.BatchNormalization"),
        ("keras==2.4.3", "keras.layers.BatchNormalization"),
        ("keras==2.11.0", "keras.layers.normalization.batch_normalization.BatchNormalization"),
        (f"keras=={KERAS}", "keras.src.layers.BatchNormalization"),
        ("tensorflow==1.4.1", "tensorflow.python.keras.layers.BatchNormalization"),
        ("tensorflow==2.2", "tensorflow.python.keras.layers.BatchNormalization"),
        ("tensorflow==2.4.4", "tensorflow.python.keras.layers.BatchNormalizationV2"),
        ("tensorflow==2.15.1", "tensorflow.keras.layers.BatchNormalization"),
        (f"tensorflow=={TENSORFLOW}", "tensorflow.compat.v1.keras.layers.BatchNormalization"),
        (f"tf-keras=={TF_KERAS}", "tf_keras.layers.BatchNormalization"),
        ("keras-core==0.1.7", "keras_core.layers.BatchNormalization"),
    ],
)
def test_one_identity_across_releases_and_flavours(requirements, path):
    assert entry(requirements, path).symbol == "layers.BatchNormalization"


@pytest.mark.parametrize(
    ("requirements", "path"),
    [
        ("tensorflow==2.4.4", "tensorflow.python.keras.layers.BatchNormalization"),
        ("tensorflow==2.7", "tensorflow.python.keras.layers.BatchNormalization"),
        ("tensorflow==2.15.1", "tensorflow.compat.v1.keras.layers.BatchNormalization"),
        ("keras==2.11.0", "keras.layers.BatchNormalizationV1"),
    ],
)
def test_the_class_of_tensorflow_1_is_another(requirements, path):
    assert entry(requirements, path).symbol == V1


@pytest.mark.parametrize(
    ("requirements", "path", "symbol"),
    [
        ("keras==1.2.2", "keras.layers.Convolution2D", "layers.Conv2D"),
        ("tensorflow==2.3", "tensorflow.keras.layers.experimental.preprocessing.Rescaling",
         "layers.Rescaling"),
        ("keras==2.3.1", "keras.utils.Sequence", "utils.PyDataset"),
        ("keras==2.2.4", "keras.applications.vgg16.VGG16", "applications.VGG16"),
        ("keras==2.2.4", "keras.objectives.mse", "losses.mean_squared_error"),
        (f"tensorflow=={TENSORFLOW}", "tensorflow.keras.backend.mean", "backend.mean"),
    ],
)  # fmt: skip
def test_a_renamed_symbol_has_its_name_of_today(requirements, path, symbol):
    assert entry(requirements, path).symbol == symbol


def test_names_of_one_placeholder_are_different_symbols():
    legacy = [
        entry(f"keras=={KERAS}", f"keras.optimizers.legacy.{name}").symbol
        for name in ("Adam", "SGD")
    ]
    assert legacy == ["optimizers.legacy.Adam", "optimizers.legacy.SGD"]


@pytest.mark.parametrize(
    ("requirements", "path", "public", "symbol_public"),
    [
        ("keras==2.3.1", "keras.layers.Dense", True, True),
        ("keras==2.3.1", "keras.layers.core.Dense", False, True),
        ("keras==2.11.0", "keras.layers.Dense", True, True),
        ("keras==2.11.0", "keras.engine.base_layer.Layer", False, True),
        (f"keras=={KERAS}", "keras.src.layers.Dense", False, True),
        ("keras==3.6.0", "keras.api.layers.Dense", False, True),
        ("tensorflow==2.10.1", "tensorflow.keras.layers.Dense", True, True),
        ("tensorflow==2.10.1", "tensorflow.python.keras.layers.Dense", False, True),
        ("tensorflow==2.10.1", "tensorflow.losses.MeanSquaredError", True, True),
        (f"keras=={KERAS}", "keras.src.utils.naming.auto_name", False, False),
    ],
)
def test_public_and_private(requirements, path, public, symbol_public):
    found = entry(requirements, path)
    assert (found.public, found.symbol_public) == (public, symbol_public)


def test_an_attribute_is_not_an_import():
    old = entry("tensorflow==1.4.1", "tensorflow.keras.layers.Dense")
    assert (old.importable, old.attribute) == (False, True)
    root = entry("tensorflow==1.4.1", "tensorflow.keras")
    assert (root.importable, root.module_path) == (True, False)
    saving = entry(
        f"tensorflow=={TENSORFLOW}", "tensorflow.keras.saving.register_keras_serializable"
    )
    assert (saving.importable, saving.attribute) == (True, False)


def test_what_is_not_there():
    assert entry(f"keras=={KERAS}", "keras.layers.normalization.BatchNormalization") is None
    assert entry("keras==2.8", "keras.optimizers.Adam") is None
    assert entry(f"tensorflow=={TENSORFLOW}", "tensorflow.keras.losses.mean_squared_error") is None
    assert entry(f"tensorflow=={TENSORFLOW}", "tf_keras.layers.Dense") is None
    assert entry(f"tensorflow=={TENSORFLOW}", "tensorflow.keras.utils.np_utils") is None


def test_members_of_classes_are_not_judged():
    assert entry(f"keras=={KERAS}", "keras.Model.fit").kind == "other"


def test_what_the_atlas_covers():
    env = environment(["tensorflow==2.10.1"])
    assert atlas.covers(env, "tensorflow.keras.nothing")
    assert atlas.covers(env, "tensorflow.python.keras.nothing")
    assert not atlas.covers(env, "tensorflow.nn.relu")
    assert not atlas.covers(env, "tensorflow.python.framework.ops")
    assert not atlas.covers(env, "numpy.zeros")
    old = environment(["tensorflow==1.4.1"])
    assert atlas.covers(old, "tensorflow.compat.v1.keras.layers.Dense")
    assert lookup(old, "tensorflow.compat.v1.keras.layers.Dense") is None


def test_names_that_raise_when_called_say_so():
    assert entry(f"keras=={KERAS}", "keras.optimizers.legacy.Adam").note == "raises when called"
    assert entry(f"keras=={KERAS}", "keras.optimizers.Adam").note is None


@pytest.mark.parametrize(
    ("requirements", "path", "has", "lacks"),
    [
        ("keras==1.2.2", "keras.layers.BatchNormalization", "mode beta_init", "scale"),
        ("keras==2.3.1", "keras.layers.BatchNormalization", "scale", "mode synchronized renorm"),
        ("keras==2.12.0", "keras.layers.BatchNormalization", "synchronized", "renorm"),
        ("keras==3.13.2", "keras.layers.BatchNormalization", "synchronized", "renorm"),
        (f"keras=={KERAS}", "keras.layers.BatchNormalization", "synchronized renorm", "fused"),
        ("tensorflow==2.4.4", "tensorflow.keras.layers.BatchNormalization", "renorm fused", "mode"),
        ("keras==2.15.0", "keras.layers.LSTM", "time_major", ""),
        (f"keras=={KERAS}", "keras.layers.LSTM", "units", "time_major"),
    ],
)
def test_signatures(requirements, path, has, lacks):
    names = {parameter.name for parameter in entry(requirements, path).signature}
    assert names >= set(has.split())
    assert not names & set(lacks.split())


def test_a_signature_has_order_defaults_and_kinds():
    axis, *_, rest = entry(f"keras=={KERAS}", "keras.layers.BatchNormalization").signature
    assert (axis.name, axis.default, axis.kind) == ("axis", "-1", "positional")
    assert (rest.name, rest.default, rest.kind) == ("kwargs", None, "**")
    keyword = entry(f"keras=={KERAS}", "keras.layers.Layer").signature
    assert {parameter.kind for parameter in keyword} == {"keyword", "**"}


# Star imports, public paths, history


def test_names_of_a_module_include_those_of_another_distribution():
    assert "Dense" in atlas.names(environment(["keras==2.4.3"]), "keras.layers")
    assert "_tf_keras" not in atlas.names(environment([f"keras=={KERAS}"]), "keras")


@pytest.mark.parametrize(
    ("requirements", "flavour", "symbol", "path"),
    [
        (f"keras=={KERAS}", "keras", "layers.Conv2D", "keras.layers.Conv2D"),
        ("keras==2.2.4", "keras", "utils.PyDataset", "keras.utils.Sequence"),
        (f"tensorflow=={TENSORFLOW}", "tensorflow.keras", "losses.mean_squared_error",
         "tensorflow.keras.losses.MSE"),
        ("tensorflow==2.3", "tensorflow.keras", "layers.Rescaling",
         "tensorflow.keras.layers.experimental.preprocessing.Rescaling"),
        (f"keras=={KERAS}", "keras", "backend.mean", None),
        (f"keras=={KERAS}", "tf_keras", "layers.Dense", None),
    ],
)  # fmt: skip
def test_the_path_to_write(requirements, flavour, symbol, path):
    assert atlas.public_path(environment(requirements.split()), flavour, symbol) == path


def test_every_public_path_can_be_written():
    env = environment([f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}"])
    for flavour in ("keras", "tensorflow.keras", "tf_keras"):
        paths = atlas.api(env, flavour)
        assert len(paths) > 800
        for path in paths:
            found = lookup(env, path)
            assert found.public, path
            assert found.importable, path


def test_history_has_paths_releases_and_signatures():
    keras = atlas.history("layers.BatchNormalization")["keras"]
    spans = [(s.first, s.last) for s in keras if s.path == "keras.layers.BatchNormalization"]
    assert spans[0] == ("3.14.1", atlas.releases("keras")[-1])
    assert spans[-1][0] == "1.0.8"
    assert atlas.history("layers.LocallyConnected1D")["keras"][0].last == "2.15.0"


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("layers.Dense", "layers.Dense"),
        ("K.mean", "backend.mean"),
        ("tf.keras.layers.Dense", "layers.Dense"),
        ("keras.layers.normalization.BatchNormalization", "layers.BatchNormalization"),
        ("tensorflow.python.keras.layers.core.Dense", "layers.Dense"),
    ],
)
def test_names_that_people_write(name, symbol):
    assert symbol in atlas.symbols(name)


def test_near_misses():
    assert atlas.symbols("BatchNormalisation") == ()
    assert "BatchNormalization" in atlas.suggest("BatchNormalisation")


# Which Keras


@pytest.mark.parametrize(
    ("requirements", "legacy", "a", "b", "same"),
    [
        ("keras==2.3.1 tensorflow==1.15", False, "keras", "tensorflow.keras", False),
        ("keras==2.3.1 tensorflow==2.1", False, "keras", "tensorflow.keras", False),
        ("keras==2.4.3 tensorflow==2.4", False, "keras", "tensorflow.keras", True),
        ("tensorflow==2.5", False, "keras", "tensorflow.keras", False),
        ("tensorflow==2.6", False, "keras", "tensorflow.keras", True),
        ("tensorflow==2.6", False, "tensorflow.python.keras", "tensorflow.keras", False),
        ("tensorflow==2.15", False, "tensorflow.compat.v1.keras", "tensorflow.keras", True),
        ("tensorflow==2.21 tf-keras==2.21", False, "keras", "tensorflow.keras", True),
        ("tensorflow==2.21 tf-keras==2.21", False, "tf_keras", "tensorflow.keras", False),
        ("tensorflow==2.21 tf-keras==2.21", True, "tf_keras", "tensorflow.keras", True),
        ("tensorflow==2.21 tf-keras==2.21", True, "keras", "tensorflow.keras", False),
        ("tensorflow==2.13 keras-core==0.1.7", False, "keras_core", "keras", False),
    ],
)
def test_which_roots_share_classes(requirements, legacy, a, b, same):
    env = environment(requirements.split(), legacy)
    assert atlas.same_classes(env, a, b) is same


def test_the_legacy_environment_changes_imports_and_attributes():
    env = environment([f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}"], legacy=True)
    for path in ("tensorflow.keras.losses.MeanSquaredError", "tensorflow.losses.MeanSquaredError"):
        assert lookup(env, path).object == "tf_keras.src.losses.MeanSquaredError"


def test_a_newer_keras_beside_tensorflow_2_15_is_its_keras():
    env = environment(["tensorflow==2.15.1", f"keras=={KERAS}"])
    assert lookup(env, "tensorflow.keras.layers.Dense").object.startswith("keras.src.layers.core.")
    assert atlas.lookup(env, "tensorflow.keras.ops.mean")


# The file


def ask_for_everything():
    for flavour in FLAVOURS:
        atlas.api(atlas.flavour_environment(flavour, atlas.releases(flavour)[-1]), flavour)
    atlas.history("layers.Dense")


def test_a_damaged_atlas_is_one_clear_line(stored):
    with open(storage.PATH, "rb") as file:
        whole = file.read()
    first = whole.index(b"\n") + 1
    damaged = [
        None,
        b"",
        b"\x00" * 100,
        b"[]\n",
        b"{}\n",
        whole[: first + 10],
        whole[:first] + bytes(len(whole) - first),
        whole[: len(whole) // 2],
        whole.replace(b'"meta":[0,', b'"meta":[9,', 1),
    ]
    for content in damaged:
        stored(content)
        with pytest.raises(atlas.AtlasError, match="install keras-imports again") as caught:
            ask_for_everything()
        assert "\n" not in str(caught.value)


def read_all():
    for part in storage.read_directory()[0]:
        storage.read_part(part)


def test_no_flipped_bit_goes_unnoticed(stored):
    """Not where the parts are told either: a symbol would not be found, and that be said of it."""
    with open(storage.PATH, "rb") as file:
        whole = file.read()
    first = whole.index(b"\n") + 1
    for place in (*range(0, first, first // 100), first + 5, len(whole) - 5):
        content = bytearray(whole)
        content[place] ^= 1
        stored(bytes(content))
        with pytest.raises(atlas.AtlasError):
            read_all()


def test_the_file_is_small():
    assert os.path.getsize(storage.PATH) < 2_000_000


def test_reading_needs_the_standard_library_only():
    code = "import sys; import keras_imports.commands.where; print(*sorted(sys.modules))"
    path = os.path.dirname(os.path.dirname(os.path.dirname(atlas.__file__)))
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {path!r}); {code}",
    ]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    tops = {name.partition(".")[0] for name in loaded}
    assert tops <= sys.stdlib_module_names | {"__main__", "keras_imports"}
    assert "keras_imports.atlas.build" not in loaded


def test_no_path_is_deeper_than_is_looked_for():
    packages = {"keras": KERAS, "tensorflow": TENSORFLOW, "tf_keras": TF_KERAS}
    for package, release in packages.items():
        modules = atlas.modules(environment([f"{package}=={release}"]), package)
        assert max(module.count(".") for module in modules) + 4 < atlas.DEEPEST
    deep = ".".join(["keras", *["layers"] * 5000])
    assert lookup(environment([f"keras=={KERAS}"]), deep) is None
