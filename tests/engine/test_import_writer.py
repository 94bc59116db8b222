"""How import statements are written: their order, and the comments beside them."""

from __future__ import annotations

from module_cases import Case, alone, cases, check, moved

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


@cases(
    two_lines_of_one_module=alone(
        "from keras.layers import Dense, Flatten\nfrom keras.layers import Conv2D\n"
        "x = Dense, Flatten, Conv2D\n",
    ),
    one_name_a_line=alone(
        "from keras.layers import Dense\nfrom keras.layers import Flatten\nx = Dense, Flatten\n",
    ),
    names_out_of_order=alone(
        "from keras.models import Sequential, Model\nfrom keras.layers import Flatten, Dense\n"
        "x = Sequential, Model, Flatten, Dense\n",
    ),
    names_that_are_not_aligned=alone(
        "from keras.layers import (Flatten,\n  Dense)\nx = Flatten(), Dense(3,\n    name='x')\n",
    ),
    a_star_and_its_modules=alone(
        "import numpy as np\nimport warnings\n\nimport keras\n\n\n"
        "def f(x):\n    warnings.warn('x')\n    return keras.ops.mean(np.asarray(x))\n",
    ),
    an_import_in_each_function=alone(
        "def f():\n    from keras.layers import Dense\n    return Dense(3)\n\n\n"
        "def g():\n    from keras.layers import Dense\n    return Dense(4)\n",
    ),
)
def test_what_is_as_its_author_wants_it(case: Case) -> None:
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
        "from keras.layers import BatchNormalization, Conv2D, Dense\n"
        "x = Dense, Conv2D, BatchNormalization\n",
    ),
    what_an_import_further_up_has_the_module_of=moved(
        "from keras.layers import Dense, Activation\nimport numpy as np\n"
        "from keras.layers.convolutional import Conv2D\nx = Dense, Activation, Conv2D, np\n",
        "from keras.layers import Dense, Activation, Conv2D\nimport numpy as np\n"
        "x = Dense, Activation, Conv2D, np\n",
    ),
    not_across_other_code=moved(
        "from keras.layers import Dense, Flatten\nx = Dense, Flatten\n"
        "from keras.layers.convolutional import Conv2D\ny = Conv2D\n",
        "from keras.layers import Dense, Flatten\nx = Dense, Flatten\n"
        "from keras.layers import Conv2D\ny = Conv2D\n",
    ),
    not_where_each_name_has_its_line=moved(
        "from keras.layers import Dense\nfrom keras.layers import Flatten\n"
        "from keras.layers.convolutional import Conv2D\nx = Dense, Flatten, Conv2D\n",
        "from keras.layers import Dense\nfrom keras.layers import Flatten\n"
        "from keras.layers import Conv2D\nx = Dense, Flatten, Conv2D\n",
    ),
    not_what_something_else_binds_as_well=moved(
        "from keras.layers import Dense, Flatten\nfrom keras.layers.convolutional import Conv2D\n"
        "from mine import Conv2D\nx = Dense, Flatten, Conv2D\n",
        "from keras.layers import Dense, Flatten\nfrom keras.layers import Conv2D\n"
        "from mine import Conv2D\nx = Dense, Flatten, Conv2D\n",
    ),
    aligned_below_the_first_name=moved(
        """\
        from keras.layers.core import (Dense,
                                       Flatten)
        from tensorflow.keras.layers import Conv2D
        x = Dense, Flatten, Conv2D
        """,
        """\
        from keras.layers import (Conv2D,
                                  Dense,
                                  Flatten)
        x = Dense, Flatten, Conv2D
        """,
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


def test_a_star_stands_alone() -> None:
    code = (
        "from tensorflow.keras.layers import Conv2D, Dense\nfrom tensorflow.keras.models import *\n"
        "from tensorflow.keras.layers import *\n\nmodel = Sequential([Conv2D(3, 3), Dense(3)])\n"
    )
    outcome = migrate_text(code, Job(parse_target("keras")))
    assert outcome.problem is None
    assert "from keras.layers import Conv2D, Dense\n" in outcome.text
    assert not any("*" in line and "," in line for line in outcome.text.splitlines())


def test_what_would_be_no_python_is_left_and_not_blamed_on_the_file(monkeypatch) -> None:
    monkeypatch.setattr("keras_imports.engine.text.abridged", lambda *_: "(")
    code = "from keras.layers.core import Dense\n"
    outcome = migrate_text(code, Job(parse_target("keras")))
    assert (outcome.text, outcome.changed) == (code, False)
    assert outcome.problem
    assert "fault of keras-imports" in outcome.problem


@cases(
    as_by_hand=moved(
        "from keras.layers import Dense\n"
        "from keras_applications.imagenet_utils import _obtain_input_shape\n"
        "x = Dense, _obtain_input_shape\n",
        "from keras.layers import Dense\n"
        "from keras.src.applications.imagenet_utils import (\n"
        "    obtain_input_shape as _obtain_input_shape)\n"
        "x = Dense, _obtain_input_shape\n",
        left=("it is private",),
    ),
    as_a_formatter_does=moved(
        "from keras.layers import Dense\n"
        "from keras_applications.imagenet_utils import _obtain_input_shape\n"
        "first_of_the_shapes_that_are_known = _obtain_input_shape(\n"
        "    (9, 9, 3), default_size=9, min_size=3, data_format=None, require_flatten=True\n"
        ")\nx = Dense\n",
        "from keras.layers import Dense\n"
        "from keras.src.applications.imagenet_utils import (\n"
        "    obtain_input_shape as _obtain_input_shape,\n)\n"
        "first_of_the_shapes_that_are_known = _obtain_input_shape(\n"
        "    (9, 9, 3), default_size=9, min_size=3, data_format=None, require_flatten=True\n"
        ")\nx = Dense\n",
        left=("it is private",),
    ),
)
def test_an_import_that_is_too_long_is_broken(case: Case) -> None:
    check(case)
