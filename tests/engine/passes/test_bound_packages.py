"""Packages whose layers belong to another Keras than the target."""

from __future__ import annotations

from module_cases import alone, cases, check

HUB = "import tensorflow_hub as hub\nlayer = hub.KerasLayer(address)\n"
LEGACY = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\nimport tensorflow as tf\n'


@cases(
    a_file_without_keras=alone(HUB, left=("TFSMLayer",)),
    beside_tf_keras=alone(HUB, to="tf_keras"),
    beside_keras_2_of_tensorflow=alone(HUB, to="tensorflow.keras==2.15"),
    beside_keras_3_of_tensorflow=alone(HUB, to="tensorflow.keras", left=("tf_keras",)),
    what_is_no_layer=alone("import tensorflow_hub\ntensorflow_hub.load(address)\n"),
    the_legacy_keras_of_tensorflow=alone(LEGACY + HUB, to="tensorflow.keras"),
    a_layer_for_keras_3=alone(
        "from keras_hub.layers import RotaryEmbedding\n",
        to="tf_keras",
        left=("no release of keras-hub supports Keras 2",),
    ),
)
def test_packages_are_named_beside_another_keras(case):
    check(case)
