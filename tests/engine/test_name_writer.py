"""New imports: where they stand, and what they are called."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved


@cases(
    after_everything_that_has_to_be_first=moved(
        '''\
        #!/usr/bin/env python
        # A licence.
        """Says what it does."""

        from __future__ import annotations

        import os

        import tensorflow as tf

        x = tf.keras.Model, tf.nn, os
        ''',
        '''\
        #!/usr/bin/env python
        # A licence.
        """Says what it does."""

        from __future__ import annotations

        import os

        import keras
        import tensorflow as tf

        x = keras.Model, tf.nn, os
        ''',
    ),
    of_what_is_private_by_its_module=moved(
        "from keras.utils import conv_utils\nx = conv_utils.normalize_tuple(3, 2, 'k')\n"
        "y = conv_utils.normalize_tuple(4, 2, 'k')\n",
        "from keras.src.utils import argument_validation\n"
        "x = argument_validation.standardize_tuple(3, 2, 'k')\n"
        "y = argument_validation.standardize_tuple(4, 2, 'k')\n",
        left=("it is private, and any release may change it",) * 2,
    ),
    before_or_after_by_the_alphabet=moved(
        "import numpy as np\nimport tensorflow as tf\nx = tf.keras.Model, tf.nn, np\n",
        "import numpy as np\nimport tensorflow as tf\nimport tf_keras\n"
        "x = tf_keras.Model, tf.nn, np\n",
        "tf_keras",
    ),
    on_the_line_of_another=moved(
        "import os; import tensorflow as tf; import sys\nx = tf.keras.Model, tf.nn\n",
        "import os; import tensorflow as tf; import keras; import sys\nx = keras.Model, tf.nn\n",
    ),
    with_the_indent_of_its_block=moved(
        "if True:\n\timport tensorflow as tf\n\tx = tf.keras.Model, tf.nn\n",
        "if True:\n\timport keras\n\timport tensorflow as tf\n\tx = keras.Model, tf.nn\n",
    ),
    in_the_order_of_the_list=moved(
        "from keras import Model, backend as K, layers\nx = Model, K.mean(y), K.floatx(), layers\n",
        "from keras import Model, backend as K, layers, ops\n"
        "x = Model, ops.mean(y), K.floatx(), layers\n",
    ),
    on_a_line_of_its_own=moved(
        """\
        from keras import (
            backend as K,
            layers,
        )
        x = K.mean(y), K.floatx(), layers
        """,
        """\
        from keras import (
            backend as K,
            layers,
            ops,
        )
        x = ops.mean(y), K.floatx(), layers
        """,
    ),
    once_for_many_uses=moved(
        """\
        from keras import backend as K
        def f(x): return K.mean(x)
        def g(x): return K.square(x), K.epsilon()
        """,
        """\
        from keras import backend as K, ops
        def f(x): return ops.mean(x)
        def g(x): return ops.square(x), K.epsilon()
        """,
    ),
    in_each_scope_that_imports=moved(
        """\
        import tensorflow as tf
        def f():
            import tensorflow as tf
            return tf.keras.Model, tf.nn
        def g():
            return tf.keras.Model, tf.nn
        """,
        """\
        import keras
        import tensorflow as tf
        def f():
            import keras
            import tensorflow as tf
            return keras.Model, tf.nn
        def g():
            return keras.Model, tf.nn
        """,
    ),
    what_is_imported_already=alone(
        "import keras\nfrom keras import ops\nx = ops.mean, keras.Model\n"
    ),
    what_is_imported_already_by_another_name=moved(
        "import keras as ks\nimport tensorflow as tf\nx = ks.Model, tf.keras.Input, tf.nn\n",
        "import keras as ks\nimport tensorflow as tf\nx = ks.Model, ks.Input, tf.nn\n",
    ),
)
def test_a_new_import(case: Case) -> None:
    check(case)


@cases(
    a_parameter=moved(
        "from keras import backend as K\ndef f(ops): return K.mean(ops)\n",
        "import keras\ndef f(ops): return keras.ops.mean(ops)\n",
    ),
    a_variable=moved(
        "from keras import backend as K\nops = 3\nx = K.mean(ops)\n",
        "import keras\nops = 3\nx = keras.ops.mean(ops)\n",
    ),
    a_function=moved(
        "from keras import backend as K\ndef ops(): return K.mean(3)\n",
        "import keras\ndef ops(): return keras.ops.mean(3)\n",
    ),
    another_import=moved(
        "from tensorflow.python.framework import ops\nfrom keras import backend as K\n"
        "x = K.mean(ops)\n",
        "from tensorflow.python.framework import ops\nimport keras\nx = keras.ops.mean(ops)\n",
    ),
    the_root=moved(
        "import mine as keras\nimport tensorflow as tf\nx = tf.keras.Model, keras\n",
        "import keras as keras_keras\nimport mine as keras\nx = keras_keras.Model, keras\n",
    ),
    a_class_of_the_same_name=moved(
        "from keras.legacy.layers import Recurrent\nfrom keras.layers import Dense\n"
        "class Conv2D: ...\nx = Dense, Conv2D\n",
        "from keras.layers import Dense\nclass Conv2D: ...\nx = Dense, Conv2D\n",
    ),
    nothing_but_an_attribute=moved(
        "from keras import backend as K\nx = K.mean(mine.ops), dict(ops=3)\n",
        "from keras import ops\nx = ops.mean(mine.ops), dict(ops=3)\n",
    ),
)
def test_a_name_that_is_taken(case: Case) -> None:
    check(case)
