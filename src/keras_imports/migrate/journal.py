"""Keep what a run of `migrate` needs to be taken back, in a folder of the project.

The folder is `.keras_imports_journal`, in the repository that the files lie in; without one in the
current folder, or else where the files lie. One that is there already, nearer to them, is used.
Both contents of each file wait in a folder of the run until all is planned. `files.jsonl` then says
there which files those are, a mark is there as long as not all of them are written, and `last.json`
leads to the folder. So a run that was interrupted at any time can be told from one that was not,
and what it wrote by its digest. Where one of them is damaged, the other and the contents that are
kept tell as much as they can.

The folder comes with what a project comes with, so it may have been made to do harm: it is trusted
only in the place where it was made, links are not followed, and nothing outside is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from keras_imports.migrate.files.atomic import TEMPORARY
from keras_imports.migrate.files.change import (
    NEW,
    OLD,
    CannotKeepError,
    Change,
    NotAsItWasError,
    digest,
    put,
    state,
    waiting_name,
)
from keras_imports.migrate.lock import LockedError, locked
from keras_imports.python.files import reason

_FOLDER = ".keras_imports_journal"
_LAST = "last.json"
_FILES = "files.jsonl"  # of how many files and which folder, and then a line for each file
_UNFINISHED = "unfinished"
_RUN = "run-"
_AT_ONCE = 8  # files that a disk is asked to keep


@dataclass(frozen=True)
class TakenBack:
    """The files that are as they were before a run, and those that were left as they are."""

    restored: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()  # with the reason


@dataclass(frozen=True)
class _Noted:
    """What is noted of a run: its folder, how many files it wrote, and those that can be read.

    Of each there is the place, from the root, and digests of what it was and became.
    """

    inode: int | None = None
    count: int | None = None
    rows: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.count == len(self.rows)


class Journal:
    """The journal of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / _FOLDER
        self.is_begun = False  # to write what this process has planned

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
            with self._explained():
                self.folder.mkdir(exist_ok=True)
                held.enter_context(locked(self.folder / "lock"))
                held.callback(self._close)
                _write(self.folder / ".gitignore", b"*\n")
                self._remove_left_overs()
            yield

    def refuse_damaged(self) -> None:
        """Raise `ValueError` where the next run would lose what a damaged one keeps."""
        run = self._last()
        if run is not None and not _noted(run).is_whole:
            raise ValueError(
                f"{run / _FILES}: damaged, and a new run would remove what it keeps; `migrate "
                f"--undo` brings back what it can; then remove {self.folder}; nothing is changed"
            )

    def make_waiting(self) -> str:
        """Make a folder for what waits until all is planned."""
        with self._explained():
            return tempfile.mkdtemp(prefix=_RUN, dir=self.folder)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of the journal's own files into one line for people."""
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
    def has_run(self) -> bool:
        """Whether there is a run that can be taken back."""
        return self._last() is not None

    @property
    def is_unfinished(self) -> bool:
        """Whether there is a run that was interrupted while it wrote, or is writing."""
        run = self._last()
        return run is not None and (run / _UNFINISHED).exists()

    @contextmanager
    def writing(self, waiting: str, changes: Sequence[Change]) -> Iterator[None]:
        """Note that what waits in a folder is written within, so that it can be taken back."""
        run, before = Path(waiting), self._last()
        with self._explained():
            _synced([change.waiting + ending for change in changes for ending in (OLD, NEW)])
            rows = [
                (os.path.relpath(each.place, self.root), each.before, each.after)
                for each in changes
            ]
            about = {"inode": os.lstat(run).st_ino, "count": len(rows)}
            lines = [json.dumps(each) + "\n" for each in (about, *rows)]
            _write(run / _FILES, "".join(lines).encode())
            (run / _UNFINISHED).touch()
            self._note(run)
            self.is_begun = True
        yield
        (run / _UNFINISHED).unlink()
        if not any(_content(place) == after for place, _, after in self._files()):
            self.is_begun = False
            if before:
                self._note(before)  # what can be taken back is still what was written last
            else:
                self._forget(run)

    def moved(self) -> tuple[int, int]:
        """Return how many files the last run has moved, and how many there are."""
        files = self._files()
        return sum(_content(place) == after for place, _, after in files), len(files)

    def take_back(self) -> TakenBack:
        """Bring back the files of the last run that nobody touched since.

        The run is forgotten, unless some were left: what they were is then kept until the next one.
        """
        run = self._last()
        if run is None:
            return TakenBack()
        files = self._files()
        if self.is_unfinished:
            _remove_temporary({os.path.dirname(place) for place, *_ in files})
        restored, left = [], []
        for place, before, after in files:
            content = _content(place)
            if content == before:
                continue
            waiting = os.path.join(run, waiting_name(place)) + OLD
            shown = os.path.relpath(place)
            if content != after:
                left.append((shown, "changed since that run"))
            elif _content(waiting) != before:
                left.append((shown, "what it was is not in the journal any more"))
            else:
                try:
                    put(waiting, place)
                except OSError as error:
                    left.append((shown, f"cannot be written: {reason(error)}"))
                else:
                    restored.append(shown)
        if not _noted(run).is_whole:
            why = "damaged: it does not name all files of that run any more"
            left += [(os.path.relpath(run / _FILES), why), *self._unnamed(run)]
        if left:
            (run / _UNFINISHED).unlink(missing_ok=True)
        else:
            self._forget(run)
        return TakenBack(tuple(restored), tuple(left))

    def _last(self) -> Path | None:
        """Return the folder of the last run, `None` without one that was made here."""
        self._refuse_link()
        try:
            read = json.loads(_read(self.folder / _LAST))
            run = self.folder / os.path.basename(read["run"])
            return run if os.lstat(run).st_ino == read["inode"] else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return self._found()

    def _found(self) -> Path | None:
        """Return the folder of the last run where nothing leads to it.

        Raise `ValueError` where one keeps what files were, and does not say which files.
        """
        there = [
            run for run in self.folder.glob(f"{_RUN}*") if run.is_dir() and not run.is_symlink()
        ]
        own = [run for run in there if _noted(run).inode == os.lstat(run).st_ino]
        had_run = not own and os.path.lexists(self.folder / _LAST)
        for run in there:
            if _noted(run).inode is None and _keeps(run, had_run):
                raise ValueError(
                    f"{self.folder}: damaged: nothing says which files were moved; what they were "
                    f"is kept in {run}, in the files that end with {OLD}: take what you need, and "
                    "remove the folder; nothing is changed"
                )
        return max(own, key=lambda run: os.lstat(run / _FILES).st_mtime_ns, default=None)

    def _forget(self, run: Path) -> None:
        (self.folder / _LAST).unlink(missing_ok=True)
        _remove(run)

    def _note(self, run: Path) -> None:
        row = {"run": run.name, "inode": os.lstat(run).st_ino}
        _write(self.folder / _LAST, json.dumps(row).encode())

    def _files(self) -> list[tuple[str, str, str]]:
        """Return the places of the last run's files, with digests of what they were and became."""
        run = self._last()
        rows = _noted(run).rows if run else ()
        own = (each for each in rows if self._is_own(each[0]))
        return [(os.path.join(self.root, place), before, after) for place, before, after in own]

    def _unnamed(self, run: Path) -> Iterator[tuple[str, str]]:
        """Yield files whose contents a run keeps and does not name, with what to do."""
        named = {waiting_name(place) for place, *_ in self._files()}
        kept = {path.stem: path for path in run.glob(f"*{OLD}") if path.stem not in named}
        for folder, folders, files in os.walk(self.root) if kept else ():
            folders[:] = [each for each in folders if each not in (".git", _FOLDER)]
            for place in (os.path.join(folder, file) for file in files):
                path = kept.pop(waiting_name(place), None)
                if path is not None and _content(place) != digest(path.read_bytes()):
                    yield os.path.relpath(place), f"what it was is kept in {os.path.relpath(path)}"
        for path in kept.values():
            yield os.path.relpath(path), "kept for a file that is not there any more"

    def _is_own(self, place: str) -> bool:
        """Return whether a file lies in the project, and is not git's."""
        parts = Path(place).parts
        return not {"..", ".git", os.sep}.intersection(parts) and not os.path.isabs(place)

    def _refuse_link(self) -> None:
        if self.folder.is_symlink():
            raise ValueError(
                f"{self.folder}: a link, which is not followed; remove it; nothing is changed"
            )

    def _remove_left_overs(self) -> None:
        """Remove what is of no run that can be taken back."""
        last = self._last()
        if last is None:  # what leads to nothing says nothing of the runs to come
            with suppress(OSError):
                (self.folder / _LAST).unlink()
        for path in self.folder.glob(f"{_RUN}*"):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            elif path != last:
                _remove(path)


