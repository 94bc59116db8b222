"""What the uses of names become, whatever these stand for."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target


@cases(
    what_is_left_of_a_search_and_replace=moved(
        """\
        from tensorflow.keras.engine import Layer, InputSpec
        from tensorflow.keras.layers.advanced_activations import ELU
        import tensorflow as tf
        x = Layer, InputSpec, ELU, tf.keras.RNN(cell), tf.keras.keras.layers.Dense(3), tf.nn
        """,
        """\
        from keras.layers import Layer, InputSpec, ELU
        import keras
        import tensorflow as tf
        x = Layer, InputSpec, ELU, keras.layers.RNN(cell), keras.layers.Dense(3), tf.nn
        """,
    ),
    not_what_is_nowhere=alone(
        "from tensorflow.keras import layers\nx = layers.Nothing(3)\n",
        "tensorflow.keras",
        left=("check its name, or define it",),
    ),
    what_a_module_sets_itself=alone(
        "import keras\nkeras.metrics.mine = f\nkeras.layers.Mine = G\n"
        "x = keras.layers.Mine(3), keras.metrics.mine\n",
    ),
    what_is_called_otherwise_at_the_same_place=moved(
        "import keras_core\nx = keras_core.ops.reshape(y, [-1, 2])\n",
        "import keras as keras_core\nx = keras_core.ops.reshape(y, [-1, 2])\n",
    ),
    tensorflow_of_the_backend=moved(
        "from keras.backend import tf as ktf\nx = ktf.exp(3.0)\n",
        "import tensorflow as ktf\nx = ktf.exp(3.0)\n",
    ),
    tensorflow_of_the_backend_if_it_is_there=moved(
        """\
        try:
            from keras.backend import tf
        except ImportError:
            from keras.backend import tensorflow_backend as tf
        x = tf.exp(3.0)
        """,
        "import tensorflow as tf\nx = tf.exp(3.0)\n",
    ),
)
def test_what_no_release_has(case: Case) -> None:
    check(case)


@cases(
    a_choice_of_classes=alone(
        "from keras.layers import Flatten, ReLU\nkind = ReLU if s else Flatten\nx = kind()\n"
    ),
    a_choice_of_what_is_elsewhere=moved(
        "from keras.layers.core import Dense\nfrom keras.layers import Conv2D\n"
        "if s:\n    kind = Dense\nelse:\n    kind = Conv2D\nx = kind\n",
        "from keras.layers import Conv2D, Dense\n"
        "if s:\n    kind = Dense\nelse:\n    kind = Conv2D\nx = kind\n",
    ),
    calls_that_differ=alone(
        "from keras.layers import Dense, GRU\nkind = Dense if s else GRU\nx = kind(8)\n",
        left=("write a call for each",),
        source="keras==2.2.4",
    ),
)
def test_a_name_that_is_given_one_of_several(case: Case) -> None:
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
    nothing_but_the_name=alone("import keras\n"),
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


@cases(
    one_class_or_another=moved(
        """\
        if wide:
            from tensorflow.keras.layers import Dense as Layer
        else:
            from tensorflow.keras.layers import Dropout as Layer
        x = Layer(3)
        """,
        """\
        if wide:
            from keras.layers import Dense as Layer
        else:
            from keras.layers import Dropout as Layer
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


def test_an_object_that_may_be_of_two_kinds_is_named_by_both():
    code = (
        "from keras import Model, Sequential\n\n\n"
        "def f(m):\n    return m.output, m.optimizer.lr\n\n\n"
        "f(Sequential())\nf(Model(a, b))\n"
    )
    outcome = migrate_text(code, Job(parse_target("keras"), (parse_origin("keras==2.2.4"),)))
    (left,) = outcome.left
    assert outcome.text == code.replace("optimizer.lr", "optimizer.learning_rate")
    assert left.message.startswith("`m.output` may be `Sequential.output` or `Model.output`, which")
