"""Which Keras a file is checked against: what is named, declared, or installed beside this tool."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, TARGETS, canonical, flavour_of
from keras_imports.knowledge.declarations import Declaration, Declarations
from keras_imports.versions import satisfies


@dataclass(frozen=True)
class Installed:
    """What to check against, and where that was read."""

    env: Environment
    origin: str

    def __str__(self) -> str:
        """Return it for people: `keras 2.3.1, tensorflow 2.1.4 (named)`."""
        return f"{describe(self.env)} ({self.origin})"


def describe(env: Environment) -> str:
    """Return the releases of an environment."""
    parts = [
        f"{flavour.package} {env.release(root)}"
        for root, flavour in FLAVOURS.items()
        if env.release(root)
    ]
    return ", ".join(parts) + (", TF_USE_LEGACY_KERAS=1" if env.legacy_env else "")


class InstalledFor:
    """Which environment each file is checked against.

    What the caller names counts, and `origin` says who did. Else it is what the nearest file
    declares that requires a Keras: the release at hand where it satisfies that, the newest one that
    does where not. Without a declaration it is what is installed beside this tool, and without that
    the newest releases.
    """

    def __init__(self, named: Iterable[str] = (), origin: str = "as named") -> None:
        self._legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
        self._named: Installed | None = None
        if named := tuple(named):
            self._named = Installed(atlas.environment(named, self._legacy), origin)
        self._declarations = Declarations()
        self._known: dict[Declaration | None, Installed] = {}

    def __call__(self, path: str) -> Installed:
        """Return what a file or directory is checked against.

        Raise `ValueError` if it declares what no release of the atlas satisfies.
        """
        if self._named is not None:
            return self._named
        declaration = self._declarations.of(path)
        if declaration not in self._known:
            self._known[declaration] = self._installed(declaration)
        return self._known[declaration]

    def _installed(self, declaration: Declaration | None) -> Installed:
        at_hand = dict(_at_hand())
        if declaration is not None:
            rows = declaration.requirements
            chosen = {
                r.package: _choose(r.package, at_hand.get(r.package), r.specifier) for r in rows
            }
            origin = f"declared in {os.path.relpath(declaration.file)}"
            for row in declaration.contradicting:
                origin += f", although {os.path.relpath(row.file)} says `{row}`"
        elif at_hand:
            chosen, origin = at_hand, "installed here"
        else:
            return Installed(
                newest(),
                "the newest releases, as none is declared or installed; `--installed` names others",
            )
        named = [f"{canonical(package)}=={version}" for package, version in chosen.items()]
        return Installed(atlas.environment(named, self._legacy), origin)


def newest() -> Environment:
    """Return the newest releases, side by side."""
    return atlas.environment(
        f"{FLAVOURS[flavour].distribution}=={atlas.releases(flavour)[-1]}" for flavour in TARGETS
    )


def _at_hand() -> Iterator[tuple[str, str]]:
    from importlib import metadata  # it takes longer than all else that is imported

    for distribution, module in DISTRIBUTIONS.items():
        try:
            yield module, metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue


def _choose(module: str, at_hand: str | None, specifier: str) -> str:
    if at_hand is not None and satisfies(at_hand, specifier):
        return at_hand
    fitting = [r for r in atlas.releases(flavour_of(module)) if satisfies(r, specifier)]
    if fitting:
        return fitting[-1]
    exact = re.search(r"(?:==|~=|=)\s*(\d[\d.]*\d)", specifier)
    if exact is None:
        raise ValueError(f"no release of {module} in the atlas satisfies {specifier}")
    return exact[1]
