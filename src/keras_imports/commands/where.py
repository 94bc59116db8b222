"""`keras-imports where SYMBOL`: how to import it in each flavour, and how that was before."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from keras_imports import atlas
from keras_imports.atlas import Signature
from keras_imports.commands import add_examples
from keras_imports.flavours import FLAVOURS, TARGETS, flavour_of, root_of
from keras_imports.knowledge.lifetimes import elsewhere, lifetime, releases_with, runs
from keras_imports.knowledge.target import parse_target
from keras_imports.python.signatures import render
from keras_imports.versions import version_key

WIDTH = 100  # columns
_NAME = re.compile(r"[^\W\d][\w.]*")
_ERROR = re.compile(
    r"\b\w*(?:Error|Exception): |Traceback \(|has no attribute|cannot import name|No module named"
)


@dataclass(frozen=True)
class Answer:
    """How a symbol is imported in one release of a flavour; `path` is `None` if it is not."""

    flavour: str
    release: str
    path: str | None
    signature: Signature | None
    note: str | None

    @property
    def line(self) -> str | None:
        """The line to paste."""
        return import_line(self.path) if self.path else None


def import_line(path: str) -> str:
    """Return the statement that imports a path."""
    package, _, leaf = path.rpartition(".")
    return f"from {package} import {leaf}" if package else f"import {leaf}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(
        parser,
        "keras-imports where BatchNormalization",
        "keras-imports where K.mean --flavour keras --all",
        "keras-imports where keras.layers.normalization.BatchNormalization --release 2.15",
        "keras-imports where Model.fit_generator",
        "keras-imports where from keras.utils import np_utils",
        "keras-imports where 'Adam(lr=)'",
    )
    parser.add_argument(
        "asked",
        nargs="+",
        metavar="SYMBOL",
        help="a name, layers.NAME, K.NAME, CLASS.METHOD, any path of any release, "
        "or a line of code that uses one",
    )
    parser.add_argument("--release", metavar="VERSION", help="this release instead of the newest")
    parser.add_argument("--all", action="store_true", help="every release")
    parser.add_argument("--flavour", choices=tuple(FLAVOURS), help="this flavour only")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Print how the symbol is imported; return 1 if no release has it."""
    flavours = [args.flavour] if args.flavour else list(FLAVOURS)
    for flavour in flavours:
        atlas.releases(flavour)  # says so if there is no such flavour
    asked = " ".join(args.asked).strip().strip("`")
    name = asked.removesuffix("()")
    if _NAME.fullmatch(name) and not _is_of_tensorflow(name):
        return _name(name, flavours, args)
    if _ERROR.search(asked):
        raise ValueError("that is an error message, which `keras-imports why` explains")
    from keras_imports.asking.pasted import read_pasted
    from keras_imports.commands import where_code

    asked = read_pasted(asked).text  # without prompts and colours
    return where_code.answer(asked, flavours, args.release, args.json)


def _is_of_tensorflow(name: str) -> bool:
    """Return whether a name is TensorFlow's own: `tf.Session`, and not `tf.keras.Model`."""
    path = atlas.written_out(name)
    return path.startswith("tensorflow.") and not root_of(path) and not atlas.symbols(name)


def _name(name: str, flavours: list[str], args: argparse.Namespace) -> int:
    """Print how a name is imported, or of which class it is a method."""
    found = sorted(atlas.symbols(name), key=_rank)
    # A method of a class is no symbol, though its path leads to something.
    is_symbol = "" in found or any(map(atlas.history, found))
    if not is_symbol and _is_member(name, flavours, args):
        return 0
    if not is_symbol and (private := _private_paths(name)):
        print(json.dumps([{"private": private}]) if args.json else "\n".join(_private(private)))
        return 0
    if not found:
        near = atlas.suggest(name) or _of_other_classes(name)
        hint = f"; near: {', '.join(near)}" if near else ""
        if args.json:
            print(json.dumps([]))
        else:
            print(f"no release of Keras has {name!r}{hint}")
        return 1
    chosen = _chosen_of(flavours, args)
    if args.json:
        print(json.dumps([_as_json(symbol, chosen) for symbol in found], indent=2))
    else:
        print("\n".join(_text(name, found, chosen, args.all)))
    return 0


