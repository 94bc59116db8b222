"""Values of releases as *spans*: see `keras_imports.atlas.storage`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from keras_imports.atlas.storage import split_span


def intervals(indices: Iterable[int]) -> list[int]:
    """Return the first and the last of each run of consecutive numbers, one after the other."""
    runs: list[int] = []
    for index in sorted(indices):
        if runs and runs[-1] == index - 1:
            runs[-1] = index
        else:
            runs += [index, index]
    return runs


def indices_of(bounds: list[int]) -> list[int]:
    """Return all numbers in runs whose first and last are given: the inverse of `intervals`."""
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [index for first, last in pairs for index in range(first, last + 1)]


def span_of(value: Hashable, indices: list[int], whole: list[int]) -> list[Any]:
    """Return a value and the runs of its releases; without them if they are the whole's own."""
    return [value] if indices == whole else [value, *intervals(indices)]


def values_of(spans: list[Any], having: list[int]) -> Iterator[tuple[Any, list[int]]]:
    """Yield each value of spans, and the indices of the releases that have it.

    `having` are those that have the whole: a value without runs is of all of them.
    """
    for span in spans:
        value, bounds = split_span(span)
        yield value, indices_of(bounds) if bounds else having
