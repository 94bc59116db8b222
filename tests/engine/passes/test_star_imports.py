"""What `from module import *` becomes."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved


@cases(
    a_module=moved(
        "from keras.callbacks import *\nx = Callback(), np.ones(3)\n",
        "import numpy as np\nfrom keras.callbacks import Callback\nx = Callback(), np.ones(3)\n",
    ),
    a_class=moved(
        "from keras.callbacks import *\nx = Callback(), deque(), Iterable\n",
        "from collections.abc import Iterable\nfrom collections import deque\n"
        "from keras.callbacks import Callback\nx = Callback(), deque(), Iterable\n",
    ),
    what_alone_is_used=moved(
        "from keras.callbacks import *\nx = warnings.warn\n",
        "from keras.callbacks import *\nimport warnings\nx = warnings.warn\n",
    ),
    not_what_is_imported=moved(
        "import numpy as np\nfrom keras.callbacks import *\nx = Callback(), np.ones(3)\n",
        "import numpy as np\nfrom keras.callbacks import Callback\nx = Callback(), np.ones(3)\n",
    ),
    not_what_is_built_in=moved(
        "from keras.engine.topology import *\nx = zip(a, b), Layer\n",
        "from keras.layers import Layer\nx = zip(a, b), Layer\n",
    ),
    not_what_is_only_an_attribute=moved(
        "from keras.callbacks import *\nx = Callback().np, 'np'\n",
        "from keras.callbacks import Callback\nx = Callback().np, 'np'\n",
    ),
)
def test_what_the_module_had_imported_itself(case: Case) -> None:
    check(case)


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
    that_lacks_what_it_handed_on=moved(
        "from keras.layers import *\nfrom keras.models import *\ndef f():\n    return Input()\n",
        "from keras.layers import *\nfrom keras.models import *\n"
        "from keras.layers import Input\ndef f():\n    return Input()\n",
        file="package/__init__.py",
    ),
    of_another_package=alone("from mine.keras.layers import *\nx = Dense\n"),
    of_the_target=alone("import keras\nfrom mine import *\nx = Dense, keras.Model\n"),
)
def test_stars(case: Case) -> None:
    check(case)