def answer(symbol: str, flavour: str, release: str) -> Answer:
    """Return how `symbol` is imported when that release alone is installed."""
    env = atlas.flavour_environment(flavour, release)
    path = atlas.public_path(env, flavour, symbol)
    entry = atlas.lookup(env, path) if path else None
    return Answer(
        flavour,
        release,
        path,
        entry.signature if entry else None,
        entry.note if entry else None,
    )


def _is_member(name: str, flavours: list[str], args: argparse.Namespace) -> bool:
    """Print which classes have a method or attribute of the name; return whether any has."""
    from keras_imports.asking.members import owners
    from keras_imports.commands import where_members

    its = owners(name)
    found = [owner for owner in its if any(flavour in owner.spans for flavour in flavours)]
    if not found:
        return False
    chosen = _chosen_of(flavours, args)
    if args.json:
        print(json.dumps(where_members.as_json(found, chosen), indent=2))
    else:
        print("\n".join(where_members.text(found, chosen)))
    return True


def _of_other_classes(name: str) -> list[str]:
    """Return the methods and attributes of the same name that other classes have."""
    from keras_imports.asking.members import owners

    path, _, leaf = name.rpartition(".")
    return [owner.path for owner in owners(leaf)] if path else []


def _private_paths(name: str) -> tuple[str, ...]:
    """Return where private modules have a name, without those that only test Keras."""
    leaf, end = name.rpartition(".")[2], f".{atlas.written_out(name)}"
    found = tuple(path for path in atlas.private_paths(leaf) if "test" not in path)
    return tuple(path for path in found if path.endswith(end)) or found


def _private(paths: Iterable[str]) -> Iterable[str]:
    """Yield where a name is that only private modules have, and what to write instead."""
    from keras_imports.asking.paths import instead_of

    yield "a private name, which may move in any release:"
    for path in paths:
        flavour = flavour_of(path)
        yield f"  `{path}` {lifetime(flavour, releases_with(path))}"
        newest = parse_target(flavour if flavour in TARGETS else "keras")
        for advice in instead_of(path, newest):
            yield from wrapped("    ", advice)


def _chosen_of(flavours: list[str], args: argparse.Namespace) -> dict[str, list[str]]:
    """Return the releases of each flavour that are asked for.

    Raises `ValueError` if there are none.
    """
    chosen = {flavour: _chosen(flavour, args.release, args.all) for flavour in flavours}
    chosen = {flavour: some for flavour, some in chosen.items() if some}
    if not chosen:
        known = "; ".join(
            f"{f} {atlas.releases(f)[0]} to {atlas.releases(f)[-1]}" for f in flavours
        )
        raise ValueError(f"release {args.release!r} is not in the atlas: {known}")
    return chosen


def _chosen(flavour: str, release: str | None, every: bool) -> list[str]:
    """Return the releases of a flavour that are asked for, newest first."""
    known = atlas.releases(flavour)
    if release:
        try:
            return [atlas.nearest(flavour, release)]
        except ValueError:
            return []
    return list(reversed(known)) if every else [known[-1]]


def _rank(symbol: str) -> tuple[bool, bool, int, str]:
    """Return a key that sorts what people most likely mean first: what the newest releases have."""
    newest = [answer(symbol, flavour, atlas.releases(flavour)[-1]).path for flavour in FLAVOURS]
    return (not newest[0], not newest[1], symbol.count("."), symbol)


# Text


def _text(
    asked: str, found: list[str], chosen: dict[str, list[str]], as_table: bool
) -> Iterable[str]:
    from keras_imports.commands import where_history

    meant = [symbol for symbol in found if not symbol.startswith("compat.")] or found
    yield from _asked(asked)
    if len(meant) > 1:
        yield f"{asked} is ambiguous: {', '.join(meant)}"
        yield ""
    for number, symbol in enumerate(meant):
        if number:
            yield ""
        yield symbol or "Keras itself"
        yield from _answers(symbol, chosen)
    if len(meant) == 1:
        yield from _instead(meant[0], chosen)
        yield from _signature(meant[0], chosen)
        history = where_history.as_table if as_table else where_history.in_words
        yield from history(meant[0], list(chosen))
    for symbol in found:
        if symbol not in meant:
            yield ""
            yield f"Not the same: {_legacy_path(symbol)}, which behaves as in TensorFlow 1"


