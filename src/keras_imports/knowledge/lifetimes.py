"""Say in which releases something is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from keras_imports import atlas
from keras_imports.flavours import FLAVOURS, flavour_of, root_of
from keras_imports.versions import short


@lru_cache(maxsize=10_000)
def releases_with(path: str) -> tuple[str, ...]:
    """Return the releases of its flavour that have a path, oldest first."""
    flavour = flavour_of(path)
    if not flavour:
        return ()
    return tuple(
        release
        for release in atlas.releases(flavour)
        if atlas.lookup(atlas.flavour_environment(flavour, release), path) is not None
    )


def runs(some: Sequence[str], all_: tuple[str, ...]) -> str:
    """Return releases as ranges: `1.0.8 – 2.4.3, 2.9.0`."""
    return ", ".join(
        first if first == last else f"{first} – {last}" for first, last in _spans(some, all_)
    )


def lifetime(flavour: str, some: Sequence[str]) -> str:
    """Return when a flavour had something, as the rest of a sentence: "is in keras since 2.12".

    `some` are the releases that have it, oldest first.
    """
    every, package = atlas.releases(flavour), FLAVOURS[flavour].package
    if not some:
        return f"is in no release of {package}"
    spans = _spans(some, every)
    if spans == [(every[0], every[-1])]:
        return f"is in every release of {package}"
    if len(spans) == 1 and spans[0][1] == every[-1]:
        return f"is in {package} since {_name(spans[0][0], every)}"
    ranges = " and ".join(_range(first, last, every) for first, last in spans)
    if spans[-1][1] == every[-1]:
        lacking = [release for release in every if release not in some]
        missing = [span for span in _spans(lacking, every) if span[0] != every[0]]
        without = " and ".join(_range(first, last, every) for first, last in missing)
        return f"is in {package} {ranges}, and not in {without}"
    return f"was in {package} {ranges}, and is gone since {gone_since(flavour, some)}"


def gone_since(flavour: str, some: Sequence[str]) -> str:
    """Return since when a flavour lacks what `some` releases had, "" if the newest has it."""
    every = atlas.releases(flavour)
    return "" if some[-1] == every[-1] else _name(every[every.index(some[-1]) + 1], every)


def elsewhere(path: str) -> Iterator[str]:
    """Yield in which other flavour the rest of a path is, in a sentence."""
    root = root_of(path)
    for other in FLAVOURS if root in FLAVOURS else ():
        same = other + path[len(root) :]
        if other != root and (some := releases_with(same)):
            yield f"It is a path of another Keras: `{same}` {lifetime(other, some)}."
            return


def _range(first: str, last: str, every: tuple[str, ...]) -> str:
    first, last = _name(first, every), _name(last, every)
    return first if first == last else f"{first} to {last}"


def release_name(flavour: str, release: str) -> str:
    """Return how people name a release: 2.12, or 2.2.4 where there are several of 2.2."""
    return _name(release, atlas.releases(flavour))


def _name(release: str, every: tuple[str, ...]) -> str:
    same = [each for each in every if short(each) == short(release)]
    return release if len(same) > 1 else short(release)


def _spans(some: Sequence[str], every: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the first and last release of each run."""
    spans: list[tuple[str, str]] = []
    for release in some:
        if spans and every.index(release) == every.index(spans[-1][1]) + 1:
            spans[-1] = (spans[-1][0], release)
        else:
            spans.append((release, release))
    return spans
