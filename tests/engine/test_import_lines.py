"""What takes the place of each import."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved


@cases(
    dotted=moved(
        """\
        import tensorflow.keras.layers
        x = tensorflow.keras.layers.Dense(3)
        """,
        """\
        import keras
        x = keras.layers.Dense(3)
        """,
    ),
    dotted_with_a_name=moved(
        "import tensorflow.keras.layers as tkl\nx = tkl.Dense(3)\n",
        "import keras.layers as tkl\nx = tkl.Dense(3)\n",
    ),
    a_root_with_its_own_name=moved(
        "import tensorflow.keras as keras\nx = keras.Model\n",
        "import keras\nx = keras.Model\n",
    ),
    a_root_with_another_name=moved(
        "import keras as ks\nx = ks.Model\n", "import tf_keras as ks\nx = ks.Model\n", "tf_keras"
    ),
    a_root_that_keeps_its_name=moved(
        "import keras\nx = keras.Model\n", "import tf_keras as keras\nx = keras.Model\n", "tf_keras"
    ),
    a_root_that_is_part_of_a_package=moved(
        "import keras\nx = keras.Model\n",
        "from tensorflow import keras\nx = keras.Model\n",
        "tensorflow.keras",
    ),
    a_module_that_is_part_of_a_package=moved(
        "import keras.layers as kl\nx = kl.Dense(3)\n",
        "import tensorflow.keras.layers as kl\nx = kl.Dense(3)\n",
        "tensorflow.keras",
    ),
    two_of_one_root=moved(
        "import keras.layers, keras.models\nx = keras.models.Sequential([keras.layers.Dense(3)])\n",
        "from tensorflow import keras\nx = keras.models.Sequential([keras.layers.Dense(3)])\n",
        "tensorflow.keras",
    ),
    two_of_one_root_in_two_statements=moved(
        "import keras.layers\nimport keras.models\nx = keras.models.Sequential()\n",
        "import tf_keras as keras\nx = keras.models.Sequential()\n",
        "tf_keras",
    ),
    among_others=moved(
        "import os, keras, sys\nx = keras.Model\n",
        "import os\nimport sys\nimport tf_keras as keras\nx = keras.Model\n",
        "tf_keras",
    ),
    names=moved(
        "from tensorflow.keras.layers import Conv2D, Dense\nx = Conv2D, Dense\n",
        "from keras.layers import Conv2D, Dense\nx = Conv2D, Dense\n",
    ),
    modules=moved(
        "from tensorflow.keras import layers, models\nx = layers.Dense, models.Model\n",
        "from keras import layers, models\nx = layers.Dense, models.Model\n",
    ),
    in_parentheses_with_comments=moved(
        """\
        from tensorflow.keras.layers import (  # all of them
            Conv2D as C,  # the first

            # the second:
            Dense,
        )  # the end
        x = C, Dense
        """,
        """\
        from keras.layers import (  # all of them
            Conv2D as C,  # the first

            # the second:
            Dense,
        )  # the end
        x = C, Dense
        """,
    ),
    over_lines_with_backslashes=moved(
        """\
        from tensorflow.keras.layers import Conv2D, \\
            Dense
        x = Conv2D, Dense
        """,
        """\
        from keras.layers import Conv2D, \\
            Dense
        x = Conv2D, Dense
        """,
    ),
    a_backslash_before_import=moved(
        "from tensorflow.keras.layers \\\n    import Dense\nx = Dense\n",
        "from keras.layers \\\n    import Dense\nx = Dense\n",
    ),
    with_spaces_where_nobody_has_them=moved(
        "from  tensorflow . keras   import  layers  as  l\nx = l.Dense\n",
        "from  keras   import  layers  as  l\nx = l.Dense\n",
    ),
    between_semicolons=moved(
        "import os; from tensorflow.keras import layers; import sys\nx = layers.Dense\n",
        "import os; from keras import layers; import sys\nx = layers.Dense\n",
    ),
    after_a_colon=moved(
        "if True: from tensorflow.keras import layers\nx = layers.Dense\n",
        "if True: from keras import layers\nx = layers.Dense\n",
    ),
    in_a_function=moved(
        """\
        def build():
            from tensorflow.keras import layers
            return layers.Dense(3)
        """,
        """\
        def build():
            from keras import layers
            return layers.Dense(3)
        """,
    ),
    in_a_class=moved(
        "class A:\n    from tensorflow.keras import layers\n    b = layers.Dense\n",
        "class A:\n    from keras import layers\n    b = layers.Dense\n",
    ),
    under_conditions=moved(
        """\
        if new:
            from keras import layers
        else:
            from tensorflow.keras import layers
        x = layers.Dense(3)
        """,
        """\
        if new:
            from tf_keras import layers
        else:
            from tf_keras import layers
        x = layers.Dense(3)
        """,
        "tf_keras",
    ),
    for_type_checkers=moved(
        """\
        from __future__ import annotations
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from tensorflow import keras

        def f(model: keras.Model): ...
        """,
        """\
        from __future__ import annotations
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            import keras

        def f(model: keras.Model): ...
        """,
    ),
    private_modules=moved(
        """\
        from keras.layers.convolutional import Conv2D
        from keras.layers.core import Dense
        from keras.engine.topology import Layer
        from keras.utils.np_utils import to_categorical
        x = Conv2D, Dense, Layer, to_categorical
        """,
        """\
        from keras.layers import Conv2D, Dense, Layer
        from keras.utils import to_categorical
        x = Conv2D, Dense, Layer, to_categorical
        """,
    ),
    tensorflow_s_own_private_modules=moved(
        "from tensorflow.python.keras.layers import Dense\nx = Dense\n",
        "from keras.layers import Dense\nx = Dense\n",
    ),
    a_module_that_is_gone=moved(
        "from keras.utils import np_utils, plot_model\nx = np_utils.to_categorical, plot_model\n",
        "from keras import utils\nfrom keras.utils import plot_model\n"
        "x = utils.to_categorical, plot_model\n",
    ),
    one_name_twice=moved(
        "from keras.layers import Dense, Dense\nx = Dense\n",
        "from tf_keras.layers import Dense\nx = Dense\n",
        "tf_keras",
    ),
    two_names_for_one_thing=moved(
        "from keras.layers import Dense, Dense as D\nx = Dense, D\n",
        "from tf_keras.layers import Dense, Dense as D\nx = Dense, D\n",
        "tf_keras",
    ),
    from_two_flavours_to_one=moved(
        "from keras.layers import Dense\n"
        "from tensorflow.keras.layers import Dense as D\nx = Dense, D\n",
        "from tf_keras.layers import Dense\nfrom tf_keras.layers import Dense as D\nx = Dense, D\n",
        "tf_keras",
    ),
    the_same_from_two_flavours=moved(
        "from keras.layers import Dense\nfrom tensorflow.keras.layers import Dense\nx = Dense\n",
        "from tf_keras.layers import Dense\nx = Dense\n",
        "tf_keras",
    ),
    the_same_twice=moved(
        "from keras.layers import Dense\nx = Dense\nfrom keras.layers import Dense\ny = Dense\n",
        "from tf_keras.layers import Dense\nx = Dense\n"
        "from tf_keras.layers import Dense\ny = Dense\n",
        "tf_keras",
    ),
    the_same_release=alone(
        """\
        import keras.layers, keras.models
        import keras.layers as kl
        from keras import Model, ops as O
        from keras.layers import (Dense,
                                  Conv2D)
        x = kl.Dense, Model, O, Conv2D, keras.models
        """
    ),
)
def test_imports(case: Case) -> None:
    check(case)


@cases(
    goes_where_nothing_else_uses_it=moved(
        "import tensorflow as tf\nx = tf.keras.Model\n", "import keras\nx = keras.Model\n"
    ),
    stays_where_something_does=moved(
        "import tensorflow as tf\nx = tf.keras.Model, tf.constant(1)\n",
        "import keras\nimport tensorflow as tf\nx = keras.Model, tf.constant(1)\n",
    ),
    stays_where_it_was_unused=alone("import tensorflow as tf\n"),
    stays_where_it_is_all_there_is=alone(
        "import tensorflow as tf\nx = tf.constant(tf.nn.relu(1))\n"
    ),
    is_shared_with_another_import=moved(
        "import keras\nimport tensorflow as tf\nx = keras.Model, tf.keras.Input, tf.nn\n",
        "import keras\nimport tensorflow as tf\nx = keras.Model, keras.Input, tf.nn\n",
    ),
    in_a_function=moved(
        """\
        def build():
            import tensorflow as tf
            return tf.keras.Model, tf.constant(1)
        """,
        """\
        def build():
            import keras
            import tensorflow as tf
            return keras.Model, tf.constant(1)
        """,
    ),
    by_its_whole_name=moved(
        "import tensorflow\nx = tensorflow.keras.Model, tensorflow.nn\n",
        "import keras\nimport tensorflow\nx = keras.Model, tensorflow.nn\n",
    ),
    with_a_part_that_stays=moved(
        "import tensorflow, tensorflow.keras\nx = tensorflow.keras.Model, tensorflow.nn\n",
        "import keras\nimport tensorflow\nx = keras.Model, tensorflow.nn\n",
    ),
    by_the_name_of_its_first_version=moved(
        "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\nx = tf.keras.Model\n",
        "import keras\nimport tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
        "x = keras.Model\n",
        left=("without eager execution",),
    ),
    from_its_first_version=moved(
        "import tensorflow as tf\nx = tf.compat.v1.keras.layers.Dense\n",
        "import keras\nx = keras.layers.Dense\n",
    ),
    other_parts_of_it=alone(
        """\
        import tensorflow as tf
        from tensorflow.python.framework import ops
        from tensorflow import data, nn
        x = tf.nn.relu, tf.data, ops.Tensor, data, nn
        """
    ),
    is_named_in_all=moved(
        '__all__ = ["tf"]\nimport tensorflow as tf\nx = tf.keras.Model\n',
        '__all__ = ["tf"]\nimport keras\nimport tensorflow as tf\nx = keras.Model\n',
    ),
    in_quotes=moved(
        'import tensorflow as tf\n\ndef f(x: "tf.Tensor") -> tf.keras.Model: ...\n',
        'import keras\nimport tensorflow as tf\n\ndef f(x: "tf.Tensor") -> keras.Model: ...\n',
    ),
)
def test_tensorflow(case: Case) -> None:
    check(case)


@cases(
    names_stay_imported=moved(
        "from tensorflow.keras.layers import Dense  # noqa: F401\n",
        "from keras.layers import Dense  # noqa: F401\n",
    ),
    modules_stay_imported=moved(
        "from tensorflow.keras import layers as layers\n", "from keras import layers as layers\n"
    ),
    roots_stay_imported=moved(
        "import tensorflow.keras as tfk\nfrom tensorflow import keras\n",
        "import keras as tfk\nimport keras\n",
    ),
    what_is_gone_does_not=moved(
        "from keras.layers import Dense, merge\n",
        "from keras.layers import Dense\n",
    ),
    what_is_gone_does_for_others=alone(
        "from keras.layers import merge\n",
        left=("`keras.layers.merge` has no counterpart",),
        file="package/__init__.py",
    ),
    in_a_package=moved(
        "from tensorflow.keras.layers import Dense\nfrom .mine import x\n",
        "from keras.layers import Dense\nfrom .mine import x\n",
        file="package/__init__.py",
    ),
    in_all=moved(
        "from keras.engine.topology import Layer\n__all__ = ['Layer']\nx = Layer\n",
        "from keras.layers import Layer\n__all__ = ['Layer']\nx = Layer\n",
    ),
    in_all_and_renamed=moved(
        "from keras.layers import CuDNNLSTM\n__all__ = ['CuDNNLSTM']\nx = CuDNNLSTM(3)\n",
        "from keras.layers import LSTM as CuDNNLSTM\n__all__ = ['CuDNNLSTM']\n"
        "x = CuDNNLSTM(3, recurrent_activation='sigmoid')\n",
    ),
    in_no_all_and_renamed=moved(
        "from keras.layers import CuDNNLSTM\nx = CuDNNLSTM(3)\n",
        "from keras.layers import LSTM\nx = LSTM(3, recurrent_activation='sigmoid')\n",
    ),
)
def test_what_is_imported_and_not_used(case: Case) -> None:
    check(case)


FORMS = {
    "names_of_modules": "from {root}.layers import Conv2D, Dense as D\nx = Conv2D, D(3)\n",
    "modules": "from {root} import layers, models as m\nx = layers.Dense(3), m.Model\n",
    "a_root_by_another_name": "import {root} as ks\nx = ks.layers.Dense(ks.Input)\n",
    "a_module_by_another_name": "import {root}.layers as kl\nx = kl.Dense(3)\n",
    "the_whole_path": "import {root}.layers\nx = {root}.layers.Dense(3)\n",
    "a_fallback": "try:\n    import {root} as ks\nexcept ImportError:\n"
    "    ks = None\nx = ks.Model\n",
    "a_function": "def f():\n    from {root}.layers import (\n"
    "        Dense,  # one\n    )\n    return Dense\n",
    "for_others": "from {root}.layers import *\nfrom {root} import layers as layers\n",
    "quoted": 'import {root} as ks\ndef f(x: "ks.Model") -> "list[ks.layers.Layer]": ...\n',
}


@cases(
    **{
        f"{flavour}_{name}": alone(code.replace("{root}", flavour), flavour, file="__init__.py")
        for flavour in ("keras", "tensorflow.keras", "tf_keras")
        for name, code in FORMS.items()
    }
)
def test_the_flavour_that_it_is_moved_to(case: Case) -> None:
    check(case)
