"""The codes of what `migrate` changes or names, and `check` finds by asking for that.

The rules of `check` have codes of their own, each beside its rule; those that both know are here.
"""

from __future__ import annotations

from dataclasses import replace

from keras_imports.engine.findings import Code

NOT_THERE = Code(
    "KI001",
    "error",
    "no such name in the installed release",
    "The import or attribute does not exist in the release that is checked against: the module "
    "was removed or moved, or the name was.",
)
PRIVATE = Code(
    "KI002",
    "warning",
    "private path",
    "The path works in this release but is not part of the public interface, and such paths move "
    "from release to release.",
    "private",
)
NOT_TAKEN = Code(
    "KI007",
    "error",
    "argument that is not accepted",
    "The keyword argument was removed or renamed; the call fails in this release.",
)
MEMBER = Code(
    "KI108",
    "error",
    "no such method or attribute in the installed release",
    "Earlier releases of the class have the name; in the one that is checked against, the line "
    "raises AttributeError.",
)
VALUE = Code(
    "KI203",
    "error",
    "value that an argument does not take",
    "The argument is still there, and this release refuses the value, or reads it as another one.",
)
DEFAULT = Code(
    "KI204",
    "warning",
    "default that has changed",
    "The argument is not passed, and this release has another default than the one that the code "
    "was written for.",
    "differs",
)
BEHAVIOUR = Code(
    "KI205",
    "error",
    "code that does something else now",
    "Nothing that is written here is missing in this release, but it fails in the end, or means "
    "something else.",
    "differs",
)
BY_HAND = Code(
    "KI206",
    "error",
    "code that needs a decision",
    "It cannot stay as it is, and nothing tells what it has to become: a person has to look at it.",
)
NEEDS_TENSORFLOW = Code(
    "KI401",
    "error",
    "code that does not run on another backend",
    "It needs TensorFlow, which does not have to be installed there and does not take the tensors "
    "of Keras, or does what the backend does not. Asked for by --backend.",
)
RUNS_WITH_TENSORFLOW = Code(
    "KI402",
    "warning",
    "code that runs on every backend, with TensorFlow",
    "Keras takes it whatever computes, as `fit` takes a `tf.data.Dataset`; but TensorFlow has to "
    "be installed for it. Asked for by --backend.",
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