def _keeps(run: Path, had_run: bool) -> bool:
    """Return whether a run's folder has old contents of files that it wrote, or may have written.

    A run that ended while it planned has the old and the new content of each file, and no list.
    """
    may_be = had_run or os.path.lexists(run / _FILES)
    return any(may_be or not path.with_suffix(NEW).exists() for path in run.glob(f"*{OLD}"))


def _remove(run: Path) -> None:
    """Remove the folder of a run, the old contents first: what an interrupt leaves keeps none."""
    for path in run.glob(f"*{OLD}"):
        with suppress(OSError):
            path.unlink()
    shutil.rmtree(run, ignore_errors=True)


def _remove_temporary(folders: Iterable[str]) -> None:
    """Remove files that were to take the place of others, and are left over."""
    for folder in folders:
        for path in Path(folder).glob(f"{TEMPORARY}*"):
            with suppress(OSError):
                path.unlink()


def _content(place: str) -> str | None:
    """Return a digest of a file's content, `None` where there is none, or a link."""
    try:
        return state(place, place)[1]
    except NotAsItWasError:
        return None


def _noted(run: Path) -> _Noted:
    """Return what is noted of a run, as far as it can be read."""
    inode, count, rows = None, None, []
    with suppress(OSError):
        for line in _read(run / _FILES).splitlines():
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                read = json.loads(line)
                if isinstance(read, dict):
                    inode, count = read["inode"], read["count"]
                else:
                    place, before, after = map(str, read)
                    rows.append((place, before, after))
    return _Noted(inode, count, tuple(rows))


def _read(path: Path) -> bytes:
    """Read a file of the journal, if it is one."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise OSError(f"{path}: no file")
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Write a file of the journal at once, whatever is there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_RUN)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def _synced(paths: Sequence[str]) -> None:
    """See to it that files are on the disk, whatever happens to the machine."""
    from concurrent.futures import ThreadPoolExecutor

    def sync(part: Sequence[str]) -> None:
        for path in part:
            handle = os.open(path, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(sync, (paths[start::_AT_ONCE] for start in range(_AT_ONCE))))
