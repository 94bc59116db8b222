"""Work on many files, on all cores; whatever happens to one of them, the others are done."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from keras_imports.defects import reported
from keras_imports.interrupts import ENDING
from keras_imports.limits import SECONDS, TookTooLong, limited

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_BATCH = 32  # items that a worker takes at a time
_AHEAD = 4  # batches for each worker, as long as an earlier one is not done
_DEEPEST = 6000  # nested expressions; the default of 1000 is less than generated code has
_ENDED = "its process was ended from outside, perhaps since there was not enough memory"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Work(Generic[Item, Result]):
    """What is done with each item, and what takes the place of a result that cannot be had.

    `lost` is given the reason. Both are handed to other processes. `seconds` is how much processor
    time one item may take.
    """

    do: Callable[[Item], Result]
    lost: Callable[[Item, str], Result]
    seconds: float = SECONDS

    def done(self, item: Item) -> Result:
        """Return the result for an item, whatever happens."""
        try:
            with limited(self.seconds):
                return self.do(item)
        except TookTooLong:
            took = f"took longer than {self.seconds:g} s; `--time-limit` gives it more"
            return self.lost(item, took)
        except MemoryError:
            return self.lost(item, "there is not enough memory for it")
        except Exception as error:  # one file must not keep the others from being looked at
            return self.lost(item, reported(error))

    def all_done(self, batch: list[Item]) -> list[Result]:
        """Return the results for a batch, with room for deep recursion."""
        limit, collects = sys.getrecursionlimit(), gc.isenabled()
        sys.setrecursionlimit(_DEEPEST)
        gc.disable()  # syntax trees are large and have no cycles: to search them takes a fifth more
        try:
            return [self.done(item) for item in batch]
        finally:
            sys.setrecursionlimit(limit)
            if collects:
                gc.enable()


def spread(work: Work[Item, Result], items: Iterable[Item], alone: int) -> Iterator[Result]:
    """Yield the results for all items, in their order, as they come in.

    More than `alone` items are spread over all cores; only a few batches are under way at a time,
    so that memory does not grow with their number. The other processes end with this one, and when
    the iterator is closed.
    """
    rest = iter(items)
    first = list(islice(rest, alone))
    processes = cores()
    if len(first) < alone or processes == 1:
        for batch in _batches(chain(first, rest)):
            yield from work.all_done(batch)
        return
    # What the atlas says to the first files is then known to all processes that are forked.
    yield from work.all_done(first)
    workers: list[_Worker[Item, Result]] = []
    try:
        yield from _in_order(work, enumerate(_batches(rest)), workers, processes)
    finally:
        for worker in workers:
            worker.end()


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Yield the items, some at a time."""
    while batch := list(islice(items, _BATCH)):
        yield batch


def _in_order(
    work: Work[Item, Result],
    batches: Iterator[tuple[int, list[Item]]],
    workers: list[_Worker[Item, Result]],
    processes: int,
) -> Iterator[Result]:
    """Yield the results of numbered batches in their order; start `workers` as they are needed."""
    from multiprocessing.connection import wait

    done: dict[int, list[Result]] = {}
    busy: dict[Connection, tuple[int, _Worker[Item, Result]]] = {}
    idle: list[_Worker[Item, Result]] = []
    following = 0  # the batch whose results are yielded next
    while True:
        while len(busy) < processes and len(busy) + len(done) < _AHEAD * processes:
            number, batch = next(batches, (0, []))
            if not batch:
                break
            if not idle:
                idle.append(_Worker(work))
                workers.append(idle[-1])
            worker = idle.pop()
            worker.give(batch)
            busy[worker.connection] = number, worker
        if not busy:
            return
        ready = wait(busy)
        for connection in [each for each in busy if each in ready]:
            number, worker = busy.pop(connection)
            results = worker.take()
            if results is None:
                done[number] = list(_one_by_one(work, worker.batch))
            else:
                done[number] = results
                idle.append(worker)
        while following in done:
            yield from done.pop(following)
            following += 1


def _one_by_one(work: Work[Item, Result], batch: list[Item]) -> Iterator[Result]:
    """Yield the results for a batch whose process ended: nobody knows at which item it did."""
    for item in batch:
        worker = _Worker(work)
        try:
            worker.give([item])
            yield from worker.take() or [work.lost(item, _ENDED)]
        finally:
            worker.end()


class _Worker(Generic[Item, Result]):
    """A process of its own that works on one batch at a time."""

    def __init__(self, work: Work[Item, Result]) -> None:
        import multiprocessing

        self.batch: list[Item] = []
        self.connection, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(there, work), daemon=True)
        with _undisturbed():
            self._process.start()
        there.close()

    def give(self, batch: list[Item]) -> None:
        """Hand it a batch."""
        self.batch = batch
        with suppress(OSError):  # it has ended: that is seen when its results are taken
            self.connection.send(batch)

    def take(self) -> list[Result] | None:
        """Return its results when they are there, `None` if the process has ended."""
        try:
            results: list[Result] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return results

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep signals back that ask to end, until a new process has decided what it does with them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, work: Work[Any, Any]) -> None:
    """Work on batches as they come, as long as the process that gives them lives."""
    for number in ENDING:  # a terminal sends them to all its processes, and the first one decides
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is there any more
        while True:
            connection.send(work.all_done(connection.recv()))


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
