"""What `keras-imports where` says of a symbol's past: in words, or as a table of its signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keras_imports import atlas
from keras_imports.atlas import Entry, Signature, Span
from keras_imports.commands.where import wrapped
from keras_imports.flavours import generation
from keras_imports.knowledge.lifetimes import release_name
from keras_imports.python.signatures import changes

_MANY = 8  # names that are listed of those that came or went at once


def in_words(symbol: str, flavours: list[str]) -> Iterator[str]:
    """Yield what happened to a symbol in each flavour, the newest first."""
    for flavour in flavours:
        rows = list(_events(symbol, flavour))
        if not rows:
            continue
        yield ""
        yield f"History in {flavour}, the newest first"
        width = max(len(release) for release, _ in rows) + 2
        for release, text in reversed(rows):
            yield from wrapped(f"  {release:{width}}", text)


def _events(symbol: str, flavour: str) -> Iterator[tuple[str, str]]:
    """Yield in which releases of a flavour something changed, and what, the oldest first."""
    every = atlas.releases(flavour)
    before: Entry | None = None
    seen = False
    for release in every:
        env = atlas.flavour_environment(flavour, release)
        path = atlas.public_path(env, flavour, symbol)
        entry = atlas.lookup(env, path) if path else None
        text = ""
        if entry is None:
            text = "removed" if before is not None else ""
        elif before is None:
            oldest = "in the oldest release that is known" if release == every[0] else "added"
            text = f"{'added again' if seen else oldest}, as `{entry.path}`"
        else:
            parts = (_moved(before, entry), signature_change(before.signature, entry.signature))
            text = "; ".join(filter(None, parts))
        if text and _becomes_keras_3(flavour, release):
            text = f"is the Keras 3 that is installed, in the newest of which it {text}"
        if text:
            yield release_name(flavour, release), text
        before, seen = entry, seen or entry is not None


def _becomes_keras_3(flavour: str, release: str) -> bool:
    """Return whether this release of TensorFlow hands out Keras 3, and the one before did not."""
    if flavour != "tensorflow.keras" or generation(flavour, release) != "keras3":
        return False
    before = atlas.releases(flavour)[atlas.releases(flavour).index(release) - 1]
    return generation(flavour, before) != "keras3"


def _moved(before: Entry, after: Entry) -> str:
    if before.path == after.path:
        return ""
    return f"moved from `{before.path}` to `{after.path}`"


def signature_change(before: Signature | None, after: Signature | None) -> str:
    """Return how a signature changed from one release to a later one, in words."""
    return _compared(before, after, ("added", "removed"))


def difference(first: Signature | None, other: Signature | None) -> str:
    """Return how a signature differs from another one, in words."""
    return _compared(first, other, ("also takes", "does not take"))


def _compared(before: Signature | None, after: Signature | None, verbs: tuple[str, str]) -> str:
    if before is None or after is None or before == after:
        return ""
    old, new = ({p.name: p for p in signature} for signature in (before, after))
    parts = [
        _named(verbs[0], [name for name in new if name not in old]),
        _named(verbs[1], [name for name in old if name not in new]),
    ]
    for name in new:
        if name in old and old[name].default != new[name].default:
            parts.append(_default(name, old[name].default, new[name].default))
    shared = [name for name in new if name in old]
    if shared != [name for name in old if name in new]:
        parts.append("another order of the parameters")
    return "; ".join(filter(None, parts))


def _named(verb: str, names: list[str]) -> str:
    """Return a verb with names, and how many more there are: added `a`, `b` and 12 others."""
    if not names:
        return ""
    shown = [f"`{name}`" for name in (names if len(names) <= _MANY + 1 else names[:_MANY])]
    more = f" and {len(names) - len(shown)} others" if len(shown) < len(names) else ""
    return f"{verb} {', '.join(shown)}{more}"


def _default(name: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"`{name}` has a default, {after}"
    if after is None:
        return f"`{name}` has no default, and not {before}"
    return f"the default of `{name}` is {after}, and not {before}"


def as_table(symbol: str, flavours: list[str]) -> Iterable[str]:
    """Yield a flavour's releases with what changed in the signature, and a symbol's other paths."""
    for flavour, spans in atlas.history(symbol).items():
        if flavour not in flavours:
            continue
        by_path: dict[str, list[Span]] = {}
        for span in spans:
            by_path.setdefault(span.path, []).append(span)
        main = f"{flavour}.{symbol}" if f"{flavour}.{symbol}" in by_path else spans[0].path
        width = max(len(_span(span)) for span in by_path[main]) + 2
        yield ""
        yield f"History of {main}"
        for span, before in zip(by_path[main], [*by_path[main][1:], None], strict=True):
            what = changes(before.signature, span.signature) if before else ""
            yield from wrapped(f"  {_span(span):{width}}", what)
        for path, of_path in by_path.items():
            if path != main:
                yield f"  also {path}, {of_path[-1].first} – {of_path[0].last}"


def _span(span: Span) -> str:
    return span.first if span.first == span.last else f"{span.first} – {span.last}"
