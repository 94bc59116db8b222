"""KI220: find packages whose layers and models belong to another Keras than the file's own."""

from __future__ import annotations

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.flavours import root_of
from keras_imports.knowledge.packages import may_import_package, misuses

KI220 = Code(
    "KI220",
    "error",
    "package that belongs to another Keras",
    "The layers, models and optimizers of the package are those of another Keras than this "
    "file uses, so that they cannot be mixed with its own, or the package cannot even be "
    "imported beside it.",
    since="Keras 3, mostly; TensorFlow 2.16 and later",
    example=Example.of(
        """
        import keras
        import tensorflow_addons as tfa

        inputs = keras.Input((8, 8, 3))
        outputs = tfa.layers.InstanceNormalization()(inputs)
        """,
        """
        import keras

        inputs = keras.Input((8, 8, 3))
        outputs = keras.layers.GroupNormalization(groups=-1)(inputs)
        """,
    ),
)


def bound_packages(module: CheckedModule) -> Violations:
    """Find imports and uses of packages that no Keras of this file works with."""
    source, installed = module.source, module.installed
    more = module.setting.packages
    if not may_import_package(source.text, more):
        return
    roots = {root for name in module.names if (root := root_of(name.path))}
    if not roots and installed.env.tf_keras is None:
        roots = {"tensorflow.keras"}  # what such a package takes, if nothing else is installed
    generations = {kind for root in roots if (kind := installed.generation(root)) is not None}
    own = module.told.own_packages if module.told else ()
    for misuse in misuses(source.text, source.tree, generations, own, more):
        yield Violation(KI220, misuse.node, f"{misuse.message}; {misuse.advice}")


RULE = Rule(bound_packages, (KI220,))
