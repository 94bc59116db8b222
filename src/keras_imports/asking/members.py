"""Find the classes that have a method or attribute, and the releases in which they have it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from keras_imports import atlas
from keras_imports.atlas import MemberSpan
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.lifetimes import gone_since, lifetime
from keras_imports.knowledge.rules import sections
from keras_imports.python.paths import after_call, has_call
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


@lru_cache(maxsize=256)
def owners(asked: str) -> tuple[Owner, ...]:
    """Return the classes that `fit_generator`, `Model.fit_generator` or `optimizer.lr` may be of.

    A name that is given with a class is also found where the class inherits it; one that is given
    with an object, as in `model.predict_classes`, may be of any class.
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
            or not wanted[:1].isupper()
        ]
    return tuple(sorted(found, key=_order))


def _order(owner: Owner) -> tuple[bool, int, str]:
    """Return a key that sorts what is most likely meant first."""
    return ".legacy." in owner.symbol, -len(owner.spans), owner.symbol


def _classes(path: str) -> tuple[str, ...]:
    """Return the symbols that a class's path may mean; `model` and `optimizer` are instances."""
    module, dot, leaf = path.rpartition(".")
    return atlas.symbols(path) or atlas.symbols(f"{module}{dot}{leaf[:1].upper()}{leaf[1:]}")


def about_member(flavour: str, owner: Owner, shown: str = "") -> str:
    """Say which releases of a flavour have a member; `shown` is what its class is called."""
    path = f"{shown or owner.symbol.rpartition('.')[2]}.{owner.name}"
    having = owner.releases(flavour, True)
    text = lifetime(flavour, having)
    if having and owner.releases(flavour, False):  # of some it is not known
        package = FLAVOURS[flavour].package
        gone = gone_since(flavour, having)
        text = f"is gone from {package} since {gone}" if gone else f"is in the newest {package}"
    return f"`{path}` {text}{_in_tensorflow(flavour, owner, having)}."


def _in_tensorflow(flavour: str, owner: Owner, having: list[str]) -> str:
    """Return since when the Keras of TensorFlow lacks what keras lacks, too."""
    also = owner.releases("tensorflow.keras", True)
    if flavour != "keras" or not having or not also or not gone_since(flavour, having):
        return ""
    gone = gone_since("tensorflow.keras", also)
    return f" (from TensorFlow since {gone})" if gone else ""


@cache
def _older_names() -> dict[str, str]:
    """Return what newer methods and attributes were called before they were renamed."""
    rules = (
        (key, rule)
        for part in ("keras2", "keras3")
        for key, its in sections()[part].items()
        for rule in its
    )
    return {
        rule.to[0]: (after_call(key) or "").removeprefix(".")
        for key, rule in rules
        if has_call(key) and len(rule.to) == 1 and not rule.is_about_arguments
    }


def older_name(name: str) -> str:
    """Return what a method or attribute was called before, "" if it had no other name."""
    return _older_names().get(name, "")
