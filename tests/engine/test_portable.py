"""Portable projects, whose Keras comes from a module of their own."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved


@cases(
    to_a_flavour=moved(
        "from digits.keras_flavour import Model, layers\nx = Model, layers.Dense(3)\n",
        "from tf_keras import Model, layers\nx = Model, layers.Dense(3)\n",
        "tf_keras",
    ),
    the_root=moved(
        "from digits.keras_flavour import keras\nx = keras.Model\n",
        "from tensorflow import keras\nx = keras.Model\n",
        "tensorflow.keras",
    ),
    the_module_itself=moved(
        "from digits import keras_flavour as kf, mine\nx = kf.layers.Dense(3), mine\n"
        "# digits.keras_flavour\n",
        "import keras as kf\nfrom digits import mine\nx = kf.layers.Dense(3), mine\n"
        "# digits.keras_flavour\n",
    ),
    what_is_not_keras=moved(
        "from digits.keras_flavour import explain, layers\nx = explain(), layers.Dense(3)\n",
        "from digits.keras_flavour import explain\nfrom keras import layers\n"
        "x = explain(), layers.Dense(3)\n",
        left=("explain: `keras.explain` has no counterpart",) * 2,
    ),
    by_its_full_name=alone(
        "import digits.keras_flavour\nx = digits.keras_flavour.layers.Dense(3)\n",
        left=("`digits.keras_flavour` is used by its full name",),
    ),
    from_a_flavour=moved(
        "from tensorflow.keras import Model, layers\nx = Model, layers.Dense(3)\n",
        "from digits.keras_flavour import Model, layers\nx = Model, layers.Dense(3)\n",
        "portable",
    ),
    from_a_root=moved(
        "import keras\nx = keras.layers.Dense(3)\n",
        "from digits.keras_flavour import keras\nx = keras.layers.Dense(3)\n",
        "portable",
    ),
    from_a_chain=moved(
        "import tensorflow as tf\nx = tf.keras.layers.Dense(3), tf.nn\n",
        "import tensorflow as tf\nfrom digits.keras_flavour import keras\n"
        "x = keras.layers.Dense(3), tf.nn\n",
        "portable",
    ),
    names_become_attributes=moved(
        "from keras.layers import Conv2D, Dense as D\nx = Conv2D, D(3)\n",
        "from digits.keras_flavour import layers\nx = layers.Conv2D, layers.Dense(3)\n",
        "portable",
    ),
    modules_become_attributes=moved(
        "from keras.applications import resnet\nx = resnet.ResNet50()\n",
        "from digits.keras_flavour import applications\nx = applications.resnet.ResNet50()\n",
        "portable",
    ),
    names_for_others=moved(
        "from keras.layers import Dense\n__all__ = ['Dense']\nx = Dense(3)\n",
        "from digits.keras_flavour import layers\nfrom keras.layers import Dense\n"
        "__all__ = ['Dense']\nx = layers.Dense(3)\n",
        "portable",
        left=("`Dense` cannot be imported from `digits.keras_flavour`",),
    ),
    names_that_are_not_used=moved(
        "import os\nfrom keras.layers import Dense\n", "import os\n", "portable"
    ),
    in_a_block=moved(
        "if os:\n    from keras.layers import Dense\n", "if os:\n    pass\n", "portable"
    ),
    in_a_block_of_several=moved(
        "if os:\n    from keras.layers import Dense; from keras.models import Model\n"
        "x = 1; import keras\n",
        "if os:\n    pass\nx = 1; from digits.keras_flavour import keras\n",
        "portable",
    ),
    what_is_portable=alone(
        "from digits.keras_flavour import Model, keras, layers\n"
        "x = Model, keras, layers.Dense(3)\n",
        "portable",
    ),
    a_module_of_that_name_elsewhere=alone(
        "from mine.keras_flavour import layers\nx = layers.core.Dense(3)  # digits.keras_flavour\n"
    ),
)
def test_portable(case: Case) -> None:
    check(case)
