"""What the tests of the atlas share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keras_imports.atlas import storage


def forget() -> None:
    """Let the next look-up read the stored atlas again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("keras_imports.atlas"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@pytest.fixture
def stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[bytes | None], Path]]:
    """A function that puts bytes, or no file, in the atlas's place, and returns that."""
    path = tmp_path / "stored" / "atlas.bin"

    def put(content: bytes | None) -> Path:
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(storage, "PATH", str(path))
        forget()
        return path

    yield put
    forget()
