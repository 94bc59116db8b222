"""The release that code was written for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.flavours import generation


@dataclass(frozen=True)
class Origin:
    """The release of a flavour that a module was written for; `exact` if someone said so."""

    flavour: str
    release: str
    exact: bool = False

    @cached_property
    def generation(self) -> str:
        """How the release behaves: keras1, standalone, keras2 or keras3."""
        return generation(self.flavour, self.release)


def parse_origin(text: str) -> Origin:
    """Return the origin that `FLAVOUR` or `FLAVOUR==RELEASE` names; `ValueError` if unknown.

    Without a release it is the newest, and not exact.
    """
    flavour, _, release = text.replace(" ", "").partition("==")
    known = atlas.releases(flavour)
    if release:
        return Origin(flavour, atlas.nearest(flavour, release), exact=True)
    return Origin(flavour, known[-1])


@lru_cache(maxsize=1 << 16)
def entry_of(flavour: str, release: str, path: str) -> Entry | None:
    """Return what a path is in a release of a flavour."""
    return atlas.lookup(atlas.flavour_environment(flavour, release), path)
