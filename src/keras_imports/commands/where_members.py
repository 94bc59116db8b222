"""What `keras-imports where` says of a method or attribute: which classes have it, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from keras_imports import atlas
from keras_imports.atlas import MemberSpan
from keras_imports.commands.where import runs, wrapped
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.methods import instead
from keras_imports.python.signatures import render
from keras_imports.versions import version_key


@dataclass(frozen=True)
class Owner:
    """A class that has a member, and the releases of each flavour in which it has."""

    symbol: str
    name: str
    spans: dict[str, tuple[MemberSpan, ...]]

    @property
    def path(self) -> str:
        """The member as people write it: `Sequential.predict_classes`."""
        return f"{self.symbol.rpartition('.')[2]}.{self.name}"

    def newest(self) -> tuple[str, MemberSpan]:
        """Return the newest releases that have it, and their flavour."""
        found = [
            (flavour, span)
            for flavour, spans in self.spans.items()
            for span in spans
            if span.is_known
        ]
        return max(found, key=lambda item: version_key(item[1].last))

    def releases(self, flavour: str, known: bool) -> list[str]:
        """Return the releases of a flavour that have the member, or of which it is not known."""
        every = atlas.releases(flavour)
        return [
            release
            for span in reversed(self.spans.get(flavour, ()))
            if span.is_known is known
            for release in every[every.index(span.first) : every.index(span.last) + 1]
        ]


def owners(asked: str) -> list[Owner]:
    """Return the classes that `fit_generator`, `Model.fit_generator` or `optimizer.lr` may be of.

    A name that is given with a class is also found where the class inherits it.
    """
    path, _, name = atlas.written_out(asked).rpartition(".")
    wanted = path.rpartition(".")[2]
    found = []
    if wanted:
        symbols = [symbol for symbol in _classes(path) if not symbol.startswith("compat.")]
        found = [Owner(symbol, name, atlas.member_spans(symbol, name)) for symbol in symbols]
        found = [owner for owner in found if any(owner.releases(f, True) for f in FLAVOURS)]
    if not found:
        every = atlas.member_history(name).items()
        of_name = [Owner(symbol, name, spans) for symbol, spans in every]
        found = [
            owner
            for owner in of_name
            if wanted.lower() in ("", owner.symbol.rpartition(".")[2].lower())
        ]
    return sorted(found, key=lambda owner: (-len(owner.spans), owner.symbol))


def _classes(path: str) -> tuple[str, ...]:
    """Return the symbols that a class's path may mean; `model` and `optimizer` are instances."""
    module, dot, leaf = path.rpartition(".")
    return atlas.symbols(path) or atlas.symbols(f"{module}{dot}{leaf[:1].upper()}{leaf[1:]}")


def text(found: list[Owner], chosen: dict[str, list[str]]) -> Iterable[str]:
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


def as_json(found: list[Owner], flavours: Iterable[str]) -> list[dict[str, object]]:
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
