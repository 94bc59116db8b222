"""The history of a symbol: its public paths and signatures, release by release."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from keras_imports.atlas.entries import describe
from keras_imports.atlas.environments import flavour_environment, releases
from keras_imports.atlas.public_api import is_listed, paths_of, tree_of
from keras_imports.atlas.resolution import find
from keras_imports.flavours import FLAVOURS
from keras_imports.python.signatures import Signature
from keras_imports.versions import version_key


@dataclass(frozen=True)
class Span:
    """A path of a symbol, and the releases (first and last, inclusive) in which it is valid."""

    path: str
    first: str
    last: str
    public: bool
    signature: Signature | None


@functools.lru_cache(maxsize=256)
def history(symbol: str) -> dict[str, tuple[Span, ...]]:
    """Return for each flavour the public paths of a symbol, newest first, with their releases.

    A path whose signature changes has one span for each signature.
    """
    histories: dict[str, tuple[Span, ...]] = {}
    for flavour in FLAVOURS:
        spans = _spans(symbol, flavour)
        spans.sort(key=lambda span: (version_key(span.last), span.path == f"{flavour}.{symbol}"))
        if spans:
            histories[flavour] = tuple(reversed(spans))
    return histories


def _spans(symbol: str, flavour: str) -> list[Span]:
    """Return the spans of a symbol in a flavour, path by path, oldest first."""
    paths = paths_of(symbol)
    spans: dict[str, list[Span]] = {}
    before = ""  # the release before
    for release in releases(flavour):
        env = flavour_environment(flavour, release)
        tree = tree_of(env, flavour)
        for path in paths.get(tree or "", ()):
            if tree is None or not is_listed(env, paths, tree, path):
                continue
            whole = f"{flavour}.{path}"
            place = find(env, whole)
            signature = describe(env, place)[1] if place else None
            of_path = spans.setdefault(whole, [])
            last = of_path[-1] if of_path else None
            if last and last.last == before and last.signature == signature:
                of_path[-1] = replace(last, last=release)
            else:
                of_path.append(Span(whole, release, release, True, signature))
        before = release
    return [span for of_path in spans.values() for span in of_path]
