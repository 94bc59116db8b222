"""`keras-imports atlas diff A B`: what left, came, moved and changed between two releases."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field

from keras_imports import atlas
from keras_imports.commands.where import changes
from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, PACKAGES


@dataclass
class Difference:
    """The public API of one release against another's; paths are without the flavour."""

    left: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)


def run(args: argparse.Namespace) -> int:
    """Print the difference between `args.a` and `args.b`, such as `keras==2.15`."""
    found = difference(*_parse(args.a), *_parse(args.b))
    if args.json:
        print(json.dumps(asdict(found), indent=2))
        return 0
    print(
        f"left {len(found.left)}, came {len(found.came)}, moved {len(found.moved)}, "
        f"changed signature {len(found.changed)}"
    )
    for path in found.left:
        print(f"- {path}")
    for path in found.came:
        print(f"+ {path}")
    for path, new in found.moved.items():
        print(f"> {path} → {new}")
    for path, what in found.changed.items():
        print(f"~ {path}: {what}")
    return 0


def difference(flavour_a: str, release_a: str, flavour_b: str, release_b: str) -> Difference:
    """Compare the public APIs of two releases, of one flavour or two."""
    env_a = atlas.flavour_environment(flavour_a, release_a)
    env_b = atlas.flavour_environment(flavour_b, release_b)
    a = {_bare(path, flavour_a): symbol for path, symbol in atlas.api(env_a, flavour_a).items()}
    b = {_bare(path, flavour_b): symbol for path, symbol in atlas.api(env_b, flavour_b).items()}
    found = Difference(came=sorted(b.keys() - a.keys()))
    for path, symbol in sorted(a.items()):
        if path not in b:
            new = atlas.public_path(env_b, flavour_b, symbol)
            if new:
                found.moved[path] = _bare(new, flavour_b)
            else:
                found.left.append(path)
            continue
        old = atlas.lookup(env_a, f"{flavour_a}.{path}")
        new_entry = atlas.lookup(env_b, f"{flavour_b}.{path}")
        what = changes(old.signature, new_entry.signature) if old and new_entry else ""
        if what:
            found.changed[path] = what
    return found


def _parse(text: str) -> tuple[str, str]:
    flavour, equals, release = text.partition("==")
    flavour = PACKAGES.get(DISTRIBUTIONS.get(flavour, flavour), flavour)
    if not equals or flavour not in FLAVOURS:
        raise ValueError(f"{text!r} is not FLAVOUR==RELEASE, such as keras==2.15")
    return flavour, release


def _bare(path: str, flavour: str) -> str:
    return path[len(flavour) + 1 :]
