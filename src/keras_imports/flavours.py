"""What a flavour of Keras is: its roots, its packages, and how its releases behave.

A *flavour* is a Keras that code can be written for, named by the module that its names are
imported from. The *package* is the top-level module that brings it, a *distribution* is what
people install to get the package, and a *generation* is how a release behaves, whichever flavour
it is of. Everything that differs between flavours is a row of `FLAVOURS`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from keras_imports.versions import version_key

# `keras1`: 0.x and 1.x. `standalone`: 2.0 to 2.3, on any backend. `keras2`: TensorFlow's own.
# `keras3`: on TensorFlow, JAX or PyTorch.
GENERATIONS = ("keras1", "standalone", "keras2", "keras3")


@dataclass(frozen=True)
class Flavour:
    """One row of the table."""

    root: str  # where its public names are imported from; also its name
    packages: tuple[str, ...]  # the top-level module that brings it, and that module's aliases
    distributions: tuple[str, ...]  # what installs the package, the usual one first
    generations: tuple[tuple[str, str], ...]  # first release and generation, oldest first
    nightly: str | None = None  # the distribution of its nightly builds
    builds: tuple[str, ...] = ()  # distributions of others, for some machines, or out of use
    other_roots: tuple[str, ...] = ()  # where TensorFlow also hands it out, or TensorFlow 1's
    is_target: bool = True  # whether `migrate` moves code to it

    @property
    def package(self) -> str:
        """The top-level module that brings it."""
        return self.packages[0]

    @property
    def distribution(self) -> str:
        """The distribution that people usually install for it."""
        return self.distributions[0]


FLAVOURS = {
    flavour.root: flavour
    for flavour in (
        Flavour(
            root="keras",
            packages=("keras",),
            distributions=("keras",),
            nightly="keras-nightly",
            generations=(("0", "keras1"), ("2", "standalone"), ("2.4", "keras2"), ("3", "keras3")),
        ),
        Flavour(
            root="tensorflow.keras",
            packages=("tensorflow", "tensorflow_core"),  # the latter from 1.15 to 2.1
            distributions=("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos"),
            nightly="tf-nightly",
            builds=(
                "intel-tensorflow",
                "intel-tensorflow-avx512",
                "nvidia-tensorflow",
                "tensorflow-aarch64",
                "tensorflow-cpu-aws",
                "tensorflow-directml",
                "tensorflow-intel",
                "tensorflow-rocm",
                "tf-nightly-2-0-preview",
                "tf-nightly-cpu",
                "tf-nightly-gpu",
                "tf-nightly-gpu-2-0-preview",
                "tf-nightly-intel",
            ),
            generations=(("0", "keras2"), ("2.16", "keras3")),
            other_roots=("tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras"),
        ),
        Flavour(
            root="tf_keras",
            packages=("tf_keras",),
            distributions=("tf-keras",),
            builds=("tf-keras-nightly",),
            generations=(("0", "keras2"),),
        ),
        Flavour(
            root="keras_core",
            packages=("keras_core",),
            distributions=("keras-core",),
            builds=("keras-core-nightly",),
            generations=(("0", "keras3"),),
            is_target=False,  # it became Keras 3
        ),
    )
}
TARGETS = tuple(root for root, flavour in FLAVOURS.items() if flavour.is_target)

# The flavour of each top-level module that brings one.
PACKAGES = {package: root for root, flavour in FLAVOURS.items() for package in flavour.packages}
# The package that each distribution installs: of releases, and of nightly builds.
DISTRIBUTIONS = {
    name: flavour.package for flavour in FLAVOURS.values() for name in flavour.distributions
}
NIGHTLIES = {
    flavour.nightly: flavour.package for flavour in FLAVOURS.values() if flavour.nightly is not None
}
BUILDS = NIGHTLIES | {
    name: flavour.package for flavour in FLAVOURS.values() for name in flavour.builds
}
PROVIDERS = DISTRIBUTIONS | BUILDS

# What Keras 3 runs on: the backend, and the package that brings it.
BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch", "numpy": "numpy"}


def flavour_of(path: str) -> str:
    """Return the flavour whose releases decide about a dotted path; `""` if none does.

    That is `tensorflow.keras` for everything inside TensorFlow.
    """
    return PACKAGES.get(path.partition(".")[0].partition("(")[0], "")


@functools.lru_cache(maxsize=1 << 16)
def root_of(path: str) -> str:
    """Return the Keras that a path starts with, such as `tensorflow.compat.v1.keras`; `""` if none.

    Unlike `flavour_of`, it tells the copies inside TensorFlow apart.
    """
    match = _root_pattern().match(path)
    return match[0] if match else ""


@functools.cache
def _root_pattern() -> re.Pattern[str]:
    """Return the pattern of a root, which few commands need."""
    roots = (
        rf"(?:{'|'.join(flavour.packages)})(?:\.\w+)*?\.keras" if "." in root else root
        for root, flavour in FLAVOURS.items()
    )
    return re.compile(rf"(?:{'|'.join(roots)})(?!\w)")


def generation(flavour: str, release: str) -> str:
    """Return how a release of a flavour behaves, as one of `GENERATIONS`."""
    key = version_key(release)
    generations = FLAVOURS[flavour].generations
    return [name for first, name in generations if key >= version_key(first)][-1]


def canonical(distribution: str) -> str:
    """Return a distribution's name in its one spelling: `tf-keras` for `TF_Keras`."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
