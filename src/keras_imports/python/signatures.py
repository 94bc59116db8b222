"""What may be passed to a class or function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One parameter of a signature; `default` is its source text, `None` if it must be given."""

    name: str
    default: str | None
    kind: str  # "positional", "keyword", "*" (the rest, by position), "**" (the rest, by name)


Signature = tuple[Parameter, ...]


def parse_signature(text: str) -> Signature | None:
    """Return a signature from its stored form, `None` if nothing is known of it.

    The stored form has a parameter a line, as in `units`, `activation=None`, `*`, `**kwargs`.
    """
    if text == "?":
        return None
    parameters, kind = [], "positional"
    for line in text.split("\n") if text else ():
        if line == "/":
            continue
        name, equals, default = line.partition("=")
        if name.startswith("**"):
            parameters.append(Parameter(name[2:], None, "**"))
        elif name.startswith("*"):
            if name != "*":
                parameters.append(Parameter(name[1:], None, "*"))
            kind = "keyword"
        else:
            parameters.append(Parameter(name, default if equals else None, kind))
    return tuple(parameters)


def render(signature: Signature) -> str:
    """Return a signature as it is written in code, without parentheses."""
    texts, keyword = [], False
    for parameter in signature:
        if parameter.kind == "keyword" and not keyword:
            if not any(other.kind == "*" for other in signature):
                texts.append("*")
            keyword = True
        stars = parameter.kind if parameter.kind in ("*", "**") else ""
        default = "" if parameter.default is None else f"={parameter.default}"
        texts.append(stars + parameter.name + default)
    return ", ".join(texts)


def changes(before: Signature | None, after: Signature | None) -> str:
    """Return what a signature gained (+), lost (-) and changed, in one line."""
    if before is None or after is None:
        return ""
    old = {p.name: p for p in before}
    new = {p.name: p for p in after}
    texts = [f"+{name}" for name in new if name not in old]
    texts += [f"-{name}" for name in old if name not in new]
    for name in new:
        if name in old and old[name].default != new[name].default:
            values = [p.default or "required" for p in (old[name], new[name])]
            texts.append(f"{name}: {' → '.join(values)}")
    shared = [name for name in new if name in old]
    if shared != [name for name in old if name in new]:
        texts.append("order changed")
    return " ".join(texts)


def takes(signature: Signature, passed: Sequence[type | None]) -> bool:
    """Return whether a signature takes arguments of these kinds by position.

    `passed` has, for each argument, `bool` or `float` where its kind is known, else `None` (see
    `arguments.kinds`). A flag must be passed for a parameter that is one, and for no other.
    """
    places = [parameter for parameter in signature if parameter.kind == "positional"]
    return len(passed) <= len(places) and all(
        kind is None or (kind is bool) == (place.default in ("True", "False"))
        for kind, place in zip(passed, places, strict=False)
    )