def _asked(path: str) -> Iterable[str]:
    """Yield where a full path that was asked for works."""
    path = atlas.written_out(path)
    flavour = flavour_of(path)
    if "." not in path or not flavour:
        return
    entries = [
        (release, atlas.lookup(atlas.flavour_environment(flavour, release), path))
        for release in atlas.releases(flavour)
    ]
    working = [release for release, entry in entries if entry]
    kind = "public" if any(entry and entry.public for _, entry in entries) else "private"
    package = FLAVOURS[flavour].package
    if working:
        yield f"{path} ({kind}) works in {package} {runs(working, atlas.releases(flavour))}"
        yield ""
    elif not atlas.symbols(path):
        return
    else:
        yield f"{path} is in no release of {package}"
        for sentence in elsewhere(path):
            yield from wrapped("", sentence)
        yield ""


def _answers(symbol: str, chosen: dict[str, list[str]]) -> Iterable[str]:
    rows = [
        answer(symbol, flavour, release) for flavour, some in chosen.items() for release in some
    ]
    labels = [f"{row.flavour} {row.release}" for row in rows]
    width = max(map(len, labels))
    for label, row in zip(labels, rows, strict=True):
        if row.line:
            note = f"  # {row.note}" if row.note else ""
            yield f"  {label:{width}}  {row.line}{note}"
        else:
            yield f"  {label:{width}}  – {_absent(symbol, row)}"


def _absent(symbol: str, row: Answer) -> str:
    """Return why a release has no line: since when, until when, and what bears the name."""
    leaf = symbol.rpartition(".")[2]
    env = atlas.flavour_environment(row.flavour, row.release)
    paths = [atlas.public_path(env, row.flavour, other) for other in atlas.symbols(leaf)]
    others = sorted(path for path in paths if path)
    another = f"; another {leaf} is {', '.join(others)}" if others else ""
    spans = atlas.history(symbol).get(row.flavour, ())
    if not spans:
        return "never had it" + another
    key = version_key
    first = min((span.first for span in spans), key=key)
    last = max((span.last for span in spans), key=key)
    if key(row.release) < key(first):
        return f"only since {first}{another}"
    if key(row.release) > key(last):
        return f"only until {last}{another}"
    return f"{first} – {last}, not here{another}"


def _instead(symbol: str, chosen: dict[str, list[str]]) -> Iterable[str]:
    """Yield what to write in the first flavour that had a symbol, and has it no more."""
    for flavour, some in chosen.items():
        spans = atlas.history(symbol).get(flavour, ())
        if (
            not spans
            or flavour not in TARGETS
            or version_key(some[0]) <= version_key(spans[0].last)
        ):
            continue
        from keras_imports.asking.paths import instead_of  # few ask for it, and it takes time

        for advice in instead_of(spans[0].path, parse_target(f"{flavour}=={some[0]}")):
            yield ""
            yield from wrapped(f"Instead, in {flavour} {some[0]}: ", advice)
        return


def _signature(symbol: str, chosen: dict[str, list[str]]) -> Iterable[str]:
    """Yield the first flavour's signature, and how that of the others differs."""
    from keras_imports.commands.where_history import difference

    first: Signature | None = None
    for flavour, some in chosen.items():
        row = answer(symbol, flavour, some[0])
        if row.signature is None:
            continue
        label = f"{flavour} {row.release}"
        if first is None:
            first = row.signature
            call = f"{symbol.rpartition('.')[2]}({render(first)})"
            yield ""
            yield f"Signature in {label}"
            yield from textwrap.wrap(call, WIDTH, initial_indent="  ", subsequent_indent="      ")
        elif row.signature != first:
            yield from wrapped(f"  {label} ", difference(first, row.signature))


def wrapped(head: str, text: str) -> list[str]:
    """Return text after a head, its further lines below its first."""
    lines = textwrap.wrap(text, max(WIDTH - len(head), 30)) or [""]
    return [(head + lines[0]).rstrip(), *(" " * len(head) + line for line in lines[1:])]


def _legacy_path(symbol: str) -> str:
    return f"tensorflow.compat.v1.keras.{symbol.removeprefix('compat.v1.')}"


# JSON


def _as_json(symbol: str, chosen: dict[str, list[str]]) -> dict[str, object]:
    rows = [
        answer(symbol, flavour, release) for flavour, some in chosen.items() for release in some
    ]
    return {
        "symbol": symbol,
        "answers": [asdict(row) | {"import": row.line} for row in rows],
        "history": {
            flavour: [asdict(span) for span in spans]
            for flavour, spans in atlas.history(symbol).items()
            if flavour in chosen
        },
    }
