"""Environments: which releases are installed together."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from keras_imports.atlas.storage import read_meta, stored_releases
from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, NIGHTLIES, canonical, flavour_of
from keras_imports.versions import version_key


@dataclass(frozen=True)
class Environment:
    """The releases that are installed together; `None` where a package is not.

    There is a field for each package of `flavours.FLAVOURS`. `legacy_env` is
    `TF_USE_LEGACY_KERAS=1`: `tensorflow.keras` is then `tf_keras`.
    """

    keras: str | None = None
    tensorflow: str | None = None
    tf_keras: str | None = None
    keras_core: str | None = None
    legacy_env: bool = False

    def release(self, flavour: str) -> str | None:
        """Return the installed release of a flavour's package, `None` if it is not installed."""
        release: str | None = getattr(self, FLAVOURS[flavour].package)
        return release


def environment(installed: Iterable[str], legacy: bool = False) -> Environment:
    """Return the environment of requirements such as `keras==2.3.1`, `tensorflow==2.1.4`.

    A version stands for the atlas's nearest release of the same minor release. The Keras that
    TensorFlow itself requires is added as pip would. Raises `ValueError`, in one line, for a
    distribution or a release that the atlas does not have.
    """
    packages = {**DISTRIBUTIONS, **NIGHTLIES}
    chosen: dict[str, str] = {}
    for requirement in installed:
        name, equals, version = requirement.replace(" ", "").partition("==")
        package = packages.get(canonical(name))
        if not package or not equals:
            known = ", ".join(packages)
            raise ValueError(f"{requirement!r} is not NAME==VERSION with a NAME of {known}")
        chosen[package] = nearest(flavour_of(package), version)
    brought = read_meta()["brings"].get(chosen.get("tensorflow"))
    if brought is not None:
        chosen.setdefault("keras", brought)
    if chosen.get("keras", "").startswith("2.4."):  # this Keras is an empty shell over TensorFlow
        chosen.setdefault("tensorflow", nearest("tensorflow.keras", "2.4"))
    return Environment(**chosen, legacy_env=legacy)


def nearest(flavour: str, version: str) -> str:
    """Return the atlas's release that stands for a version of a flavour.

    It is the next one of the same minor release. Raises `ValueError` if there is none.
    """
    wanted = version_key(version)
    known = releases(flavour)
    same = [release for release in known if version_key(release)[:2] == wanted[:2]]
    if len(wanted) < 2 or not same:
        package = FLAVOURS[flavour].package
        raise ValueError(
            f"{package} {version} is not in the atlas, which has {known[0]} to {known[-1]}"
        )
    later = [release for release in same if version_key(release) >= wanted]
    return later[0] if later and len(wanted) > 2 else same[-1]


def releases(flavour: str) -> tuple[str, ...]:
    """Return all releases of a flavour, oldest first; those of `tensorflow.keras` are TensorFlow's.

    Raises `ValueError` for what is not a flavour.
    """
    if flavour not in FLAVOURS:
        raise ValueError(f"{flavour!r} is not a flavour; they are {', '.join(FLAVOURS)}")
    return tuple(stored_releases(FLAVOURS[flavour].package))


@functools.lru_cache(maxsize=256)
def flavour_environment(flavour: str, release: str) -> Environment:
    """Return the environment that installing a release of a flavour alone gives."""
    return environment([f"{FLAVOURS[flavour].distribution}=={release}"])
