"""Work on many files, on all cores."""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.pool import AsyncResult

_BATCH = 32  # items that a worker takes at a time
_DEEPEST = 6000  # nested expressions; the default of 1000 is less than generated code has

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(work: Callable[[Item], Result], items: Iterable[Item], alone: int) -> Iterator[Result]:
    """Yield the results of `work` for all items, in their order, as they come in.

    More than `alone` items are spread over all cores; only a few batches are under way at a time,
    so that memory does not grow with their number.
    """
    rest = iter(items)
    first = list(islice(rest, alone))
    processes = cores()
    if len(first) < alone or processes == 1:
        for batch in _batches(chain(first, rest)):
            yield from _do(batch, work)
        return
    import multiprocessing

    # What the atlas says to the first files is then known to all processes that are forked.
    yield from _do(first, work)
    with multiprocessing.Pool(processes) as pool:
        under_way: deque[AsyncResult[list[Result]]] = deque()
        for batch in _batches(rest):
            under_way.append(pool.apply_async(partial(_do, work=work), (batch,)))
            if len(under_way) > 2 * processes:
                yield from under_way.popleft().get()
        while under_way:
            yield from under_way.popleft().get()


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Yield the items, some at a time."""
    while batch := list(islice(items, _BATCH)):
        yield batch


def _do(batch: list[Item], work: Callable[[Item], Result]) -> list[Result]:
    """Return the results for a batch, with room for deep recursion."""
    limit, collects = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(_DEEPEST)
    gc.disable()  # syntax trees are large and have no cycles: to search them takes a fifth longer
    try:
        return [work(item) for item in batch]
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
