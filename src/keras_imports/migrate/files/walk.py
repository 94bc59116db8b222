"""Find the files of a project that may be written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from keras_imports.python.files import SUFFIXES, Problem
from keras_imports.python.walk import Walk, walk

PORTABLE = "keras_flavour"  # the module of portable generated projects that hands out Keras


def project_files(paths: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES) -> Walk:
    """Return the files with one of the suffixes at and below the paths, as far as they are its own.

    Below a directory those are left out that are links out of it, or about all flavours on purpose;
    and all of it where git cannot say what it ignores, since that has no history to go back to.
    """
    found = walk(paths, suffixes)
    return replace(found, items=[*_own(found)], unasked=[])


def _own(found: Walk) -> Iterator[str | Problem]:
    outside = "; nothing in it is changed: name the files themselves, or mend what git says"
    yield from (replace(each, message=each.message + outside) for each in found.unasked)
    unasked = [os.path.join(os.path.realpath(each.file), "") for each in found.unasked]
    bases = [os.path.join(os.path.realpath(path), "") for path in found.paths]
    for item in found.items:
        if not isinstance(item, str) or item in found.paths:
            yield item
            continue
        whole = os.path.join(os.path.realpath(os.path.dirname(item)), os.path.basename(item))
        if whole.startswith(tuple(unasked)) or os.path.splitext(item)[0].endswith(PORTABLE):
            continue
        if os.path.islink(item) and not os.path.realpath(item).startswith(tuple(bases)):
            yield Problem(item, "a link to a file outside, not followed")
        else:
            yield item
