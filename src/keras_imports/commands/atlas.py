"""`keras-imports atlas`: build the stored data, add a release to it, compare two releases."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from keras_imports import atlas
from keras_imports.atlas import storage
from keras_imports.commands import add_examples
from keras_imports.flavours import DISTRIBUTIONS, FLAVOURS, PACKAGES, canonical
from keras_imports.python.signatures import changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_imports.atlas.build.extract import Releases


@dataclass
class Difference:
    """The public API of one release against another's; paths are without the flavour."""

    left: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of the command, and what each takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    text = "make the atlas anew from the published archives"
    build = actions.add_parser("build", help=text, description=f"{text.capitalize()}.")
    add_examples(build, "keras-imports atlas build")
    build.add_argument("--output", metavar="FILE", help="write here instead of into the package")
    build.set_defaults(act=_build)

    text = "add one release to the atlas, from its published archive"
    add = actions.add_parser("add", help=text, description=f"{text.capitalize()}.")
    add_examples(add, "keras-imports atlas add keras==3.16.0")
    add.add_argument("release", metavar="DISTRIBUTION==VERSION", help="e.g. tf-keras==2.22.0")
    add.set_defaults(act=_add)

    text = "say what left, came, moved or changed its signature between two releases"
    diff = actions.add_parser("diff", help=text, description=f"{text.capitalize()}.")
    add_examples(diff, "keras-imports atlas diff keras==2.15 keras==3.15")
    diff.add_argument("a", metavar="A", help="e.g. keras==2.15")
    diff.add_argument("b", metavar="B", help="e.g. keras==3.15")
    diff.add_argument("--json", action="store_true", help="for programs")
    diff.set_defaults(act=_diff)


def run(args: argparse.Namespace) -> int:
    """Do what the action says and return the exit status."""
    try:
        status: int = args.act(args)
    except ModuleNotFoundError as error:
        if error.name != "keras_imports.atlas.build":
            raise
        reason = "what builds the atlas is in the repository alone: run this in a checkout of it"
        raise ValueError(reason) from None
    return status


def _build(args: argparse.Namespace) -> int:
    """Build the atlas from the archives of all releases."""
    from keras_imports.atlas.build import archives, read_all

    _write(read_all(archives.default_cache()), Path(args.output or storage.PATH))
    return 0


def _add(args: argparse.Namespace) -> int:
    """Add one release to the atlas."""
    from keras_imports.atlas.build import add, archives, list_release

    name, equals, version = args.release.replace(" ", "").partition("==")
    if not equals:
        raise ValueError(f"{args.release!r} is not DISTRIBUTION==VERSION, such as keras==3.16.0")
    distribution = canonical(name)
    _write(add(distribution, version, archives.default_cache()), Path(storage.PATH))
    list_release(distribution, version)
    return 0


def _write(releases: Releases, path: Path) -> None:
    """Build the atlas of these releases and say what it holds."""
    from keras_imports.atlas.build import build

    build(releases, path)
    count = sum(map(len, releases.values()))
    print(f"{path}: {count} releases, {path.stat().st_size:,} bytes")


def _diff(args: argparse.Namespace) -> int:
    """Print the difference between two releases."""
    difference = compare(_parsed(args.a), _parsed(args.b))
    if args.json:
        print(json.dumps(asdict(difference), indent=2))
        return 0
    print(
        f"left {len(difference.left)}, came {len(difference.came)}, "
        f"moved {len(difference.moved)}, changed signature {len(difference.changed)}"
    )
    for path in difference.left:
        print(f"- {path}")
    for path in difference.came:
        print(f"+ {path}")
    for path, new in difference.moved.items():
        print(f"> {path} → {new}")
    for path, change in difference.changed.items():
        print(f"~ {path}: {change}")
    return 0


def compare(old: tuple[str, str], new: tuple[str, str]) -> Difference:
    """Compare the public APIs of two releases, each a flavour and a version."""
    old_flavour, new_flavour = old[0], new[0]
    old_env, new_env = atlas.flavour_environment(*old), atlas.flavour_environment(*new)
    old_api = {_below(path, old_flavour): s for path, s in atlas.api(old_env, old_flavour).items()}
    new_api = {_below(path, new_flavour): s for path, s in atlas.api(new_env, new_flavour).items()}
    difference = Difference(came=sorted(new_api.keys() - old_api.keys()))
    for path, symbol in sorted(old_api.items()):
        if path not in new_api:
            elsewhere = atlas.public_path(new_env, new_flavour, symbol)
            if elsewhere:
                difference.moved[path] = _below(elsewhere, new_flavour)
            else:
                difference.left.append(path)
            continue
        before = atlas.lookup(old_env, f"{old_flavour}.{path}")
        after = atlas.lookup(new_env, f"{new_flavour}.{path}")
        change = changes(before.signature, after.signature) if before and after else ""
        if change:
            difference.changed[path] = change
    return difference


def _parsed(text: str) -> tuple[str, str]:
    """Return the flavour and the version that `keras==2.15` or `tensorflow==2.15` names."""
    name, equals, release = text.partition("==")
    flavour = PACKAGES.get(DISTRIBUTIONS.get(name, name), name)
    if not equals or flavour not in FLAVOURS:
        raise ValueError(f"{text!r} is not FLAVOUR==RELEASE, such as keras==2.15")
    return flavour, release


def _below(path: str, flavour: str) -> str:
    """Return a path without its flavour."""
    return path[len(flavour) + 1 :]
