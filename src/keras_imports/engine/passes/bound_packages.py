"""Report packages whose layers and models belong to another Keras than the target.

    import tensorflow_addons as tfa         cannot be imported beside Keras 3
    model.add(hub.KerasLayer(url))          is a layer of tf_keras

Nothing is edited: what replaced them takes other arguments, or is another package.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.knowledge.packages import may_import_package, misuses


def applies(module: ModuleInMigration) -> bool:
    """Return whether the module may use such a package, and all its Keras are the target."""
    return not module.stays and may_import_package(module.text.text, module.packages)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each import and each use that does not work beside the target."""
    text, tree = module.text.text, module.tree.module
    generations, own = [module.target.generation], module.told.own_packages
    for misuse in misuses(text, tree, generations, own, module.packages):
        yield module.unfixed(misuse.node, misuse.message, misuse.advice, "KI220")
