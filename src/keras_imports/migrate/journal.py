"""Keep what a run of `migrate` needs to be taken back, in a folder of the project.

The folder is `.keras_imports_journal`, in the repository that the files lie in; without one in the
current folder, or else where the files lie. One that is there already, nearer to them, is used.
Both contents of each file wait in a folder in it until all is planned. `journal.json` then says
which files those are, and a mark is there as long as not all of them are written. So a run that was
interrupted at any time can be told from one that was not, and what it wrote by its digest.

The folder comes with what a project comes with, so it may have been made to do harm: it is trusted
only in the place where it was made, links are not followed, and nothing outside is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from keras_imports.migrate.files.change import (
    NEW,
    OLD,
    CannotKeepError,
    Change,
    NotAsItWasError,
    put,
    state,
    waiting_name,
)
from keras_imports.migrate.lock import LockedError, locked

_FOLDER = ".keras_imports_journal"
_ENTRY = "journal.json"
_UNFINISHED = "unfinished"
_RUN = "run-"


@dataclass(frozen=True)
class Entry:
    """What a run writes: its own folder below that of the journal, and its files with digests.

    `inode` is the number of its folder, which another place would not have.
    """

    run: str
    inode: int
    files: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TakenBack:
    """The files that are as they were before a run, and those that were left as they are."""

    restored: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Journal:
    """The journal of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / _FOLDER

    @classmethod
    def of(cls, paths: Sequence[str]) -> Journal:
        """Return the journal for what lies at some paths, whether it is there or not."""
        places = [Path(os.path.realpath(path)) for path in paths]
        folders = (next(p for p in (place, *place.parents) if p.is_dir()) for place in places)
        common = Path(os.path.commonpath([*folders]))
        here = Path(os.path.realpath(os.curdir))
        around = (common, *common.parents)
        repository = next((each for each in around if (each / ".git").exists()), None)
        root = repository or (here if here in around else common)
        within = [each for each in around if each.is_relative_to(root)]
        return cls(next((each for each in within if (each / _FOLDER).exists()), root))

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep it for one run alone; raise `ValueError` where that cannot be."""
        self._refuse_link()
        with ExitStack() as held:
            with self._kept():
                self.folder.mkdir(exist_ok=True)
                held.enter_context(locked(self.folder / "lock"))
                held.callback(self._close)
                _write(self.folder / ".gitignore", b"*\n")
                self._remove_left_overs()
            yield

    def make_waiting(self) -> str:
        """Make a folder for what waits until all is planned."""
        with self._kept():
            return tempfile.mkdtemp(prefix=_RUN, dir=self.folder)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Say of the journal, and of nothing else, why it cannot be kept."""
        try:
            yield
        except LockedError:
            at_work = "another run of migrate is at work here; nothing is changed"
            raise ValueError(f"{self.root}: {at_work}") from None
        except OSError as error:
            raise CannotKeepError(self.folder, error) from None

    def _close(self) -> None:
        self._remove_left_overs()
        if not self.has_run:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_unfinished(self) -> bool:
        """Whether there is a run that was interrupted while it wrote, or is writing."""
        entry = self._entry()
        return entry is not None and (self.folder / entry.run / _UNFINISHED).exists()

    @property
    def has_run(self) -> bool:
        """Whether there is a run that can be taken back."""
        return self._entry() is not None

    @contextmanager
    def writing(self, waiting: str, changes: Sequence[Change]) -> Iterator[None]:
        """Note that what waits in a folder is written within, so that it can be taken back."""
        run = Path(waiting)
        with self._kept():
            _synced([change.waiting + ending for change in changes for ending in (OLD, NEW)])
            (run / _UNFINISHED).touch()
            places = ((os.path.relpath(each.place, self.root), each) for each in changes)
            files = tuple((place, each.before, each.after) for place, each in places)
            before, entry = self._entry(), Entry(run.name, run.stat().st_ino, files)
            self._note(entry)
        yield
        if before and not any(map(self._is_moved, entry.files)):
            self._note(before)  # what can be taken back is still what was written last
        (run / _UNFINISHED).unlink()

    def moved(self) -> tuple[int, int]:
        """Return how many files the last run has moved, and how many there are."""
        entry = self._entry()
        files = entry.files if entry else ()
        return sum(map(self._is_moved, files)), len(files)

    def take_back(self) -> TakenBack:
        """Bring back the files of the last run that nobody touched since, and forget the run."""
        entry = self._entry()
        if entry is None:
            return TakenBack()
        restored, left = [], []
        for name, before, after in entry.files:
            place = self._place(name)
            shown = os.path.relpath(place)
            waiting = self.folder / entry.run / waiting_name(place)
            try:
                _, content = state(place, place)
                if content == before:
                    continue
                if content != after or state(f"{waiting}{OLD}", f"{waiting}{OLD}")[1] != before:
                    raise NotAsItWasError
                put(f"{waiting}{OLD}", place)
            except (NotAsItWasError, OSError):
                left.append(shown)
            else:
                restored.append(shown)
        (self.folder / _ENTRY).unlink()
        return TakenBack(tuple(restored), tuple(left))

    def _entry(self) -> Entry | None:
        """Return what the last run wrote, `None` without one that was made here."""
        self._refuse_link()
        path = self.folder / _ENTRY
        try:
            if path.is_symlink():
                return None
            read = json.loads(path.read_bytes())
            files = tuple((str(name), str(old), str(new)) for name, old, new in read["files"])
            entry = Entry(os.path.basename(read["run"]), read["inode"], files)
            if os.lstat(self.folder / entry.run).st_ino != entry.inode:
                return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return entry if all(map(self._is_own, files)) else None

    def _is_own(self, file: tuple[str, str, str]) -> bool:
        """Return whether a file lies in the project, and is not git's."""
        parts = Path(file[0]).parts
        return not {"..", ".git", os.sep}.intersection(parts) and not os.path.isabs(file[0])

    def _is_moved(self, file: tuple[str, str, str]) -> bool:
        name, _, after = file
        try:
            return state(self._place(name), self._place(name))[1] == after
        except NotAsItWasError:
            return False

    def _place(self, name: str) -> str:
        return os.path.join(self.root, name)

    def _note(self, entry: Entry) -> None:
        row = {"run": entry.run, "inode": entry.inode, "files": entry.files}
        _write(self.folder / _ENTRY, json.dumps(row).encode())

    def _refuse_link(self) -> None:
        if self.folder.is_symlink():
            raise ValueError(
                f"{self.folder}: a link, which is not followed; remove it; nothing is changed"
            )

    def _remove_left_overs(self) -> None:
        """Remove what is of no run that can be taken back."""
        entry = self._entry()
        for path in self.folder.glob(f"{_RUN}*"):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            elif entry is None or path.name != entry.run:
                shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file of the journal at once, whatever is there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_RUN)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def _synced(paths: Iterable[str]) -> None:
    """See to it that files are on the disk, whatever happens to the machine."""
    from concurrent.futures import ThreadPoolExecutor

    def sync(path: str) -> None:
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    with ThreadPoolExecutor(8) as threads:  # a disk does many of them at once
        list(threads.map(sync, paths))
