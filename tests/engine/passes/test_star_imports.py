"""What `from module import *` becomes."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved


@cases(
    by_what_is_used=moved(
        "from keras.layers import *\nfrom keras.models import *\nx = Sequential([Dense(3)])\n",
        "from tf_keras.layers import Dense\nfrom tf_keras.models import Sequential\n"
        "x = Sequential([Dense(3)])\n",
        "tf_keras",
    ),
    of_a_root=moved(
        "from tensorflow.keras import *\nx = Model, layers.Dense, models.Model\n",
        "from keras import Model, layers, models\nx = Model, layers.Dense, models.Model\n",
    ),
    of_tensorflow_itself=moved(
        "from tensorflow import *\nx = keras.layers.Dense(constant(3))\n",
        "from tensorflow import *\nimport tf_keras as keras\nx = keras.layers.Dense(constant(3))\n",
        "tf_keras",
    ),
    of_tensorflow_that_hides_nothing=alone(
        "from tensorflow import *\nimport keras\nx = keras.layers.Dense(constant(3))\n"
    ),
    of_a_module_that_is_gone=moved(
        "from keras.layers.core import *\nx = Dense, Dropout\n",
        "from keras.layers import Dense, Dropout\nx = Dense, Dropout\n",
    ),
    that_hands_on_what_others_use=moved(
        "from tensorflow.keras.layers import *\nx = Dense\n",
        "from keras.layers import *\nx = Dense\n",
        file="package/__init__.py",
    ),
    beside_names_of_the_same_module=moved(
        "from keras.layers import Dense\nfrom keras.layers import *\nx = Dense\n",
        "from tf_keras.layers import Dense\nfrom tf_keras.layers import *\nx = Dense\n",
        "tf_keras",
    ),
    that_is_not_used=moved(
        "from tensorflow.keras.layers import *\n", "from keras.layers import *\n"
    ),
    of_nothing_that_is_used=moved(
        "from keras.layers.core import *\nfrom keras.layers import *\nx = Dense\n",
        "from keras.layers import Dense\nx = Dense\n",
        left=("`keras.layers.core` has no counterpart",),
    ),
    beside_a_name_that_hides_it=moved(
        "from tensorflow.keras.layers import *\nfrom mine import Dense\nx = Dense, Conv2D\n",
        "from keras.layers import Conv2D\nfrom mine import Dense\nx = Dense, Conv2D\n",
    ),
    of_another_package=alone("from mine.keras.layers import *\nx = Dense\n"),
    of_the_target=alone("import keras\nfrom mine import *\nx = Dense, keras.Model\n"),
)
def test_stars(case: Case) -> None:
    check(case)
