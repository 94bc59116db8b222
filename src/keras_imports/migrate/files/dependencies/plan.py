"""Plan what takes the place of each declaration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keras_imports.flavours import canonical
from keras_imports.migrate.files.dependencies.declaration import BACKENDS, Declaration
from keras_imports.migrate.files.dependencies.goal import Goal
from keras_imports.versions import minor_of

_LAST = {  # since when tensorflow itself does what another distribution did
    "tensorflow-gpu": (2, 12),
    "tensorflow-macos": (2, 13),
}
_CUDA = (2, 14)  # since when it has the extra and-cuda
New = tuple[str, str]  # a name with extras, and a specifier


@dataclass(frozen=True)
class Around:
    """What is declared together: in a file, or in all requirement files of a directory."""

    keras: bool
    tensorflow: bool  # and not as an extra alone
    backend: bool  # whichever it is


def planned(
    declarations: Sequence[Declaration], goal: Goal, around: Around
) -> list[list[New] | None]:
    """Return what takes the place of each declaration of a file.

    That is `None` where a person has to say it.
    """
    result: list[list[New] | None] = []
    there: set[tuple[str, str]] = set()  # the lists that have got a Keras, on what condition
    others = {declaration.group for declaration in declarations if declaration.module in BACKENDS}
    for declaration in declarations:
        place = (declaration.group, declaration.condition)
        if not goal.code.keras or declaration.module in BACKENDS:
            result.append([same(declaration)])
        elif declaration.module == "tensorflow":
            is_spare = goal.has_choice and not goal.code.tensorflow and declaration.group in others
            new = [] if is_spare else _instead_of_tensorflow(declaration, goal)
            is_place = not (
                not there.isdisjoint({place, (declaration.group, "")})
                or (around.tensorflow and declaration.optional)
            )
            if goal.keras and is_place and not around.keras and new is not None:
                there.add(place)
                new = [(canonical(goal.keras.module), goal.keras.range), *new]
            result.append(new)
        else:
            result.append(_instead_of_keras(declaration, goal, around, place in there))
            there.add(place)
    return result


def same(declaration: Declaration) -> New:
    """Return what a declaration says already."""
    return declaration.name + declaration.extras, declaration.specifier


def _instead_of_keras(
    declaration: Declaration, goal: Goal, around: Around, is_second: bool
) -> list[New]:
    """Return what takes the place of a Keras.

    A second one in a list stays only if it is the wanted one.
    """
    wanted, tensorflow = goal.keras or goal.brought, goal.tensorflow
    is_it = wanted is not None and declaration.module == wanted.module
    if is_it and wanted is not None and wanted.fits(declaration.specifier):
        new = [same(declaration)]
    elif goal.keras is None:  # TensorFlow brings it
        if around.tensorflow or is_second or tensorflow is None:
            return []
        return [("tensorflow", tensorflow.range)]
    elif is_it:
        new = [(declaration.name + declaration.extras, goal.keras.range)]
    elif is_second:
        return []
    else:
        new = [(canonical(goal.keras.module), goal.keras.range)]
    if goal.has_choice and tensorflow is not None and not (around.backend or is_second):
        new.append(("tensorflow", tensorflow.range))  # Keras 2.4 brought it, Keras 3 does not
    return new


def _instead_of_tensorflow(declaration: Declaration, goal: Goal) -> list[New] | None:
    """Return what takes the place of a TensorFlow that stays."""
    wanted, specifier = goal.tensorflow, declaration.specifier
    if wanted is None:
        return [same(declaration)]
    if specifier.strip("*") and not wanted.fits(specifier):
        specifier = wanted.raised(specifier)
    oldest, name = minor_of(wanted.releases[0]), canonical(declaration.name)
    if name == "tensorflow-gpu" and oldest >= _CUDA:
        return [("tensorflow[and-cuda]", specifier)] if declaration.takes_extras else None
    is_old = name in _LAST and oldest >= _LAST[name]
    # tf-keras requires tensorflow, and tensorflow-cpu is the same files again.
    is_twice = name == "tensorflow-cpu" and goal.target.flavour == "tf_keras"
    return [("tensorflow" if is_old or is_twice else same(declaration)[0], specifier)]
