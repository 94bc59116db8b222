"""What becomes of a module's imports and of the names that they bind, and what stays as it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import SequenceMatcher
from textwrap import dedent

import pytest

from keras_imports.knowledge.origin import named
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.source_files import used_elsewhere
from keras_imports.migrate.job import Job
from keras_imports.migrate.text import migrate_text

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
    to = parse_target(case.to, portable=portable)
    job = Job(to, (named(case.source),) if case.source else (), portable)
    used = used_elsewhere(case.file)
    outcome = migrate_text(case.before, job, used)
    assert outcome.problem is None
    assert outcome.text == case.after
    assert outcome.changed == (case.before != case.after)
    assert len(outcome.left) == len(case.left), outcome.left
    for place, words in zip(outcome.left, case.left, strict=True):
        assert words in f"{place.code}: {place.message}; {place.advice}"
    ast.parse(outcome.text)
    again = migrate_text(outcome.text, job, used)
    assert again.text == outcome.text


def test_much_is_left_alone() -> None:
    assert len(CASES) >= 120
    changed = [lines_changed(case) for case in CASES]
    assert changed.count(0) >= len(CASES) / 3
    assert changed.count(0) + changed.count(1) >= 0.45 * len(CASES)


def lines_changed(case: Case) -> int:
    old, new = case.before.splitlines(), case.after.splitlines()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return max(len(old), len(new)) - sum(block.size for block in blocks)


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
        "from keras.layers import Dense\n"
        "from tensorflow.keras.layers import Dense as D\nx = Dense, D\n",
        "from tf_keras.layers import Dense, Dense as D\nx = Dense, D\n",
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
        "import keras\nimport tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
        "x = keras.Model\n",
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
    whose_comments_stay=moved(
        """\
        def f():
            try:
                # Keras 2
                from keras.layers.core import Dense  # noqa: F401
                from keras.utils.np_utils import to_categorical  # the old home
            except ImportError:  # pragma: no cover
                from keras.layers import Dense  # noqa: F401
                from keras.utils import to_categorical  # the new home
        """,
        """\
        def f():
            # Keras 2
            # the old home
            from keras.layers import Dense  # noqa: F401  # pragma: no cover
            from keras.utils import to_categorical  # the new home
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
    that_is_already_there_keeps_its_comments=alone(
        """\
        try:
            from keras.layers import Dense  # Keras 3
        except ImportError:
            from keras.layers import Dense  # any other
        x = Dense(3)
        """
    ),
    that_goes_without_a_feature_stays=alone(
        """\
        try:
            from keras.layers import Dense
        except ImportError:
            HAS_KERAS = False
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
        "import tensorflow as tf\n"
        "x = tf.keras.Sequential([tf.keras.layers.Dense(tf.keras.Input)])\n",
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
        "import keras\n"
        "x = keras.layers.convolutional.Conv2D, keras.utils.np_utils.to_categorical\n",
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

        def f(a: "tf.keras.Model", b: Optional["tf.keras.Model"]) -> 'list[tf.keras.Model]': ...
        x: "tf.keras.Model" = f()
        """,
        """\
        import keras
        from typing import Optional

        def f(a: "keras.Model", b: Optional["keras.Model"]) -> 'list[keras.Model]': ...
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
        "import tensorflow as tf\n"
        'x = f"{tf.keras.Model} {tf.keras.__version__!r:>{tf.keras.Model}}"\n',
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
    methods_of_other_things=alone(
        """\
        import keras
        import numpy as np
        x = np.mean(y), y.square(), layers.core.Dense(3), self.layers.merge, K.mean(y), keras.Model
        """
    ),
    nothing_but_the_name=alone("import keras\nimport tensorflow\n"),
    submodules_of_tensorflow=alone(
        """\
        import tensorflow.nn
        from tensorflow.data import Dataset
        import tensorflow.compat.v2 as tf
        x = tensorflow.nn.relu, Dataset, tf.nn.relu
        """
    ),
    what_is_private_and_there=alone(
        """\
        from keras.src import backend
        from keras.src.backend import standardize_data_format
        x = backend.standardize_data_format(y), standardize_data_format(y)
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
        from tf_keras.layers import Dense
        from tf_keras.preprocessing.image import ImageDataGenerator
        x = K.mean(K.zeros(3)), tf_keras.Model, Dense(3), ImageDataGenerator()
        """,
        "tf_keras",
    ),
)
def test_what_is_no_keras_or_right_already(case: Case) -> None:
    check(case)


# New imports: where they stand, and what they are called


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
        left=("Recurrent",),
    ),
    nothing_but_an_attribute=moved(
        "from keras import backend as K\nx = K.mean(mine.ops), dict(ops=3)\n",
        "from keras import ops\nx = ops.mean(mine.ops), dict(ops=3)\n",
    ),
)
def test_a_name_that_is_taken(case: Case) -> None:
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
        left=("`keras.layers.merge` has no counterpart",),
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
        "from keras.layers import LSTM as CuDNNLSTM\n__all__ = ['CuDNNLSTM']\nx = CuDNNLSTM(3)\n",
    ),
    in_no_all_and_renamed=moved(
        "from keras.layers import CuDNNLSTM\nx = CuDNNLSTM(3)\n",
        "from keras.layers import LSTM\nx = LSTM(3)\n",
    ),
)
def test_what_is_imported_and_not_used(case: Case) -> None:
    check(case)


# What cannot be moved, or might be something else


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
        left=("`keras.layers.core.MaxoutDense` has no counterpart",),
    ),
    stays_where_all_of_the_module_needs_it=alone(
        "from keras.layers.core import MaxoutDense\nclass Mine(MaxoutDense): ...\n",
        left=(
            "MaxoutDense: `keras.layers.core.MaxoutDense` has no counterpart",
            "MaxoutDense: `keras.layers.core.MaxoutDense` is not in",
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
        left=("`tensorflow.layers.dense` has no counterpart",),
    ),
)
def test_what_has_no_counterpart(case: Case) -> None:
    check(case)


@cases(
    one_class_or_another=moved(
        """\
        if wide:
            from tensorflow.keras.layers import Dense as Layer
        else:
            from tensorflow.keras.layers import Conv2D as Layer
        x = Layer(3)
        """,
        """\
        if wide:
            from keras.layers import Dense as Layer
        else:
            from keras.layers import Conv2D as Layer
        x = Layer(3)
        """,
    ),
    an_old_class_or_a_new_one=moved(
        """\
        try:
            from tensorflow.keras.optimizers.legacy import Adam
        except ImportError:
            from tensorflow.keras.optimizers import Adam
        x = Adam()
        """,
        """\
        try:
            from tf_keras.optimizers.legacy import Adam
        except ImportError:
            from tf_keras.optimizers import Adam
        x = Adam()
        """,
        "tf_keras",
    ),
    keras_or_another_package=moved(
        """\
        try:
            from tensorflow.keras.layers import Dense
        except ImportError:
            from mine import Dense
        x = Dense(3)
        """,
        """\
        try:
            from keras.layers import Dense
        except ImportError:
            from mine import Dense
        x = Dense(3)
        """,
    ),
    what_goes_on_after_a_choice=moved(
        "import tensorflow as tf, keras\nx = (tf.keras if new else keras).layers.Dense(3)\n",
        "import keras\nx = (keras if new else keras).layers.Dense(3)\n",
    ),
    what_goes_on_after_a_name_is_given=moved(
        "import tensorflow as tf\nx = (y := tf.keras.layers).Dense(3)\n",
        "import keras\nx = (y := keras.layers).Dense(3)\n",
    ),
    a_name_that_is_bound_again=moved(
        """\
        import keras
        x = keras.Input
        from mine import keras
        y = keras
        from tensorflow import keras
        z = keras.Model
        """,
        """\
        import tf_keras as keras
        x = keras.Input
        from mine import keras
        y = keras
        import tf_keras as keras
        z = keras.Model
        """,
        "tf_keras",
    ),
    a_name_that_a_function_has_itself=moved(
        """\
        import tensorflow as tf
        from tensorflow.keras import layers
        def f(layers):
            return tf.keras.layers.Dense, layers
        x = layers.Dense
        """,
        """\
        import keras
        from keras import layers
        def f(layers):
            return keras.layers.Dense, layers
        x = layers.Dense
        """,
    ),
    a_name_that_is_bound_too_late=moved(
        """\
        import tensorflow as tf
        x = tf.keras.Model
        import keras as ks
        y = ks.Input
        """,
        """\
        import keras
        x = keras.Model
        import keras as ks
        y = ks.Input
        """,
    ),
    a_global_name=moved(
        """\
        keras = None
        def load():
            global keras
            import tensorflow.keras as keras
        def f():
            return keras.Model
        """,
        """\
        keras = None
        def load():
            global keras
            import keras
        def f():
            return keras.Model
        """,
    ),
)
def test_what_a_name_may_stand_for(case: Case) -> None:
    check(case)


# Every form of an import, in every flavour that is there already


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


# Portable projects, whose Keras comes from a module of their own


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


@cases(
    goes_where_it_belongs=moved(
        "import keras\nfrom keras.utils import np_utils\nfrom keras_tuner import a\n"
        "from zoo import b\nnp_utils.to_categorical(a, 3)\n",
        "import keras\nfrom keras import utils\nfrom keras_tuner import a\n"
        "from zoo import b\nutils.to_categorical(a, 3)\n",
    ),
    what_changes_module=moved(
        "import tensorflow as tf\nfrom keras.layers import Dense\nfrom numpy import a\n"
        "x = tf.nn, Dense(3), a\n",
        "import tensorflow as tf\nfrom numpy import a\nfrom tensorflow.keras.layers import Dense\n"
        "x = tf.nn, Dense(3), a\n",
        "tensorflow.keras",
    ),
    sorted_by_module_alone=moved(
        "from keras.layers import Dense\nimport numpy as np\nfrom scipy import a\n"
        "x = Dense(np, a)\n",
        "import numpy as np\nfrom scipy import a\nfrom tensorflow.keras.layers import Dense\n"
        "x = Dense(np, a)\n",
        "tensorflow.keras",
    ),
    what_comes_to_be_of_one_module=moved(
        "from keras.layers import Dense\nfrom keras.layers.convolutional import Conv2D\n"
        "from keras.layers.normalization import BatchNormalization\n"
        "x = Dense, Conv2D, BatchNormalization\n",
        "from keras.layers import Dense\nfrom keras.layers import Conv2D, BatchNormalization\n"
        "x = Dense, Conv2D, BatchNormalization\n",
    ),
    not_what_has_a_comment=moved(
        "from keras.layers.convolutional import Conv2D  # one\n"
        "from keras.layers.normalization import BatchNormalization  # two\n"
        "x = Conv2D, BatchNormalization\n",
        "from keras.layers import Conv2D  # one\n"
        "from keras.layers import BatchNormalization  # two\n"
        "x = Conv2D, BatchNormalization\n",
    ),
    not_what_was_in_no_order=moved(
        "from zoo import a\nfrom keras.layers.core import Dense\nimport os\nx = a, Dense(3), os\n",
        "from zoo import a\nfrom keras.layers import Dense\nimport os\nx = a, Dense(3), os\n",
    ),
    not_over_an_empty_line=moved(
        "import os\n\nfrom keras.layers import Dense\n\nfrom numpy import a\nx = Dense(os, a)\n",
        "import os\n\nfrom tensorflow.keras.layers import Dense\n\nfrom numpy import a\n"
        "x = Dense(os, a)\n",
        "tensorflow.keras",
    ),
    of_what_does_not_change=alone(
        "from keras import layers\nimport keras\nfrom numpy import a\nx = keras, layers, a\n"
    ),
    of_what_is_no_keras=alone(
        "import tensorflow as tf\nimport a\n\nfrom keras import layers\nx = tf, a, layers\n"
    ),
    of_what_a_comment_parts=alone(
        "from numpy import a\n# ours\nfrom keras import layers\nx = layers, a\n"
    ),
    of_what_is_imported_twice=alone(
        "from keras import layers\nfrom keras import layers, models\nx = layers, models\n"
    ),
    not_beside_another_statement=moved(
        "import keras.layers as l; x = 1\nimport os\ny = l.Dense(os)\n",
        "import tensorflow.keras.layers as l; x = 1\nimport os\ny = l.Dense(os)\n",
        "tensorflow.keras",
    ),
)
def test_order(case: Case) -> None:
    check(case)


def test_a_comment_stays_beside_its_import() -> None:
    before = "from keras.optimizers import Adam  # ours\n\nAdam(decay=1e-6)\n"
    first, second = migrate_text(before, Job(parse_target("keras"))).text.split("\n")[:2]
    assert first == "from keras.optimizers import Adam  # ours"
    assert second == "from keras.optimizers.schedules import InverseTimeDecay"


@cases(
    of_nonlocal=moved(
        "def h():\n    from keras import backend as K\n    def i():\n        nonlocal K\n"
        "        K = None\n    return K.sum(1), i\n",
        "def h():\n    from keras import backend as K, ops\n    def i():\n        nonlocal K\n"
        "        K = None\n    return ops.sum(1), i\n",
    ),
    of_global=moved(
        "import os\ndef f():\n    global K\n    import keras.backend as K\n    K.sum(os)\n",
        "import os\ndef f():\n    global K\n    import keras.backend as K\n"
        "    from keras import ops\n    ops.sum(os)\n",
    ),
)
def test_names_of_other_scopes(case: Case) -> None:
    check(case)


def test_what_is_left_is_found_where_it_is_now():
    before = (
        "from keras.layers import (\n    Dense,\n)\nimport tensorflow as tf\n"
        "from keras.utils import multi_gpu_model\n\n\n"
        "def f(m):\n    tf.nn.relu(Dense(3), tf.keras.Model)\n"
        "    return multi_gpu_model(\n        tf.keras.backend.get_session(),\n    )\n"
    )
    outcome = migrate_text(before, Job(parse_target("keras")))
    now = outcome.text.split("\n")
    found = [(left.code.partition("(")[0], left) for left in outcome.left]
    assert [name for name, _ in found] == ["multi_gpu_model", "tf.keras.backend.get_session"]
    for name, left in found:
        assert name in before.split("\n")[left.line - 1]
        assert name in now[left.line_now - 1]
    assert any(left.line != left.line_now for _, left in found)


TRAINING = """\
from tensorflow.keras.layers import BatchNormalization, Dropout, Input
inputs = Input((3, 3, 3))
x = BatchNormalization()(inputs, training=False)
x = Dropout(0.3)(x, training=True)
x = Dropout(0.3)(x, training=inputs)
layer = Dropout(0.3)
layer.trainable = False
x = layer(x, training=False)
"""


def test_training_that_keras_3_overrides_is_named():
    for to, lines in (("keras", [3, 4]), ("tf_keras", []), ("tensorflow.keras", [3, 4])):
        outcome = migrate_text(TRAINING, Job(parse_target(to), (named("tensorflow.keras==2.10"),)))
        assert [left.line for left in outcome.left] == lines
    new = Job(parse_target("keras"), (named("tensorflow.keras==2.21"),))
    assert migrate_text(TRAINING, new).left == ()
