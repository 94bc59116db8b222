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


# What the names are used for


@cases(
    calls_in_calls=moved(
        "import tensorflow as tf\nx = tf.keras.Sequential([tf.keras.layers.Dense(tf.keras.Input)])\n",
        "import keras\nx = keras.Sequential([keras.layers.Dense(keras.Input)])\n",
    ),
    chains_over_lines=moved(
        """\
        import tensorflow as tf
        x = (
            tf  # a comment
            .keras
            .layers.Dense(3)
            .count_params()
        )
        """,
        """\
        import keras
        x = (
            keras.layers.Dense(3)
            .count_params()
        )
        """,
    ),
    modules_that_are_gone=moved(
        "import keras\nx = keras.layers.convolutional.Conv2D, keras.utils.np_utils.to_categorical\n",
        "import keras\nx = keras.layers.Conv2D, keras.utils.to_categorical\n",
    ),
    the_backend=moved(
        "from keras import backend as K\nx = K.mean(y), K.floatx()\n",
        "from keras import backend as K, ops\nx = ops.mean(y), K.floatx()\n",
    ),
    the_backend_alone=moved(
        "from keras import backend as K\nx = K.mean(y)\n",
        "from keras import ops\nx = ops.mean(y)\n",
    ),
    a_function_of_the_backend=moved(
        "from keras.backend import mean, square as sq\nx = mean(sq(y))\n",
        "from keras.ops import mean, square as sq\nx = mean(sq(y))\n",
    ),
    decorators_bases_and_annotations=moved(
        """\
        import tensorflow as tf

        @tf.keras.utils.register_keras_serializable()
        class Mine(tf.keras.layers.Layer, metaclass=type(tf.keras.Model)):
            inner: tf.keras.Model

            def call(self, x: tf.Tensor, *, layer: tf.keras.layers.Layer = None) -> tf.Tensor:
                return isinstance(x, (tf.keras.Model, tf.keras.layers.Layer))
        """,
        """\
        import keras
        import tensorflow as tf

        @keras.utils.register_keras_serializable()
        class Mine(keras.layers.Layer, metaclass=type(keras.Model)):
            inner: keras.Model

            def call(self, x: tf.Tensor, *, layer: keras.layers.Layer = None) -> tf.Tensor:
                return isinstance(x, (keras.Model, keras.layers.Layer))
        """,
    ),
    annotations_in_quotes=moved(
        """\
        import tensorflow as tf
        from typing import Optional

        def f(a: "tf.keras.Model", b: Optional["tf.keras.Model"] = None) -> 'list[tf.keras.Model]': ...
        x: "tf.keras.Model" = f()
        """,
        """\
        import keras
        from typing import Optional

        def f(a: "keras.Model", b: Optional["keras.Model"] = None) -> 'list[keras.Model]': ...
        x: "keras.Model" = f()
        """,
    ),
    defaults_comprehensions_and_lambdas=moved(
        """\
        import tensorflow as tf

        def f(x=tf.keras.layers.Dense):
            y = [tf.keras.layers.Dense(n) for n in range(3) if tf.keras.backend.epsilon()]
            return lambda z=tf.keras.Model: tf.keras.Model(z)
        """,
        """\
        import keras

        def f(x=keras.layers.Dense):
            y = [keras.layers.Dense(n) for n in range(3) if keras.backend.epsilon()]
            return lambda z=keras.Model: keras.Model(z)
        """,
    ),
    strings_with_code_in_them=moved(
        'import tensorflow as tf\nx = f"{tf.keras.Model} {tf.keras.__version__!r:>{tf.keras.Model}}"\n',
        'import keras\nx = f"{keras.Model} {keras.__version__!r:>{keras.Model}}"\n',
    ),
    patterns=moved(
        """\
        from keras import layers
        match x:
            case layers.Dense(units=3) | layers.Conv2D():
                pass
        """,
        """\
        from tf_keras import layers
        match x:
            case layers.Dense(units=3) | layers.Conv2D():
                pass
        """,
        "tf_keras",
    ),
    what_is_not_ascii=moved(
        'import tensorflow as tf\ngrößer = "é", tf.keras.Model, "😀", tf.keras.Input  # ü\n',
        'import keras\ngrößer = "é", keras.Model, "😀", keras.Input  # ü\n',
    ),
    several_on_a_line=moved(
        "import tensorflow as tf\nx = tf.keras.Model; y = tf.keras.Input; z = tf.keras.layers\n",
        "import keras\nx = keras.Model; y = keras.Input; z = keras.layers\n",
    ),
)
def test_uses(case: Case) -> None:
    check(case)


