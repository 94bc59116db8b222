"""What becomes of a module's imports and of the names that they bind, and what stays as it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import dedent

import pytest
from keras_imports.codemod import aim, migrate_text

PORTABLE = "digits.keras_flavour"
CASES: list[Case] = []


@dataclass(frozen=True)
class Case:
    """A module before and after, and a part of each report on what is left in it."""

    before: str
    after: str
    to: str
    left: tuple[str, ...]
    file: str
    source: str | None


def moved(
    before: str,
    after: str,
    to: str = "keras",
    left: tuple[str, ...] = (),
    file: str = "module.py",
    source: str | None = None,
) -> Case:
    """A module that changes."""
    return Case(dedent(before), dedent(after), to, left, file, source)


def alone(
    code: str,
    to: str = "keras",
    left: tuple[str, ...] = (),
    file: str = "module.py",
    source: str | None = None,
) -> Case:
    """A module that stays byte for byte."""
    return moved(code, code, to, left, file, source)


def cases(**named: Case):
    """Run a test for each case."""
    CASES.extend(named.values())
    return pytest.mark.parametrize("case", named.values(), ids=named)


def check(case: Case) -> None:
    portable = PORTABLE if PORTABLE in case.before + case.to or case.to == "portable" else None
    to = aim(case.to, portable=portable)
    options = {"portable": portable, "file": case.file, "source": case.source}
    outcome = migrate_text(case.before, to, **options)
    assert outcome.problem is None
    assert outcome.text == case.after
    assert outcome.changed == (case.before != case.after)
    assert len(outcome.left) == len(case.left), outcome.left
    for place, words in zip(outcome.left, case.left, strict=True):
        assert words in f"{place.code}: {place.message}; {place.advice}"
    ast.parse(outcome.text)
    again = migrate_text(outcome.text, to, **options)
    assert again.text == outcome.text


def test_much_is_left_alone() -> None:
    assert len(CASES) >= 120
    same = [case for case in CASES if case.before == case.after]
    assert len(same) >= 0.45 * len(CASES)


# Import statements


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
        from keras.layers import Conv2D
        from keras.layers import Dense
        from keras.layers import Layer
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
        "from keras.layers import Dense\nfrom tensorflow.keras.layers import Dense as D\nx = Dense, D\n",
        "from tf_keras.layers import Dense\nfrom tf_keras.layers import Dense as D\nx = Dense, D\n",
        "tf_keras",
    ),
    the_same_from_two_flavours=moved(
        "from keras.layers import Dense\nfrom tensorflow.keras.layers import Dense\nx = Dense\n",
        "from tf_keras.layers import Dense\nx = Dense\n",
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
    each_keeps_its_own=moved(
        """\
        from keras.layers import (
            Dense,  # the first
            merge,  # gone
            Conv2D as C,  # the last
        )
        x = Dense, C
        """,
        """\
        from keras.layers import (
            Dense,  # the first
            Conv2D as C,  # the last
        )
        x = Dense, C
        """,
        left=("no counterpart",),
    ),
    where_the_last_goes=moved(
        """\
        from keras.layers import (Dense,  # stays
            merge)  # as well
        x = Dense
        """,
        """\
        from keras.layers import (Dense,  # stays
            )  # as well
        x = Dense
        """,
        left=("no counterpart",),
    ),
    after_a_statement=moved(
        "import tensorflow as tf  # noqa: I001\nx = tf.keras.Model, tf.nn\n",
        "import keras\nimport tensorflow as tf  # noqa: I001\nx = keras.Model, tf.nn\n",
    ),
    names_that_move_away=moved(
        """\
        from keras.backend import (  # all
            mean,  # moves
            floatx,  # stays
            square,  # moves, too
        )
        x = mean(square(y)), floatx()
        """,
        """\
        from keras.backend import floatx
        from keras.ops import (  # all
            mean,  # moves
            square,  # moves, too
        )
        x = mean(square(y)), floatx()
        """,
    ),
)
def test_comments(case: Case) -> None:
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
        "import keras\nimport tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\nx = keras.Model\n",
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
    of_a_module_that_is_gone=moved(
        "from keras.layers.core import *\nx = Dense, Dropout\n",
        "from keras.layers import Dense, Dropout\nx = Dense, Dropout\n",
    ),
    that_hands_on_what_others_use=moved(
        "from tensorflow.keras.layers import *\nx = Dense\n",
        "from keras.layers import *\nx = Dense\n",
        file="package/__init__.py",
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


@cases(
    collapses=moved(
        """\
        try:
            from keras.layers import Dense
        except ImportError:
            from tensorflow.keras.layers import Dense
        x = Dense(3)
        """,
        """\
        from keras.layers import Dense
        x = Dense(3)
        """,
    ),
    of_roots_collapses=moved(
        """\
        try:
            import keras
        except ImportError:
            from tensorflow import keras
        x = keras.Model
        """,
        """\
        import tf_keras as keras
        x = keras.Model
        """,
        "tf_keras",
    ),
    of_several_statements_collapses=moved(
        """\
        try:
            from tensorflow.keras import layers
            from tensorflow.keras.models import Model
        except (ImportError, AttributeError):
            from keras.models import Model
            from keras import layers
        x = layers, Model
        """,
        """\
        from keras import layers
        from keras.models import Model
        x = layers, Model
        """,
    ),
    in_a_function_collapses=moved(
        """\
        def build():
            try:
                import tensorflow.keras as keras
            except ImportError:
                import keras
            return keras.Model
        """,
        """\
        def build():
            import keras
            return keras.Model
        """,
    ),
    of_paths_that_moved_collapses=moved(
        """\
        try:
            from keras.utils.np_utils import to_categorical
        except ImportError:
            from keras.utils import to_categorical
        x = to_categorical(y)
        """,
        """\
        from keras.utils import to_categorical
        x = to_categorical(y)
        """,
    ),
    with_more_to_it_stays=moved(
        """\
        try:
            from tensorflow import keras
            found = True
        except ImportError:
            found = False
        x = found and keras.Model
        """,
        """\
        try:
            import keras
            found = True
        except ImportError:
            found = False
        x = found and keras.Model
        """,
    ),
    that_does_without_stays=moved(
        """\
        try:
            import keras
        except ImportError:
            keras = None
        x = keras and keras.Model
        """,
        """\
        try:
            import tf_keras as keras
        except ImportError:
            keras = None
        x = keras and keras.Model
        """,
        "tf_keras",
    ),
    that_means_another_package_stays=alone(
        """\
        try:
            from keras.layers import Dense
        except ImportError:
            from mine import Dense
        x = Dense(3)
        """
    ),
    that_says_why_it_fails_stays=alone(
        """\
        try:
            import keras
        except ImportError as error:
            raise SystemExit("install keras") from error
        x = keras.Model
        """
    ),
    that_is_already_there_stays=alone(
        """\
        try:
            import keras
        except ImportError:
            import keras
        x = keras.Model
        """
    ),
    with_a_conclusion_stays=moved(
        """\
        try:
            from tensorflow import keras
        except ImportError:
            import keras
        finally:
            print("done")
        x = keras.Model
        """,
        """\
        try:
            import keras
        except ImportError:
            import keras
        finally:
            print("done")
        x = keras.Model
        """,
    ),
)
def test_fallback(case: Case) -> None:
    check(case)
