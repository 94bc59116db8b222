"""`keras-imports atlas build`: the atlas made anew from the published archives."""

from __future__ import annotations

import argparse
from pathlib import Path

from keras_imports import atlas
from keras_imports.atlas.build import archives, build, read
from keras_imports.atlas.build.interpret import MissingImportError


def run(args: argparse.Namespace) -> int:
    """Build the atlas and say what it holds."""
    try:
        releases = read(archives.default_cache())
    except (archives.ArchiveError, MissingImportError) as error:
        raise ValueError(str(error)) from None
    path = Path(args.output or atlas.PATH)
    build(releases, path)
    count = sum(map(len, releases.values()))
    print(f"{path}: {count} releases, {path.stat().st_size:,} bytes")
    return 0
