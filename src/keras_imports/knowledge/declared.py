"""Which Keras a project is meant for: what it declares, and what is installed beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, TARGETS, canonical, flavour_of
from keras_imports.versions import satisfies

FILES = ("pyproject.toml", "setup.cfg", "setup.py", "environment.yml", "requirements*.txt")
_REQUIREMENT = re.compile(
    rf"""(?:^|["'\s])
    (?P<name>{"|".join(name.replace("-", "[-_]") for name in DISTRIBUTIONS)})
    (?:\[[^\]]*\])?
    [ ]*(?P<specifier>(?:(?:===?|~=|!=|<=|>=|<|>|=)[ ]*[\w.*]+[ ]*,?[ ]*)+|(?=["'\s;#]|$))""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_DEPENDENCIES = re.compile(
    r"""^[ \t]*[\w-]*dependencies[ ]*=[ ]*(?P<list>\[(?:[^\]"'#]|"[^"\n]*"|'[^'\n]*'|\#.*)*\])""",
    re.MULTILINE | re.VERBOSE,
)
_PINNED = re.compile(r"\s*={1,3}\s*(\d[\w.]*)\s*")


@dataclass(frozen=True)
class Installed:
    """What to check against, and where that was read."""

    env: Environment
    origin: str

    def __str__(self) -> str:
        """As in `keras 2.3.1, tensorflow 2.1.4 (named)`."""
        return f"{describe(self.env)} ({self.origin})"


def describe(env: Environment) -> str:
    """Return the releases of an environment."""
    parts = [
        f"{flavour.package} {env.release(root)}"
        for root, flavour in FLAVOURS.items()
        if env.release(root)
    ]
    return ", ".join(parts) + (", TF_USE_LEGACY_KERAS=1" if env.legacy_env else "")


def resolve_installed(installed: Iterable[str], paths: Iterable[str]) -> Installed:
    """Return the environment to check against.

    What the caller names counts. Else it is what the project declares: the release at hand where
    it satisfies the declaration, the newest one that does where not. Without a declaration it is
    what is installed beside this tool, and without that the newest releases.
    """
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if installed:
        return Installed(atlas.environment(installed, legacy), "as named")
    at_hand = dict(_at_hand())
    declared, file = _declared(paths)
    if declared:
        chosen = {name: _choose(name, at_hand.get(name), row) for name, row in declared.items()}
        origin = f"declared in {file}"
    elif at_hand:
        chosen, origin = at_hand, "installed here"
    else:
        return Installed(newest(), "the newest releases, as nothing is declared or installed")
    named = [f"{canonical(package)}=={version}" for package, version in chosen.items()]
    return Installed(atlas.environment(named, legacy), origin)


def written_for(paths: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the flavours that a project declares, and the releases of each that satisfy it."""
    declared, _ = _declared(paths)
    return [
        (flavour_of(package), _fitting(flavour_of(package), specifier))
        for package, specifier in declared.items()
    ]


def _fitting(flavour: str, specifier: str) -> list[str]:
    """Return the atlas's releases that satisfy a specifier; for a pinned one the nearest."""
    found = [release for release in atlas.releases(flavour) if satisfies(release, specifier)]
    pinned = _PINNED.fullmatch(specifier)
    if pinned and not found:
        with suppress(ValueError):
            return [atlas.nearest(flavour, pinned[1])]
    return found


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


def _declared(paths: Iterable[str]) -> tuple[dict[str, str], str]:
    """Return requirements by package, and the file, of the nearest directory that declares any."""
    for path in paths:
        start = Path(path).absolute()
        for directory in (start, *start.parents) if start.is_dir() else start.parents:
            found: dict[str, str] = {}
            files = [file for pattern in FILES for file in sorted(directory.glob(pattern))]
            for file in files:
                try:
                    text = file.read_text("utf-8", errors="replace")
                except OSError:
                    continue
                if file.suffix == ".toml":
                    text = _declaring(text)
                for module, specifier in requirements(text):
                    found.setdefault(module, specifier)
                if found:
                    return found, file.name
            if (directory / ".git").exists():
                break
    return {}, ""


def _declaring(toml: str) -> str:
    """Return the tables and lists of a TOML file that are called dependencies.

    A linter's settings name packages, too. (Python 3.10 has no parser of TOML.)
    """
    first, *tables = re.split(r"^\[+([^\]\n]+)\]+", toml, flags=re.MULTILINE)
    parts = []
    for header, body in zip(["", *tables[::2]], [first, *tables[1::2]], strict=True):
        if "dependenc" in header:
            parts.append(body)
        else:
            parts += [match["list"] for match in _DEPENDENCIES.finditer(body)]
    return "\n".join(parts)


def requirements(text: str) -> Iterator[tuple[str, str]]:
    """Yield the modules and version specifiers that a dependency file asks for."""
    text = re.sub(r"(?:^|\s)#.*$", "", text, flags=re.MULTILINE)
    for match in _REQUIREMENT.finditer(text):
        yield DISTRIBUTIONS[canonical(match["name"])], match["specifier"].strip()


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
