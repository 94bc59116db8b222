"""One declaration in a dependency file: what it says, and where the parts of it stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from packaging.markers import InvalidMarker, Marker

from keras_imports import atlas, flavours
from keras_imports.flavours import BUILDS, PROVIDERS, canonical, flavour_of

# What Keras 3 runs on besides TensorFlow. NumPy is required for other reasons, too.
BACKENDS = tuple({*flavours.BACKENDS.values()} - {"tensorflow", "numpy"})
SPECIFIER = r"(?:\*|(?:(?:===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*[\w.*]+(?:[ ]*,)?[ ]*)*)"
_LONGEST = 1000  # characters of a requirement that is read
_EXTRA = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?"
_REQUIREMENT = re.compile(
    rf"(?P<name>[\w.-]+)(?P<extras>\[[ ]*{_EXTRA}(?:[ ]*,[ ]*{_EXTRA})*[ ]*\])?"
    r"(?P<gap>[ \t]*)"
    rf"\(?(?P<specifier>{SPECIFIER})\)?[ \t]*(?P<condition>;.*)?"
)
_NAME = re.compile(r"[\w.-]{1,100}")
# Where something is had from that no index tells: a URL, or a path.
_SOURCE = re.compile(r"(?:[\w+.-]+:|\.{0,2}[/\\]|.*\.(?:whl|zip|conda|tar\.(?:gz|bz2))\b)")
_ARCHIVE = re.compile(
    r"(?P<name>\w+(?:[.-][A-Za-z_]\w*)*)-v?(?P<release>\d[\w.!+]*?)"
    r"(?:-[\w.]+)*\.(?:whl|zip|conda|tar\.(?:gz|bz2))"
)
_EDITABLE = re.compile(r"^(?:-e|--editable)[ =]+")
_EGG = re.compile(r"[#&]egg=([\w.-]+?)(?:-\d[\w.]*)?(?![\w.-])")
_AT = re.compile(r"(?:@|/(?:archive|zipball|tarball)/(?:refs/tags/)?)v?(\d+(?:\.\d+)*)(?=[.@#?]|$)")
_REST = re.compile(
    r"(?:/(?:archive|zipball|tarball)/|\.git\b(?=[^/]*$)|@(?=[^/]*$)|[#?\s]).*|[/\\]+$", re.DOTALL
)
_FROM_THERE = "is had from there, and not edited"
Declarations = Iterator["Declaration | Unread"]
Reader = Callable[[str], Declarations]


@dataclass(frozen=True)
class Declaration:
    """One declaration of something that provides a Keras, or that one runs on.

    `names` (with extras) and `specifiers` are the spans of what may change, `whole` that of all
    that is written once more for another one beside it, with `between` after it, and `removed` that
    of what goes with it. `group` is the list it stands in, `optional` whether that is an extra, and
    `condition` on what it depends, as a marker says.
    """

    name: str
    extras: str
    specifier: str
    names: tuple[int, int]
    specifiers: tuple[int, int]
    whole: tuple[int, int]
    between: str
    removed: tuple[int, int]
    group: str
    condition: str = ""
    optional: bool = False
    takes_extras: bool = True
    is_single: bool = False  # it says more than would be true of another one
    quote: str = ""  # what a new requirement needs around it, as a shell takes `<` for its own

    @property
    def module(self) -> str:
        """The module that it provides."""
        return module_of(self.name)

    @classmethod
    def named(cls, name: str, specifier: str) -> Declaration:
        """Return what a name and a specifier say, wherever they stand."""
        nowhere = (0, 0)
        return cls(name, "", specifier, nowhere, nowhere, nowhere, "", nowhere, "")


@dataclass(frozen=True)
class Unread:
    """A declaration that is not edited, at an offset.

    `specifier` is that of the releases that it admits, `None` where that is not known, and `why`
    says why it is not edited. One that is `beside` is about what another one requires, and matters
    if that changes; one that `overrules` it counts in its place.
    """

    module: str
    start: int
    text: str
    specifier: str | None
    why: str = "is written in a form that is not edited"
    is_beside: bool = False
    overrules: bool = False

    @classmethod
    def of(cls, name: str, start: int, text: str) -> Unread:
        """Return it for a requirement whose text says which releases it admits."""
        name, specifier = canonical(name), specifier_of(text)
        if name not in BUILDS:
            return cls(module_of(name), start, text, specifier)
        why = f"is another build of `{BUILDS[name]}`, and not edited"
        if not specifier:
            flavour = flavour_of(BUILDS[name])
            newest = f">={atlas.releases(flavour)[-1]}" if "nightly" in name else None
            return cls(BUILDS[name], start, text, newest, why)
        return cls(BUILDS[name], start, text, specifier, why)


def module_of(name: str) -> str:
    """Return the module that a distribution provides, of those that are of interest."""
    return PROVIDERS.get(canonical(name), canonical(name))


def known_name(text: str) -> str | None:
    """Return the name that a requirement begins with, if it is one that is of interest."""
    name = _NAME.match(text)
    is_known = name is not None and canonical(name[0]) in (*PROVIDERS, *BACKENDS)
    return name[0] if name is not None and is_known else None


def parse_source(text: str, start: int) -> Unread | None:
    """Return what is had from a URL or a path, if that tells a name that is of interest."""
    text = _EDITABLE.sub("", text[:_LONGEST].strip())
    if not _SOURCE.match(text):
        return None
    egg, at = _EGG.search(text), _AT.search(text)
    last = re.split(r"[/\\:]", _REST.sub("", text))[-1]
    archive = _ARCHIVE.fullmatch(last)
    name = known_name(egg[1] if egg else archive["name"] if archive else last)
    if name is None or not (egg or archive or name == last):
        return None
    release = archive["release"] if archive else at[1] if at else ""
    return Unread(module_of(name), start, text, f"=={release}" if release else None, _FROM_THERE)


def parse_declaration(
    text: str,
    start: int,
    whole: tuple[int, int],
    between: str,
    removed: tuple[int, int],
    group: str,
    **more: Any,
) -> Declaration | Unread | None:
    """Return what the requirement at an offset declares; `None` for other distributions."""
    name = known_name(text)
    if name is None:
        return parse_source(text, start)
    written = _REQUIREMENT.fullmatch(text) if len(text) <= _LONGEST else None
    if written is None or canonical(name) in BUILDS or not _is_marker(written["condition"]):
        return Unread.of(name, start, text)
    return Declaration(
        name=written["name"],
        extras=written["extras"] or "",
        specifier=written["specifier"].strip(),
        names=(start, start + written.end("extras" if written["extras"] else "name")),
        specifiers=(
            start + written.start("specifier"),
            start + written.start("specifier") + len(written["specifier"].rstrip()),
        ),
        whole=whole,
        between=between,
        removed=removed,
        group=group,
        condition=written["condition"] or "",
        **more,
    )


def specifier_of(text: str) -> str:
    """Return the version specifier in a requirement, whatever else stands there."""
    written = _REQUIREMENT.match(text[:_LONGEST])
    return written["specifier"].strip(" ,") if written else ""


def _is_marker(condition: str | None) -> bool:
    """Return whether what follows a requirement is a marker, or nothing."""
    if condition is None:
        return True
    try:
        Marker(condition[1:])
    except (InvalidMarker, RecursionError):
        return False
    return True


def newline_of(text: str) -> str:
    """Return the line end that a text has."""
    if "\r\n" in text:
        return "\r\n"
    return "\r" if "\r" in text and "\n" not in text else "\n"
