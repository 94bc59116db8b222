"""The sources of a release, read from the archive that the package index offers.

Wheels are read over HTTP by ranges, since a TensorFlow wheel is up to 300 MB and 3 MB of it
matter; source archives are small and are read whole. What was read is kept in the user's cache
directory, so that a second build needs no network.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
import zipfile
import zlib
from html import unescape
from pathlib import Path
from typing import Any

from keras_imports.flavours import canonical
from keras_imports.versions import version_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer

BLOCK = 1 << 20  # bytes per range request: a wheel's Keras part is 2 to 5 neighbouring blocks
TIMEOUT = 60  # seconds


class ArchiveError(ValueError):
    """An archive cannot be found or read, or is of no use; the text is one clear line."""


class RangeFile(io.RawIOBase):
    """A remote file as a seekable one: each block is fetched when it is first read."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._position = 0
        self._blocks: dict[int, bytes] = {}
        self._size = int(_open(url, method="HEAD")[1]["Content-Length"])

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def seekable(self) -> bool:
        """Return that it is."""
        return True

    def tell(self) -> int:
        """Return the position of the next byte that is read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset from the start, the position or the end; return the new position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer as far as the current block reaches; return the number of bytes."""
        view = memoryview(buffer)
        number, start = divmod(self._position, BLOCK)
        piece = self._block(number)[start : start + len(view)]
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _block(self, number: int) -> bytes:
        if number * BLOCK >= self._size:
            return b""
        if number not in self._blocks:
            last = min((number + 1) * BLOCK, self._size) - 1
            span = {"Range": f"bytes={number * BLOCK}-{last}"}
            block = _open(self._url, headers=span)[0]
            if len(block) != last - number * BLOCK + 1:
                raise ArchiveError(f"{self._url}: the server does not answer requests for ranges")
            self._blocks[number] = block
        return self._blocks[number]


def sources(
    distribution: str, version: str, wanted: re.Pattern[str], cache: Path
) -> dict[str, str]:
    """Return the text of each member of a release's archive whose path matches, by that path.

    What was read is kept in the folder `cache`. Raises `ArchiveError` if there is no archive.
    """
    choice = hashlib.sha256(wanted.pattern.encode()).hexdigest()[:8]
    kept = cache / f"{distribution}-{version}-{choice}.json.z"
    try:
        known: dict[str, str] = json.loads(zlib.decompress(kept.read_bytes()))
    except (OSError, ValueError, zlib.error):
        pass  # not there, or damaged: it is read again
    else:
        return known
    texts = dict(_members(_address(distribution, version), wanted))
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(zlib.compress(json.dumps(texts).encode()))
    unfinished.replace(kept)
    return texts


def default_cache() -> Path:
    """Return the folder in which downloaded sources are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keras-imports"


def _members(address: str, wanted: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return path and text of the members of an archive whose path matches."""
    if address.endswith(".whl"):
        with zipfile.ZipFile(io.BufferedReader(RangeFile(address), 1 << 16)) as wheel:
            # In the order of the archive, so that no block is needed twice.
            members = sorted(wheel.infolist(), key=lambda member: member.header_offset)
            return [
                (member.filename, wheel.read(member).decode("utf-8", "replace"))
                for member in members
                if wanted.fullmatch(member.filename)
            ]
    with tarfile.open(fileobj=io.BytesIO(_open(address)[0]), mode="r:gz") as archive:
        # The first component is the folder `name-version` that every source archive has.
        texts = []
        for member in archive:
            name = member.name.partition("/")[2]
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and wanted.fullmatch(name):
                texts.append((name, file.read().decode("utf-8", "replace")))
        return texts


def released(distribution: str) -> list[str]:
    """Return the final releases that the package index has of a distribution, oldest first.

    Neither yanked releases nor those before a final one count. Raises `ArchiveError` if the index
    does not answer.
    """
    pattern = re.compile(_stem(distribution) + r"-(\d+(?:\.\d+)*)(?:-.+\.whl|\.tar\.gz|\.zip)")
    matches = map(pattern.fullmatch, _links(distribution))
    return sorted({match[1] for match in matches if match}, key=version_key)


def _address(distribution: str, version: str) -> str:
    """Return where a release's archive is: a pure or a Linux wheel, else the source archive."""
    addresses = _links(distribution)
    stem = f"{_stem(distribution)}-{re.escape(version)}"
    for kind in (r"-(py2\.)?py3-none-any\.whl", r"-cp3.*manylinux.*x86_64.*\.whl", r"\.tar\.gz"):
        names = sorted(name for name in addresses if re.fullmatch(stem + kind, name))
        if names:
            return addresses[names[0]]
    raise ArchiveError(f"{distribution} {version}: the package index has no archive of it")


def _stem(distribution: str) -> str:
    """Return the pattern of a distribution's name in the names of its archives."""
    return re.sub("[-_.]", "[-_.]", distribution)


def _links(distribution: str) -> dict[str, str]:
    """Return the addresses of a distribution's archives that are not yanked, by their names."""
    page = f"{_index()}/{canonical(distribution)}/"
    addresses = {}
    for attributes in re.findall(r"<a\b([^>]*)>", _open(page)[0].decode()):
        link = re.search(r'href="([^"]+)"', attributes)
        if link and "data-yanked" not in attributes:
            address = urllib.parse.urljoin(page, unescape(link[1])).partition("#")[0]
            addresses[urllib.parse.unquote(address.rpartition("/")[2]).lower()] = address
    return addresses


@functools.cache
def _index() -> str:
    """Return the address of the package index that pip is configured with."""
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    configured = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    url = os.environ.get("PIP_INDEX_URL") or configured.strip()
    if not url:
        try:
            from pip._internal.models.index import PyPI
        except ImportError:
            raise ArchiveError("building the atlas needs pip, which is not installed") from None
        url = PyPI.simple_url
    return url.rstrip("/")


def _open(
    url: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[bytes, Any]:
    """Return the body and the headers of an answer; raise `ArchiveError` if there is none."""
    request = urllib.request.Request(url, headers=headers or {}, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return response.read(), response.headers
    except OSError as error:  # urllib's errors are such, too
        raise ArchiveError(f"{url}: {error}") from None
