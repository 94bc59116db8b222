"""The codes of what `migrate` changes or names, and `check` finds by asking for that.

The rules of `check` have codes of their own, each beside its rule; those that both know are here.
"""

from __future__ import annotations

from dataclasses import replace

from keras_imports.engine.findings import Code, Example

NOT_THERE = Code(
    "KI001",
    "error",
    "no such name in the installed release",
    "The import or attribute does not exist in the release that the code is checked against: "
    "it was removed, was moved to another module, or came only later. Python raises "
    "ImportError, ModuleNotFoundError or AttributeError there.",
    since="every release; most names went with keras 2.4, 2.13 and 3.0",
    example=Example.of(
        """
        from keras.layers.normalization import BatchNormalization
        """,
        """
        from keras.layers import BatchNormalization
        """,
    ),
)
PRIVATE = Code(
    "KI002",
    "warning",
    "private path",
    "The path works in this release, but Keras keeps it for itself: it is not documented, and "
    "such paths move from release to release. The public path leads to the same object.",
    "private",
    since="every release; keras up to 2.3 drew no such line",
    example=Example.of(
        """
        from keras.src.layers import Dense
        """,
        """
        from keras.layers import Dense
        """,
    ),
)
NOT_TAKEN = Code(
    "KI007",
    "error",
    "argument that is not accepted",
    "The call passes a keyword argument that this release does not have: it was removed, or "
    "bears another name now. The call raises TypeError or ValueError.",
    since="every release; most arguments changed with keras 2.0 and 3.0",
    example=Example.of(
        """
        from keras.layers import Dense

        layer = Dense(3, init="zeros")
        """,
        """
        from keras.layers import Dense

        layer = Dense(3, kernel_initializer="zeros")
        """,
    ),
)
MEMBER = Code(
    "KI108",
    "error",
    "no such method or attribute in the installed release",
    "Earlier releases of the class have the method or attribute. In the release that the code "
    "is checked against it is gone or has another name, so that the line raises "
    "AttributeError, or it takes other arguments.",
    since="every release; most went with TensorFlow 2.6 and Keras 3",
    example=Example.of(
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        print(model.optimizer.lr)
        """,
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        print(model.optimizer.learning_rate)
        """,
    ),
)
VALUE = Code(
    "KI203",
    "error",
    "value that an argument does not take",
    "The argument is still there, but this release refuses the value that is passed, or reads "
    "it as another one.",
    since="every release; most values changed with Keras 3",
    example=Example.of(
        """
        import keras

        loss = keras.losses.MeanSquaredError(reduction="auto")
        """,
        """
        import keras

        loss = keras.losses.MeanSquaredError(reduction="sum_over_batch_size")
        """,
    ),
)
DEFAULT = Code(
    "KI204",
    "warning",
    "default that has changed",
    "The call does not pass an argument whose default is another one in this release than in "
    "the one that the code was written for, so that it computes something else. Pass what is "
    "meant. It is found only where the code shows its age.",
    "differs",
    since="every release",
    example=Example.of(
        """
        import keras

        hidden = keras.layers.Dense(output_dim=3)
        optimizer = keras.optimizers.Adagrad()
        """,
        """
        import keras

        hidden = keras.layers.Dense(units=3)
        optimizer = keras.optimizers.Adagrad(learning_rate=0.01)
        """,
    ),
)
BEHAVIOUR = Code(
    "KI205",
    "error",
    "names that are all there, in a program that goes wrong",
    "Every name and argument of the line exists in this release, so that no import fails. But "
    "Keras does something else with them than the release that the code was written for: it "
    "never calls a method, gives a result of another kind or under another key, or an error "
    "comes up later, as in fit(). The message says what.",
    "differs",
    since="every release; most of it came with Keras 3",
    example=Example.of(
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        history = model.fit(x, y)
        print(history.history["acc"])
        """,
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        history = model.fit(x, y)
        print(history.history["accuracy"])
        """,
    ),
)
BY_HAND = Code(
    "KI206",
    "error",
    "code that needs a decision",
    "The line cannot stay as it is, and what has to stand there depends on what the program "
    "is to do: no rule can choose. The message says what there is to choose from.",
    since="every release",
    example=Example.of(
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.save("model")
        """,
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.save("model.keras")
        """,
    ),
)
NEEDS_TENSORFLOW = Code(
    "KI401",
    "error",
    "code that does not run on another backend",
    "The line needs TensorFlow, which does not have to be installed with another backend and "
    "does not take the tensors of Keras there, or does what the backend does not.",
    since="Keras 3; asked for by `--backend`",
    example=Example.of(
        """
        import keras
        import tensorflow as tf

        inputs = keras.Input((4,))
        outputs = tf.nn.relu(inputs)
        """,
        """
        import keras
        from keras import ops

        inputs = keras.Input((4,))
        outputs = ops.relu(inputs)
        """,
    ),
)
RUNS_WITH_TENSORFLOW = Code(
    "KI402",
    "warning",
    "code that runs on every backend, with TensorFlow",
    "Keras takes it whatever computes, as `fit` takes a `tf.data.Dataset`; but TensorFlow has "
    "to be installed for it.",
    since="Keras 3; asked for by `--backend`",
    example=Example.of(
        """
        import keras
        import tensorflow as tf

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(8))
        """,
        """
        import keras

        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(x, y, batch_size=8)
        """,
    ),
)


def private_message(path: str, release: str) -> str:
    """Say that a release has a path only in private, and no public one for the same."""
    return f"`{path}` is private in {release} and has no public path: it may move in any release"


def not_taken(shown: str, name: str, release: object) -> str:
    """Say that a release does not take an argument."""
    return f"`{shown}` takes no `{name}` in {release}"


# Code that works where it is, and only cannot be moved: `check` does not ask for it.
STAYS = replace(BY_HAND, reason="style")

CODES = {
    code.name: code
    for code in (
        *(NOT_THERE, PRIVATE, NOT_TAKEN, MEMBER, VALUE, DEFAULT, BEHAVIOUR, BY_HAND),
        *(NEEDS_TENSORFLOW, RUNS_WITH_TENSORFLOW),
    )
}
