"""The members of classes: methods, properties and attributes, inherited ones included.

What the atlas cannot know it does not deny: a class with a base outside of the atlas, or one that
makes its names as it runs, may have any name, and the answer for it is a member of kind "unknown".
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.atlas.entries import describe, without_flavour
from keras_imports.atlas.environments import Environment, flavour_environment, releases
from keras_imports.atlas.public_api import public_path
from keras_imports.atlas.resolution import Place, find, release_index
from keras_imports.atlas.storage import (
    includes,
    part_of_class,
    part_of_member,
    read_part,
    value_at,
)
from keras_imports.flavours import FLAVOURS
from keras_imports.python.signatures import Signature, parse_signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNKNOWN = "?"
# TensorFlow's own classes below a layer: they have private names, which are of these kinds, and
# what is not private is known.
_TRACKABLE = re.compile(r"~tensorflow\.(?:\w+\.)*(Auto)?(Trackable|Checkpointable)(Base)?")
_PRIVATE = re.compile(
    r"_(tf_|TF_|self_|.*(track|depend|checkpoint|restor|saveable|seriali[sz]|proto|saved_model"
    r"|uid|identifier|initialize|flatten|lookup|getter|to_cpu|handle|resource|_id$))"
)
# What decorators and metaclasses leave in any class.
_MARK = re.compile(r"_(api_export|keras_api|tf_api|tf_deprecated_api)_\w+|_abc_impl")
_MODULE = re.compile(r"~tensorflow\.(?:\w+\.)*Module")
_OF_MODULE = {
    "name": "property",
    "name_scope": "property",
    "non_trainable_variables": "property",
    "submodules": "property",
    "trainable_variables": "property",
    "variables": "property",
    "with_name_scope": "method",
}
# What every layer has in addition with PyTorch as the backend.
_TORCH_MODULE = frozenset(
    {
        *("T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init"),
        *("children", "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extra_repr"),
        *("float", "forward", "get_buffer", "get_extra_state", "get_parameter", "get_submodule"),
        *("half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers", "named_children"),
        *("named_modules", "named_parameters", "parameters", "register_backward_hook"),
        *("register_buffer", "register_forward_hook", "register_forward_pre_hook"),
        *("register_full_backward_hook", "register_full_backward_pre_hook"),
        *("register_load_state_dict_post_hook", "register_load_state_dict_pre_hook"),
        *("register_module", "register_parameter", "register_state_dict_post_hook"),
        *("register_state_dict_pre_hook", "requires_grad_", "set_extra_state", "set_submodule"),
        *("share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "xpu"),
        "zero_grad",
    }
)


@dataclass(frozen=True)
class Member:
    """What a class has under a name."""

    name: str
    kind: str  # "method", "property", "attribute", or "unknown": it may be there
    signature: Signature | None  # of a method, without `self`
    owner: str  # the symbol of the class that defines it: "models.Model"; "" if unknown


@dataclass(frozen=True)
class MemberSpan:
    """The releases of a flavour (first and last, inclusive) in which a class has a member."""

    first: str
    last: str
    member: Member

    @property
    def is_known(self) -> bool:
        """Whether the class has the member for certain."""
        return self.member.kind != "unknown"


_KINDS = {"m": "method", "p": "property", "a": "attribute"}


def member(env: Environment, path: str, name: str) -> Member | None:
    """Return what the class at a path, or an instance of it, has under a name.

    `None` if it has nothing of that name for certain. The kind is "unknown" where it may have it:
    the path is no class that the atlas knows, or not all of the class's names are known.
    """
    place = find(env, path)
    if place is None or place.kind != "class":
        return Member(name, "unknown", None, "")
    found = _members(env, place.where).get(name)
    if found is None and _may_have(env, place.where, name):
        return Member(name, "unknown", None, "")
    return found


def members(env: Environment, path: str) -> dict[str, Member]:
    """Return the members of the class at a path that are known, inherited ones included, by name.

    Empty if the path is no class that the atlas knows.
    """
    place = find(env, path)
    if place is None or place.kind != "class":
        return {}
    return dict(_members(env, place.where))


def classes_with(name: str) -> tuple[str, ...]:
    """Return the symbols of the public classes that have a member in some release.

    Left out are those that inherit it from another public class.
    """
    part = read_part(part_of_member(name)) or {}
    return tuple(part.get(name, ()))


def member_history(name: str) -> dict[str, dict[str, tuple[MemberSpan, ...]]]:
    """Return the public classes that have a member, and in which releases of which flavour.

    By symbol and flavour, the newest releases first; of classes that inherit it from another public
    class there is none.
    """
    histories = {symbol: member_spans(symbol, name) for symbol in classes_with(name)}
    return {
        symbol: spans
        for symbol, spans in histories.items()
        if any(span.is_known for of_flavour in spans.values() for span in of_flavour)
    }


@functools.lru_cache(maxsize=1024)
def member_spans(symbol: str, name: str) -> dict[str, tuple[MemberSpan, ...]]:
    """Return the releases of each flavour in which a class has a member, the newest first.

    The member may be inherited. If its signature changes there is one span for each signature;
    where it is not known whether the class has it, its kind is "unknown".
    """
    spans = {flavour: tuple(_spans(symbol, flavour, name)) for flavour in FLAVOURS}
    return {flavour: some for flavour, some in spans.items() if some}


def _spans(symbol: str, flavour: str, name: str) -> Iterator[MemberSpan]:
    """Yield the spans of a member of a symbol in a flavour, the newest first."""
    newer: MemberSpan | None = None
    for release in reversed(releases(flavour)):
        env = flavour_environment(flavour, release)
        path = public_path(env, flavour, symbol)
        found = member(env, path, name) if path else None
        if newer is not None and found is not None and _same(newer.member, found):
            newer = MemberSpan(release, newer.last, newer.member)
            continue
        if newer is not None:
            yield newer
        newer = MemberSpan(release, release, found) if found else None
    if newer is not None:
        yield newer


def _same(first: Member, second: Member) -> bool:
    """Return whether two members are the same to who uses them."""
    return (first.kind, first.signature) == (second.kind, second.signature)


@functools.lru_cache(maxsize=4096)
def _members(env: Environment, where: str) -> dict[str, Member]:
    """Return the known members of the class `module:name`, by name."""
    found: dict[str, Member] = {}
    for base in reversed(_ancestors(env, where)):
        for name, own in _own(env, base).items():
            # What a method sets on `self` goes through the property that a base class has.
            inherited = found.get(name)
            if own.kind != "attribute" or inherited is None or inherited.kind != "property":
                found[name] = own
    return dict(sorted(found.items()))


@functools.lru_cache(maxsize=4096)
def _record(env: Environment, where: str) -> tuple[dict[str, Any], int] | None:
    """Return what is stored of the class `module:name`, and the index of its installed release."""
    module, _, name = where.partition(":")
    record = (read_part(part_of_class(name)) or {}).get(name, {}).get(module)
    index = release_index(env, module.partition(".")[0])
    return (record, index) if record and includes(record["i"], index) else None


@functools.lru_cache(maxsize=4096)
def _own(env: Environment, where: str) -> dict[str, Member]:
    """Return the members that a class defines itself."""
    stored = _record(env, where)
    if not stored:
        return _own_outside(where)
    record, index = stored
    place = Place("class", where.partition(".")[0], where)
    owner = describe(env, place)[0] or without_flavour(where)
    found = {}
    for name, spans in record["m"].items():
        code = value_at(spans, index)
        if code:
            signature = parse_signature(code[1:]) if code[0] == "m" else None
            found[name] = Member(name, _KINDS[code[0]], signature, owner)
    return found


def _own_outside(base: str) -> dict[str, Member]:
    """Return the members of a class outside of the atlas, as far as they are known."""
    owner = base.removeprefix("~")
    if _MODULE.fullmatch(base):
        return {name: Member(name, kind, None, owner) for name, kind in _OF_MODULE.items()}
    found = _standard(owner)
    return {
        name: Member(name, "method" if callable(getattr(found, name)) else "attribute", None, owner)
        for name in (dir(found) if found else ())
        if not name.startswith("__")
    }


def _standard(path: str) -> type | None:
    """Return a class of the standard library, `None` if the path is none."""
    module, _, name = path.rpartition(".")
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    import importlib

    found = getattr(importlib.import_module(module), name, None)
    return found if isinstance(found, type) else None


def _bases(env: Environment, where: str) -> list[str]:
    """Return the coded bases of a class; see `build.classes.Class`."""
    stored = _record(env, where)
    if not stored:
        return [_UNKNOWN]
    record, index = stored
    return [_resolved(env, base) for base in (value_at(record["b"], index) or "").split()]


def _resolved(env: Environment, base: str) -> str:
    """Return a coded base, a class of another package as the atlas knows it."""
    if not base.startswith("~"):
        return base
    place = find(env, base[1:])
    return place.where if place and place.kind == "class" else base


@functools.lru_cache(maxsize=4096)
def _ancestors(env: Environment, where: str) -> tuple[str, ...]:
    """Return a class and all that it inherits from, in the order of look-up.

    Besides `module:name` there are the codes of what is not in the atlas. A class that several
    inherit from comes after all of them, as in Python.
    """
    order = [where]
    if ":" in where:
        for base in _bases(env, where):
            if base[0] not in "+=":
                order += _ancestors(env, base)
    return tuple(reversed(dict.fromkeys(reversed(order))))


def _may_have(env: Environment, where: str, name: str) -> bool:
    """Return whether a class may have a name that it is not known to have."""
    ancestors = _ancestors(env, where)
    if _MARK.fullmatch(name) or any(
        _outside_may_have(base, name) for base in ancestors if ":" not in base
    ):
        return True
    others = (
        other[1:]
        for base in ancestors
        if ":" in base
        for other in _bases(env, base)
        if other[0] == "+" or (other[0] == "=" and base == where)
    )
    classes = {base for other in others for base in _ancestors(env, other)}
    if "~torch.nn.Module" in classes and name in _TORCH_MODULE:
        return True
    return any(name in _own(env, base) for base in classes)


def _outside_may_have(base: str, name: str) -> bool:
    """Return whether a class outside of the atlas may have a name that it is not known to have."""
    if _TRACKABLE.fullmatch(base) or _MODULE.fullmatch(base):
        return _PRIVATE.match(name) is not None
    return _standard(base.removeprefix("~")) is None
