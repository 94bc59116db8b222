"""Where code is moved to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.flavours import FLAVOURS, TARGETS, generation
from keras_imports.versions import version_key


@dataclass(frozen=True)
class Target:
    """A flavour at a release, and the module that its names are imported from.

    With a `backend` (one of `backends.BACKENDS`) code is to run without TensorFlow, too.
    """

    flavour: str
    release: str
    root: str
    backend: str = ""

    @cached_property
    def env(self) -> Environment:
        """The environment that installing the release alone gives."""
        return atlas.flavour_environment(self.flavour, self.release)

    @cached_property
    def generation(self) -> str:
        """How it behaves: keras1, standalone (2.0 to 2.3), keras2 or keras3."""
        return generation(self.flavour, self.release)

    @cached_property
    def has_tensorflow_2(self) -> bool:
        """Whether it runs on TensorFlow 2, if on any."""
        if self.flavour == "tensorflow.keras":
            return version_key(self.release) >= (2,)
        return self.generation in ("keras2", "keras3")

    @property
    def is_one_level(self) -> bool:
        """Whether its root is a module that hands out Keras, and no package to import below."""
        return self.root not in FLAVOURS

    def path(self, symbol: str, like: str = "") -> str | None:
        """Return the public path of a symbol below the root, as in `layers.Dense`, or `None`.

        Of several it is the one whose last name is most `like` another one.
        """
        found = _public(self.flavour, self.release, symbol, like)
        return found and found[len(self.flavour) + 1 :]

    def __str__(self) -> str:
        """Return it as it is given on the command line: `keras==3.15.1`."""
        return f"{self.flavour}=={self.release}"


@lru_cache
def targets_in(env: Environment, used: frozenset[str], backend: str = "") -> tuple[Target, ...]:
    """Return the releases that an environment has of the flavours that a module uses.

    For a module that uses none, which may still depend on one, it is the first that there is. With
    a `backend` that is no TensorFlow Keras 3 is asked in any case.
    """
    order = ("tensorflow.keras", *TARGETS)
    wanted = sorted(used | {"keras"} if backend else used) or order
    found = [target for each in wanted if (target := _target_in(env, each))]
    if backend:
        found = [replace(t, backend=backend) if _is_keras_3(t) else t for t in found]
    return tuple(found if used or backend else found[:1])


def _is_keras_3(target: Target) -> bool:
    return (target.flavour, target.generation) == ("keras", "keras3")


def _target_in(env: Environment, flavour: str) -> Target | None:
    """Return the release of a flavour in an environment; `None` if it has none."""
    release = env.release(flavour)
    if flavour not in TARGETS or release is None:
        return None
    target = Target(flavour, atlas.nearest(flavour, release), flavour)
    return as_switched(target) if env.legacy_env and env.tf_keras else target


@lru_cache(maxsize=1 << 14)
def _public(flavour: str, release: str, symbol: str, like: str) -> str | None:
    return atlas.public_path(atlas.flavour_environment(flavour, release), flavour, symbol, like)


def parse_target(text: str, portable: str | None = None, backend: str = "") -> Target:
    """Return the target that `FLAVOUR` or `FLAVOUR==RELEASE` names, on a backend.

    `portable` is the module that a generated project imports Keras from (`package.keras_flavour`);
    the flavour `portable` needs it. `ValueError`, in one line, for anything unknown, and for a
    backend of a Keras that has TensorFlow alone.
    """
    target = _parsed(text, portable)
    if backend and (target.flavour, target.generation) != ("keras", "keras3"):
        raise ValueError(
            f"{target} runs on TensorFlow alone: other backends need keras==3 or later"
        )
    return replace(target, backend=backend)


def _parsed(text: str, portable: str | None) -> Target:
    flavour, _, release = text.replace(" ", "").partition("==")
    if flavour == "portable":
        if portable is None:
            raise ValueError("portable is a flavour of generated projects alone; this is none")
        newest = atlas.releases("keras")[-1]
        return Target("keras", newest, portable)
    if flavour not in TARGETS:
        raise ValueError(f"{flavour!r} is not a flavour; they are {', '.join(TARGETS)}, portable")
    known = atlas.releases(flavour)
    return Target(flavour, atlas.nearest(flavour, release) if release else known[-1], flavour)


def as_switched(target: Target) -> Target:
    """Return what a target is for code that sets `TF_USE_LEGACY_KERAS`: tf_keras, by its path."""
    if target.flavour != "tensorflow.keras" or target.generation != "keras3":
        return target
    return Target("tf_keras", atlas.nearest("tf_keras", target.release), target.root)
