"""`keras-imports migrate`: move a code base to another flavour or release of Keras."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from keras_imports.flavours import generation
from keras_imports.knowledge.declared import written_for
from keras_imports.knowledge.origin import Origin, named
from keras_imports.knowledge.target import Target, parse_target
from keras_imports.migrate.files.in_place import DOCUMENTS, migrate_file
from keras_imports.migrate.imported_names import names_of, shared_names
from keras_imports.migrate.outcome import Code, Outcome
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.parallel import spread
from keras_imports.python.sources import SUFFIXES, Problem, walk
from keras_imports.report import use_colour

ANSWERS, PORTABLE = ".copier-answers.yml", "keras_flavour"  # of generated projects
_ALONE = 64  # so few files are not worth a second process
_COLOURS = {"+": "32", "-": "31", "@": "36"}


@dataclass(frozen=True)
class Result:
    """What became of one file; `before` is its old text where a difference is wanted."""

    file: str
    outcome: Outcome
    before: str = ""
    code: Code | None = None  # what it needs, where that is wanted


def run(args: argparse.Namespace) -> int:
    """The command: move, or show what would move; 0 if nothing is left to do by hand."""
    args.portable = _portable(args.paths)
    to = parse_target(args.to, args.portable)
    write = not (args.diff or args.check)
    args.given = (named(args.source),) if args.source else tuple(_declared(args.paths, to))
    colour = use_colour(sys.stdout)
    counts: Counter[str] = Counter()
    rows: list[dict] = []
    for result in _results(args, to, write):
        counts["files"] += 1
        if isinstance(result, Problem):
            counts["problem"] += 1
            print(result, file=sys.stderr)
            rows.append({"file": result.file, "problem": result.message})
            continue
        outcome = result.outcome
        counts["changed"] += outcome.changed
        counts["left"] += len(outcome.left)
        if outcome.changed and args.diff:
            sys.stdout.writelines(_difference(result, colour))
        elif outcome.changed:
            print(f"{'would move' if args.check else 'moved'} {result.file}")
        for note in filter(None, (outcome.problem, *outcome.notes)):
            counts["problem"] += 1
            print(f"{result.file}: {note}; left as it is", file=sys.stderr)
        for left in outcome.left:
            print(text(result.file, left, write), file=sys.stderr)
        if outcome.changed or outcome.left or outcome.problem or outcome.notes:
            rows.append(_row(result))
    if args.json:
        report = {"to": str(to), "files": rows}
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2, ensure_ascii=False)
            file.write("\n")
    print(_summary(counts, to, write), file=sys.stderr)
    if counts["problem"]:
        return 2
    return 1 if counts["left"] or (args.check and counts["changed"]) else 0


def _results(args: argparse.Namespace, to: Target, write: bool) -> Iterator[Result | Problem]:
    """What becomes of the code, and then of the files that say what it requires."""
    one = partial(move, args=args, to=to, write=write)
    suffixes = (*SUFFIXES, *DOCUMENTS) if args.docs else SUFFIXES
    if not args.dependencies:
        yield from spread(one, _shared(files(args.paths, suffixes), args.paths), _ALONE)
        return
    from keras_imports.migrate.files import dependencies

    paths = [path for path in args.paths if os.path.isdir(path) or not dependencies.is_data(path)]
    found = []
    for result in spread(one, _shared(files(paths, suffixes), paths), _ALONE):
        if isinstance(result, Result) and result.code is not None:
            found.append(result.code)
        yield result
    goal = dependencies.Goal(to, "==" in args.to, dependencies.total(found))
    declaring = []
    for item in files(args.paths, dependencies.SUFFIXES):
        if isinstance(item, str):
            declaring.append(item)
        elif dependencies.is_data(item.file):
            yield item
    for path, before, outcome in dependencies.migrate_dependencies(declaring, goal, write):
        yield Result(path, outcome, before)


def _shared(
    items: Iterable[str | Problem], paths: Iterable[str]
) -> Iterator[tuple[str, frozenset[str]] | Problem]:
    """Each file, with the names that others import from it."""
    shared = shared_names(item for item in files(paths, SUFFIXES) if isinstance(item, str))
    for item in items:
        yield item if isinstance(item, Problem) else (item, names_of(item, shared))


def move(
    work: tuple[str, frozenset[str]] | Problem, args: argparse.Namespace, to: Target, write: bool
) -> Result | Problem:
    """Move one file, in whatever process."""
    if isinstance(work, Problem):
        return work
    (item, shared), before, code = work, "", None
    known = {"given": args.given, "portable": args.portable, "shared": shared}
    outcome = migrate_file(item, to, **known, write=write, docs=args.docs)
    if args.dependencies and not item.endswith(DOCUMENTS):
        from keras_imports.migrate.files.dependencies import needs

        code = needs(outcome)
    if args.diff and outcome.changed:
        before = _decoded(item)
    elif not args.diff:  # the text is large, and nobody asks for it
        outcome = Outcome("", outcome.changed, outcome.left, outcome.problem, outcome.notes)
    return Result(item, outcome, before, code)


def files(paths: Iterable[str], suffixes: tuple[str, ...]) -> Iterator[str | Problem]:
    """The files below the paths, without those that git ignores or that are links out of them."""
    for path in paths:
        ignored = _ignored(path) if os.path.isdir(path) else frozenset()
        base = os.path.join(os.path.realpath(path), "")
        for item in walk([path], suffixes):
            if isinstance(item, str) and item != path:
                if os.path.splitext(item)[0].endswith(PORTABLE):  # about all flavours on purpose
                    continue
                whole = base + item[len(path) :].lstrip(os.sep)
                if os.path.islink(item):  # no directory on the way is one
                    whole = os.path.realpath(item)
                if any(whole == i or whole.startswith(i + os.sep) for i in ignored):
                    continue
                if not whole.startswith(base):
                    item = Problem(item, "a link to a file outside, not followed")
            yield item


def _declared(paths: Iterable[str], to: Target) -> Iterator[Origin]:
    """The Keras that the code is written for, where the project declares that without doubt.

    Who declares what the code is moved to may have changed that first.
    """
    for flavour, fitting in written_for(paths):
        kinds = {generation(flavour, release) for release in fitting}
        is_new = flavour == to.flavour and to.generation in kinds
        if len(kinds) == 1 and flavour != "tensorflow.keras" and not is_new:
            yield Origin(flavour, fitting[-1], exact=True, declared=True)


def _portable(paths: Iterable[str]) -> str | None:
    """The module of a portable generated project that hands out Keras, as it is imported."""
    for path in paths:
        start = Path(path).absolute()
        for directory in (start, *start.parents):
            if (directory / ANSWERS).is_file():
                found = sorted(directory.glob(f"src/*/{PORTABLE}.py"))
                return f"{found[0].parent.name}.{PORTABLE}" if found else None
    return None


def _decoded(file: str) -> str:
    """The text of a file that could be moved, and so be read."""
    data = Path(file).read_bytes()
    if file.endswith(".ipynb"):
        return data.decode("utf-8-sig")
    return data.decode(tokenize.detect_encoding(BytesIO(data).readline)[0])


def _ignored(directory: str) -> frozenset[str]:
    """Files and directories that git ignores; none where there is no git, or no repository."""
    command = ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard"]
    try:
        found = subprocess.run(
            [*command, "--directory"], cwd=directory, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    base = os.path.realpath(directory)
    names = os.fsdecode(found.stdout).split("\0")
    return frozenset(os.path.join(base, name.rstrip("/")) for name in names if name)


def text(file: str, left: Unfixed, written: bool) -> str:
    """A place that was left, as a line for people: where it is, or was if nothing is written."""
    line = (written and left.line_now) or left.line
    cell = "" if left.cell is None else f":cell {left.cell}"
    advice = f"; {left.advice}" if left.advice else ""
    return f"{file}{cell}:{line}:{left.column}: {left.message}{advice}"


def _row(result: Result) -> dict:
    left = [
        {k: v for k, v in asdict(place).items() if v is not None} for place in result.outcome.left
    ]
    row: dict = {"file": result.file, "changed": result.outcome.changed, "left": left}
    if result.outcome.problem:
        row["problem"] = result.outcome.problem
    if result.outcome.notes:
        row["notes"] = list(result.outcome.notes)
    return row


def _difference(result: Result, colour: bool) -> Iterator[str]:
    before, after = _lines(result.before), _lines(result.outcome.text)
    name = os.path.normpath(result.file).lstrip(os.sep)
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        shown = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        code = _COLOURS.get(line[:1])
        yield f"\033[{code}m{shown.rstrip()}\033[0m\n" if colour and code else shown


def _lines(text: str) -> list[str]:
    """Lines as other tools understand them: a form feed does not end one."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _summary(counts: Counter[str], to: Target, write: bool) -> str:
    done = "moved" if write else "would be moved"
    name = to if to.root == to.flavour else f"portable, on {to}"
    parts = [f"{counts['changed']} of {counts['files']} files {done} to {name}"]
    if counts["left"]:
        plural = "s" if counts["left"] > 1 else ""
        parts.append(f"{counts['left']} place{plural} left to you, named above")
    if counts["problem"]:
        plural = "s" if counts["problem"] > 1 else ""
        parts.append(f"{counts['problem']} problem{plural}")
    return "; ".join(parts)
