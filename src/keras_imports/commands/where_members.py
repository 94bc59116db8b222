"""What `keras-imports where` says of a method or attribute: which classes have it, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from keras_imports import atlas
from keras_imports.asking.members import Owner
from keras_imports.atlas import MemberSpan
from keras_imports.commands.where import wrapped
from keras_imports.knowledge.lifetimes import runs
from keras_imports.knowledge.methods import instead
from keras_imports.python.signatures import render


def text(found: Iterable[Owner], chosen: dict[str, list[str]]) -> Iterable[str]:
    """Yield the lines about the owners of a member."""
    for number, owner in enumerate(found):
        if number:
            yield ""
        yield from _about(owner, chosen)


def _about(owner: Owner, chosen: dict[str, list[str]]) -> Iterable[str]:
    flavour, newest = owner.newest()
    yield f"{owner.symbol}.{owner.name}, {_kind(newest)}"
    width = max(len(f"{name} {some[0]}") for name, some in chosen.items())
    for name, some in chosen.items():
        for release in some:
            label = f"{name} {release}"
            yield from wrapped(f"  {label:{width}}  ", _answer(owner, name, release))
    if newest.member.signature is not None:
        yield ""
        yield f"Signature in {flavour} {newest.last}"
        yield from wrapped("  ", f"{owner.name}({render(newest.member.signature)})")
    if any(some[0] not in owner.releases(name, True) for name, some in chosen.items()):
        advice = instead(owner.symbol, owner.name)
        if advice:
            yield ""
            yield from wrapped("Instead: ", advice)


def _kind(span: MemberSpan) -> str:
    kind = span.member.kind
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _answer(owner: Owner, flavour: str, release: str) -> str:
    """Return how a release has a member, or which releases of its flavour have it."""
    every = atlas.releases(flavour)
    having, unknown = owner.releases(flavour, True), owner.releases(flavour, False)
    if not having and not unknown:
        return "– never had it"
    texts = [f"{'' if release in having else '– only in '}{runs(having, every)}"] if having else []
    if unknown:
        texts.append(f"not known of {runs(unknown, every)}")
    return "; ".join(texts)


def as_json(found: Iterable[Owner], flavours: Iterable[str]) -> list[dict[str, object]]:
    """Return the same for programs."""
    return [
        {
            "symbol": owner.symbol,
            "member": owner.name,
            "history": {
                flavour: [asdict(span) for span in owner.spans[flavour]]
                for flavour in flavours
                if flavour in owner.spans
            },
            "instead": instead(owner.symbol, owner.name) or None,
        }
        for owner in found
    ]
