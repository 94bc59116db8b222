"""Know what a call passes for the parameters that it does not give."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Signature
from keras_imports.engine.planning.call import Call
from keras_imports.engine.planning.literals import default_argument
from keras_imports.flavours import FLAVOURS, generation
from keras_imports.knowledge.rules import kept_defaults
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.python.arguments import Argument


def default_arguments(call: Call) -> list[Argument]:
    """Return what the source release passes where nothing is given, as if it were."""
    return [usual_default(call, argument)[0] for argument in _defaults(call.signature or ())]


def usual_default(call: Call, argument: Argument) -> tuple[Argument, bool]:
    """Return a default of the source as most releases of its kind have it, and if it is certain."""
    flavour = atlas.split_flavour(call.path)[0].replace("compat.v1.", "")
    if call.origin.exact or flavour not in FLAVOURS:
        return argument, call.origin.exact
    symbol = shared_symbol(call.path, call.symbol)
    if symbol not in kept_defaults():
        return argument, False
    kind = call.origin.generation
    leaf = call.path.rpartition(".")[2]
    text, certain = most_usual_default(flavour, kind, symbol, argument.origin, leaf)
    return (default_argument(argument.origin, text) if text else argument), certain


@lru_cache(maxsize=1 << 10)
def most_usual_default(
    flavour: str, kind: str, symbol: str, name: str, leaf: str
) -> tuple[str | None, bool]:
    """Return a parameter's default in most of a flavour's releases of a generation; if in all.

    `leaf` is what the code calls the symbol: `l1_l2` has other defaults than `L1L2`.
    """
    known = atlas.releases(flavour)
    defaults: Counter[str | None] = Counter()
    spans = atlas.history(symbol).get(flavour, ())
    for span in [span for span in spans if span.path.endswith(f".{leaf}")] or spans:
        its = known[known.index(span.first) : known.index(span.last) + 1]
        default = next((p.default for p in span.signature or () if p.name == name), None)
        defaults[default] += sum(generation(flavour, release) == kind for release in its)
    defaults += Counter()  # without those that none of the generation has
    return (defaults.most_common(1)[0][0], len(defaults) == 1) if defaults else (None, False)


@lru_cache(maxsize=1 << 12)
def _defaults(signature: Signature) -> tuple[Argument, ...]:
    """Return what a signature passes where nothing is given."""
    return tuple(default_argument(p.name, p.default) for p in signature if p.default is not None)
