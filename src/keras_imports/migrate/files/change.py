"""A file whose content is to be replaced, once all is planned; both contents wait on disk."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass

from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.python.files import UnreadableError, read_bytes, reason

OLD, NEW = ".old", ".new"


class CannotKeepError(ValueError):
    """What is to be written cannot be kept until it is: then nothing is written."""

    def __init__(self, folder: object, error: OSError) -> None:
        super().__init__(folder, error)

    def __str__(self) -> str:
        folder, error = self.args
        return f"{folder}: cannot be written: {reason(error)}; nothing is changed"


class NotAsItWasError(Exception):
    """A file is not what it was when it was read."""


@dataclass(frozen=True, slots=True)  # there may be very many
class Change:
    """What a file was when it was read, and what it is to become.

    `place` is the path of the file without links, and `mode` was its mode. `before` and `after` are
    digests of its contents, which wait in a `folder`.
    """

    file: str
    place: str
    mode: int
    before: str
    after: str
    folder: str

    @property
    def waiting(self) -> str:
        """The path at which its contents wait, but for the endings `OLD` and `NEW`."""
        return os.path.join(self.folder, waiting_name(self.place))

    def make(self) -> None:
        """Replace the content of the file at once or not at all; its mode and owner stay.

        Raise `NotAsItWasError` if it is not what was read, and `OSError` if it cannot be replaced.
        """
        mode, content = state(self.file, self.place)
        if (mode, content) != (self.mode, self.before):
            raise NotAsItWasError
        put(self.waiting + NEW, self.place)


def keep(folder: str, file: str, before: bytes, after: bytes) -> Change:
    """Keep both contents of a file in a folder until it is replaced.

    Raise `CannotKeepError` where that cannot be done.
    """
    place = os.path.realpath(file)
    mode = stat.S_IMODE(os.stat(place).st_mode)
    change = Change(file, place, mode, digest(before), digest(after), folder)
    try:  # the old one last: where it is alone, the new one was written
        for ending, content in ((NEW, after), (OLD, before)):
            with open(change.waiting + ending, "wb") as stream:
                stream.write(content)
    except OSError as error:
        raise CannotKeepError(folder, error) from None
    return change


def waiting_name(place: str) -> str:
    """Return the name that the contents of a file wait by."""
    return digest(os.fsencode(place))[:32]


def digest(content: bytes) -> str:
    """Return a digest of a file's content."""
    return hashlib.sha256(content).hexdigest()


def state(file: str, place: str) -> tuple[int, str]:
    """Return the mode of a file and a digest of its content.

    Raise `NotAsItWasError` where it is no file any more, or is not at its place.
    """
    try:
        status = os.lstat(place)
        if os.path.realpath(file) != place or not stat.S_ISREG(status.st_mode):
            raise NotAsItWasError
        return stat.S_IMODE(status.st_mode), digest(read_bytes(place))
    except (OSError, UnreadableError):
        raise NotAsItWasError from None


def put(waiting: str, place: str) -> None:
    """Put a content that waits in the place of a file, and give it the mode and owner of that."""
    status = os.stat(place)
    if hasattr(os, "chown"):
        with suppress(OSError):  # nobody but root may give a file away
            os.chown(waiting, status.st_uid, status.st_gid)
    os.chmod(waiting, stat.S_IMODE(status.st_mode))
    try:
        os.replace(waiting, place)
    except OSError:  # on another disk, for one
        with open(waiting, "rb") as stream:
            write_atomically(place, stream.read())