@cases(
    a_root=moved(
        "import tensorflow as tf\nkeras = tf.keras\nx = keras.Model, tf.nn\n",
        "import tensorflow as tf\nimport keras\nx = keras.Model, tf.nn\n",
    ),
    a_root_and_nothing_else=moved(
        "import tensorflow as tf\nkeras = tf.keras\nx = keras.Model\n",
        "import keras\nx = keras.Model\n",
    ),
    a_root_in_tensorflow=alone(
        "import tensorflow as tf\nkeras = tf.keras\nx = keras.Model\n", "tensorflow.keras"
    ),
    a_module=moved(
        "import tensorflow as tf\nlayers = tf.keras.layers\nx = layers.Dense(3)\n",
        "import keras\nlayers = keras.layers\nx = layers.Dense(3)\n",
    ),
    a_module_of_such_a_root=moved(
        "import tensorflow as tf\ntfk = tf.keras\ntfkl = tfk.layers\nx = tfkl.Dense(3)\n",
        "import keras as tfk\ntfkl = tfk.layers\nx = tfkl.Dense(3)\n",
    ),
    the_backend=moved(
        "import tensorflow as tf\nK = tf.keras.backend\nx = K.mean(y)\n",
        "import keras\nK = keras.backend\nx = keras.ops.mean(y)\n",
    ),
    a_class=moved(
        "import tensorflow as tf\nDense = tf.keras.layers.Dense\nx = Dense(3)\n",
        "import keras\nDense = keras.layers.Dense\nx = Dense(3)\n",
    ),
    several_at_once=moved(
        "import tensorflow as tf\nM, L = tf.keras.Model, tf.keras.layers\nx = M, L.Dense\n",
        "import keras\nM, L = keras.Model, keras.layers\nx = M, L.Dense\n",
    ),
    in_a_function=moved(
        "import tensorflow as tf\ndef f():\n    l = tf.keras.layers\n    return l.Dense\n",
        "import keras\ndef f():\n    l = keras.layers\n    return l.Dense\n",
    ),
    an_attribute=moved(
        "import tensorflow as tf\nclass A:\n    mine = tf.keras\nx = A.mine.Model\n",
        "import keras\nclass A:\n    mine = keras\nx = A.mine.Model\n",
    ),
)
def test_assigned_names(case: Case) -> None:
    check(case)


@cases(
    parameters=alone(
        """\
        import keras
        def f(tf, layers, K, keras=None):
            return tf.keras.layers.Dense, layers.core.Dense, K.mean, keras.layers.core.Dense
        """
    ),
    variables=alone(
        """\
        import keras.layers as kl
        def f(model):
            keras = model.keras
            K = keras.backend
            return keras.layers.core.Dense, K.mean, kl
        """
    ),
    loops=alone(
        "import keras as ks\nfor keras in mine, ks:\n    keras.layers.core.Dense\n",
    ),
    comprehensions=alone("import keras\nx = [keras.layers.core for keras in mine], keras.Model\n"),
    classes=alone(
        """\
        import keras
        class tf:
            keras = None
        class Dense: ...
        x = tf.keras.layers, Dense, keras.Model
        """
    ),
    context_managers_and_exceptions=alone(
        """\
        import keras.layers as kl
        with mine() as keras:
            x = keras.layers.core.Dense, kl
        try: ...
        except ValueError as keras:
            x = keras.layers.core.Dense
        """
    ),
    attributes_of_other_things=alone(
        """\
        import keras
        x = self.keras.layers.core.Dense, args.tf.keras.backend.mean, mine().keras.layers.merge
        """
    ),
    modules_of_the_project=alone(
        """\
        from . import keras
        from .keras import layers
        from .. import tf_keras as tfk
        from mine.keras.layers import Convolution2D
        from mine import keras as mk
        import mine.tensorflow.keras as mtk
        x = keras.layers.core.Dense, layers.core, tfk.Model, Convolution2D, mk.backend.mean, mtk
        """,
        "tf_keras",
    ),
    modules_whose_names_begin_alike=alone(
        """\
        import keras_tuner, keras_hub as keras
        import tensorflow_probability as tfp, tensorflow_hub
        from kerastuner.tuners import Hyperband
        from keras_preprocessing.image import ImageDataGenerator
        x = keras.layers.core, tfp.layers, Hyperband
        """
    ),
    words=alone(
        '''\
        """`tf.keras.layers.Dense`: from tensorflow import keras"""
        import keras
        # from tensorflow.keras import layers
        x = "import tensorflow.keras", "tf.keras.Model", keras.Model, {"keras": 1}["keras"]
        '''
    ),
    literals_in_annotations=alone(
        """\
        import keras
        from typing import Literal
        def f(x: Literal["keras.layers.core.Dense"], y: "keras.Model of mine", z: "") -> "": ...
        """
    ),
    nothing_of_keras=alone("import os\nfrom numpy import mean\nx = os, mean\n"),
    nothing_at_all=alone(""),
    comments_alone=alone("# import tensorflow.keras"),
    a_module_of_the_target=alone(
        """\
        import keras
        from keras import layers, ops


        class Mine(layers.Layer):
            def call(self, x):
                return ops.mean(x, axis=-1)


        model = keras.Sequential([layers.Input((3,)), Mine()])
        model.compile(keras.optimizers.Adam(learning_rate=1e-3), "mse")
        """
    ),
    a_module_of_tensorflow_s_keras=alone(
        """\
        import tensorflow as tf
        from tensorflow import keras
        from tensorflow.keras import layers
        x = tf.keras.Model, keras.Input, layers.Dense, tf.keras.layers.Conv2D
        """,
        "tensorflow.keras",
    ),
    a_module_of_keras_2=alone(
        """\
        import tf_keras
        from tf_keras import backend as K
        from tf_keras.layers import *
        from tf_keras.preprocessing.image import ImageDataGenerator
        x = K.mean(K.zeros(3)), tf_keras.Model, Dense(3), ImageDataGenerator()
        """.replace("import *", "import Dense"),
        "tf_keras",
    ),
)
def test_what_is_no_keras_or_right_already(case: Case) -> None:
    check(case)
