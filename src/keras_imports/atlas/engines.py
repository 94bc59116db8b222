"""Which Keras a root hands out: whose classes they really are."""

from __future__ import annotations

import re

from keras_imports.atlas.environments import Environment
from keras_imports.atlas.resolution import find

_PROBES = ("layers.Dense", "layers.Layer", "models.Sequential", "Model", "Sequential", "Dense")


def which_keras(env: Environment, root: str) -> str | None:
    """Return the package whose classes a root hands out, such as `tensorflow.python.keras`.

    `None` if the root hands out no classes in this environment.
    """
    for probe in _PROBES:
        place = find(env, f"{root}.{probe}")
        if place and place.kind == "class":
            return re.split(r"\.(?:src|_impl|layers|engine|models|legacy)\b", place.where)[0]
    return None


def same_classes(env: Environment, root_a: str, root_b: str) -> bool:
    """Return whether two roots, such as `keras` and `tensorflow.keras`, hand out the same classes.

    Then they can be mixed in one model. (`tensorflow.python.keras` and `compat.v1` still have
    another BatchNormalization than `tensorflow.keras`, of the same base class.)
    """
    first, second = which_keras(env, root_a), which_keras(env, root_b)
    return first is not None and first == second
