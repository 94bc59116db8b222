"""Compare versions, and match them against specifiers."""

from __future__ import annotations

import functools
import re

# Compiled when they are first used, which few commands do.
_CLAUSE = r"(===?|~=|!=|<=|>=|<|>|=)\s*(\d[\w.*]*)"
_PRERELEASE = r"[-_.]?(?:a|alpha|b|beta|c|rc|dev)(?=\d|$)"


@functools.lru_cache(maxsize=1024)
def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, by which releases are sorted."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def minor_of(version: str) -> tuple[int, int]:
    """Return the first two numbers of a version; what is not given is 0."""
    major, minor, *_ = (*version_key(version), 0, 0)
    return major, minor


def short(version: str) -> str:
    """Return the minor release that a version is of, as text: 2.13 of 2.13.1."""
    return ".".join(version.split(".")[:2])


@functools.lru_cache(maxsize=1 << 14)
def satisfies(version: str, specifier: str) -> bool:
    """Return whether a release satisfies a specifier such as `>=2.1,<3`, or conda's `=2.1`.

    A nightly or a release candidate counts as the release that it precedes, on both sides: only
    `keras-nightly` 2.5.0.dev2021032900 goes with TensorFlow 2.5. A version or a clause that is
    not one satisfies nothing, and is satisfied by nothing.
    """
    from packaging.specifiers import InvalidSpecifier, Specifier
    from packaging.version import InvalidVersion, Version

    try:
        release = Version(re.split(_PRERELEASE, version)[0])
        return all(
            Specifier(_normalized(operator, bound)).contains(release)
            for operator, bound in re.findall(_CLAUSE, specifier)
        )
    except (InvalidSpecifier, InvalidVersion):
        return False


def written_out(specifier: str) -> str:
    """Return a specifier without Poetry's own operators: `^2.4` is `>=2.4,<3`."""

    def bounds(clause: re.Match[str]) -> str:
        operator, version = clause[1], clause[2]
        major, minor = minor_of(version)
        later = f"{major}.{minor + 1}" if operator == "~" and "." in version else major + 1
        return f">={version},<{later}"

    return re.sub(r"(?<![<>=!~^])(\^|~)(?!=)[ ]*([\w.*]+)", bounds, specifier)


def _normalized(operator: str, bound: str) -> str:
    """Return a clause in the form that `packaging` reads."""
    bound = re.split(_PRERELEASE, bound)[0]
    if operator == "=":  # conda's, which compares a prefix
        return f"=={bound.removesuffix('.*')}.*"
    if operator == "===":
        operator = "=="
    if operator not in ("==", "!="):
        bound = bound.removesuffix(".*")
    if operator == "~=" and "." not in bound:
        operator = ">="
    return operator + bound
