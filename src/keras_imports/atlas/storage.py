"""The file that the atlas is stored in, `data/atlas.bin`, and how its parts are named and read.

The first line says where each part begins and how long it is, after a checksum of that. A part is
compressed JSON: one holds the modules of a package's folder, one the symbols with the same initial
letter, so that a look-up reads a few of them; the members of classes are in parts of their own.
What changes between releases is stored as *spans*: a value, followed by the first and the last
index of each run of releases that have it.
"""

from __future__ import annotations

import functools
import json
import os
import re
import zlib
from bisect import bisect_right

TYPE_CHECKING = False  # `typing` would be a tenth of the time of a look-up
if TYPE_CHECKING:
    from typing import Any

PATH = os.path.join(os.path.dirname(__file__), "data", "atlas.bin")
FORMAT = 2

# Modules in whose names only these lead to a Keras; of others the atlas knows nothing.
ROADS = frozenset(
    {
        *("keras", "layers", "losses", "metrics", "optimizers", "initializers"),
        *("python", "contrib", "compat", "v1", "v2", "_api"),
    }
)
_ROAD = re.compile(
    r"tensorflow(\.(python|contrib|tools(\.api(\.generator(\.api)?)?)?))?"
    r"|tensorflow(\._api)?(\.(v\d|compat))*"
)
_CONTAINERS = frozenset(
    {
        *("src", "api", "_v1", "_v2", "keras", "_tf_keras", "python", "_impl", "contrib"),
        *("_api", "compat", "v1", "v2", "layers", "backend"),
    }
)


class AtlasError(Exception):
    """The stored atlas is missing, damaged or of another format; the text is one clear line."""


class _DamagedError(AtlasError):
    def __init__(self, reason: object) -> None:
        again = "install keras-imports again, or in a checkout restore the file by git"
        super().__init__(f"{PATH}: the atlas cannot be read ({reason}); {again}")


def checksum_of(directory: bytes) -> bytes:
    """Return what stands before the directory of the parts, which have checksums of their own."""
    return f"{zlib.crc32(directory):08x}".encode()


def is_road(module: str) -> bool:
    """Return whether a module of TensorFlow is stored only for the Keras that it leads to."""
    return bool(_ROAD.fullmatch(module))


def part_of_module(package: str, module: str) -> str:
    """Return the name of the part that holds a module: one for each larger folder of a Keras."""
    names = module.split(".")
    end = next((i for i, name in enumerate(names[1:], 1) if name not in _CONTAINERS), len(names))
    return f"{package}/{'.'.join(names[: end + 1])}"


def part_of_name(name: str) -> str:
    """Return the name of the part that lists the symbols a name may mean."""
    return f"symbols/{_initial(name)}"


def part_of_class(name: str) -> str:
    """Return the name of the part that holds the members of the classes of a name."""
    return f"classes/{_initial(name)}"


def part_of_member(name: str) -> str:
    """Return the name of the part that lists the symbols that have a member of a name."""
    return f"members/{_initial(name)}"


def _initial(name: str) -> str:
    return name[:1].lower() if name[:1].isalpha() else "_"


@functools.cache
def read_directory() -> tuple[dict[str, list[int]], int]:
    """Return the offset and length in bytes of each part, and where in the file the first begins.

    Raises `AtlasError` if the file cannot be read.
    """
    try:
        with open(PATH, "rb") as file:
            line = file.readline()
        checksum, _, directory = line.partition(b" ")
        if checksum != checksum_of(directory):
            raise ValueError("its first line is damaged")
        return json.loads(directory), len(line)
    except (OSError, ValueError) as error:
        raise _DamagedError(error) from None


@functools.cache
def read_part(name: str) -> Any:
    """Return what a part holds, `None` if there is none of that name.

    Raises `AtlasError` if it cannot be read.
    """
    places, start = read_directory()
    if name not in places:
        return None
    try:
        offset, length = places[name]
        with open(PATH, "rb") as file:
            file.seek(start + offset)
            return json.loads(zlib.decompress(file.read(length)))
    except (OSError, ValueError, TypeError, zlib.error) as error:
        raise _DamagedError(error) from None


@functools.cache
def read_meta() -> dict[str, Any]:
    """Return what is stored about the atlas as a whole.

    `releases` and `requires` (which Keras packages each release needs) are by package; `brings`
    says which Keras each TensorFlow brings. Raises `AtlasError` if it is of another format.
    """
    stored = read_part("meta")
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise _DamagedError(f"it is not of format {FORMAT}")
    return stored


def stored_releases(package: str) -> list[str]:
    """Return the releases of a package, oldest first."""
    releases: list[str] = read_meta()["releases"].get(package, [])
    return releases


def includes(bounds: list[int], index: int) -> bool:
    """Return whether a release is in one of the runs whose first and last indices are given."""
    before = bisect_right(bounds, index)
    return before % 2 == 1 or (before > 0 and bounds[before - 1] == index)


def split_span(span: list[Any]) -> tuple[Any, list[int]]:
    """Return the value of a span and its bounds, which are empty if it always holds."""
    return span[0], span[1:]


def value_at(spans: Any, index: int) -> Any:
    """Return the value that a release has, `None` if none; a lone text is that of all releases."""
    if isinstance(spans, str):
        return spans
    for span in spans:
        value, bounds = split_span(span)
        if not bounds or includes(bounds, index):
            return value
    return None
