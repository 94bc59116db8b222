"""Imports of what has no counterpart."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


@cases(
    for_all_uses=moved(
        """\
        from keras.legacy.layers import Recurrent
        def f(x):
            y = Recurrent(3)
            if x:
                return Recurrent
            return y
        def g():
            return Recurrent(5)
        """,
        """\
        def f(x):
            from keras.legacy.layers import Recurrent

            y = Recurrent(3)
            if x:
                return Recurrent
            return y
        def g():
            from keras.legacy.layers import Recurrent

            return Recurrent(5)
        """,
        left=("derive a cell",) * 3,
    ),
    before_both_branches=moved(
        """\
        from keras.legacy.layers import Recurrent
        def f(x):
            y = 1
            if x:
                y = Recurrent(3)
            else:
                y = Recurrent(4)
            return y
        """,
        """\
        def f(x):
            y = 1
            from keras.legacy.layers import Recurrent

            if x:
                y = Recurrent(3)
            else:
                y = Recurrent(4)
            return y
        """,
        left=("derive a cell",) * 2,
    ),
    within_the_one_branch_that_needs_it=moved(
        """\
        from keras.legacy.layers import Recurrent
        def f(x):
            if x:
                y = Recurrent(3)
                z = Recurrent(4)
                return y, z
        """,
        """\
        def f(x):
            if x:
                from keras.legacy.layers import Recurrent

                y = Recurrent(3)
                z = Recurrent(4)
                return y, z
        """,
        left=("derive a cell",) * 2,
    ),
    not_before_what_a_script_alone_does=moved(
        """\
        from keras.legacy.layers import Recurrent
        if __name__ == "__main__":
            x = Recurrent(3)
        if __name__ == "__main__":
            y = Recurrent(3)
        """,
        """\
        if __name__ == "__main__":
            from keras.legacy.layers import Recurrent

            x = Recurrent(3)
        if __name__ == "__main__":
            from keras.legacy.layers import Recurrent

            y = Recurrent(3)
        """,
        left=("derive a cell",) * 2,
    ),
)
def test_once_in_a_function(case: Case) -> None:
    check(case)


@cases(
    goes_to_where_it_is_used=moved(
        """\
        from keras.layers.core import MaxoutDense
        from keras.layers import Dense

        def f():
            x = 3
            return MaxoutDense(x)
        """,
        """\
        from keras.layers import Dense

        def f():
            x = 3
            from keras.layers.core import MaxoutDense

            return MaxoutDense(x)
        """,
        left=("MaxoutDense(x): `keras.layers.core.MaxoutDense` is not in",),
    ),
    goes_with_another=moved(
        """\
        from keras.layers.core import Highway, MaxoutDense

        def f():
            return MaxoutDense(3), Highway()
        """,
        """\

        def f():
            from keras.layers.core import Highway, MaxoutDense

            return MaxoutDense(3), Highway()
        """,
        left=("MaxoutDense(3): ", "Highway(): "),
    ),
    goes_to_what_a_script_does=moved(
        """\
        from keras.layers import Dense
        from keras.layers.core import MaxoutDense

        x = Dense(3)
        if __name__ == "__main__":
            if x:
                MaxoutDense(3)
        """,
        """\
        from keras.layers import Dense

        x = Dense(3)
        if __name__ == "__main__":
            if x:
                from keras.layers.core import MaxoutDense

                MaxoutDense(3)
        """,
        left=("MaxoutDense(3): ",),
    ),
    stays_where_a_condition_uses_it=alone(
        """\
        from keras.layers.core import MaxoutDense
        if x:
            MaxoutDense(3)
        """,
        left=("MaxoutDense: ", "MaxoutDense(3): "),
    ),
    goes_with_what_stands_beside_it=moved(
        """\
        from keras.layers.core import Highway  # rarely
        from keras.layers.core import Dense, MaxoutDense  # often

        def f():
            return MaxoutDense(3), Highway(Dense)
        """,
        """\
        from keras.layers import Dense  # often

        def f():
            from keras.layers.core import Highway, MaxoutDense  # rarely

            return MaxoutDense(3), Highway(Dense)
        """,
        left=("MaxoutDense(3): ", "Highway(Dense): "),
    ),
    stays_where_others_take_it=alone(
        "from keras.layers.core import MaxoutDense\n__all__ = ['MaxoutDense']\n",
        left=("`keras.layers.core.MaxoutDense` is not in keras",),
    ),
    stays_where_all_of_the_module_needs_it=alone(
        "from keras.layers.core import MaxoutDense\nclass Mine(MaxoutDense): ...\n",
        left=(
            "MaxoutDense: `keras.layers.core.MaxoutDense` is not in keras",
            "MaxoutDense: `keras.layers.core.MaxoutDense` is not in keras",
        ),
    ),
    of_the_root_stays=alone(
        "import tensorflow as tf\nx = tf.keras.nothing.like.it(3)\n",
        left=("tf.keras.nothing.like.it: `tensorflow.keras.nothing.like.it` has no counterpart",),
    ),
    beside_what_can_be_moved=moved(
        "import tensorflow as tf\nx = tf.keras.nothing\ny = tf.keras.Model\n",
        "import keras\nimport tensorflow as tf\nx = tf.keras.nothing\ny = keras.Model\n",
        left=("tf.keras.nothing: `tensorflow.keras.nothing` has no counterpart",),
    ),
    in_a_star=alone(
        "from keras.layers.core import *\n",
        file="package/__init__.py",
        left=("`keras.layers.core` has no counterpart",),
    ),
    of_tensorflow_1=alone(
        "import tensorflow as tf\nx = tf.layers.dense(y, 3)\n",
        left=("`tensorflow.layers.dense`",),
    ),
)
def test_what_has_no_counterpart(case: Case) -> None:
    check(case)


def test_tensorflow_is_imported_where_it_is_needed_for_other_backends():
    code = """\
import tensorflow as tf
from keras.layers import Dense
def data(x):
    '''Give batches.'''
    return tf.data.Dataset.from_tensor_slices(x)
Dense(3)
"""
    after = """\
from keras.layers import Dense
def data(x):
    '''Give batches.'''
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(x)
Dense(3)
"""
    job = Job(parse_target("keras", backend="any"))
    assert migrate_text(code, job).text == after
    assert migrate_text(after, job).text == after
    at_top = code + "batches = tf.data.Dataset.range(3)\n"
    assert migrate_text(at_top, job).text == at_top
