"""What people reported: programs that fail under their target, and what is right to say of them.

The programs are in `tests/data/reports`, whose README.md describes how they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import cli

FOLDER = Path(__file__).parent / "data" / "reports"
COMMANDS = ("migrate", "check")
INSTALLED = (f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}")

_MARK = re.compile(r"  #([!?=~])(-?)(?: (.*))?$")
_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """What is right for one line: `sign` is that of the README; `quiet` that check may pass."""

    sign: str
    quiet: bool
    words: str


@dataclass(frozen=True)
class Case:
    """A program: its files with their marks by line, and what is asked of it."""

    title: str
    about: dict[str, str]
    files: dict[str, str]
    marks: dict[tuple[str, int], Mark]

    @property
    def pending(self) -> set[str]:
        return set(re.findall(r"\w+", self.about.get("pending", "")))


def _case(kind: str, block: str) -> Case:
    title, _, rest = block.partition("\n")
    about, _, body = rest.partition("\n\n") if not rest.startswith("\n") else ("", "", rest[1:])
    settings = dict(re.findall(r"^(\w+)(?:: *(.*))?$", about, re.MULTILINE))
    assert set(settings) <= {"to", "from", "backend", "pending", "stays"}, title
    name, *others = _FILE.split(body)
    parts = [("program.py", name)] if name.strip() else []
    parts += zip(others[::2], others[1::2], strict=True)
    files, marks = {}, {}
    for file, text in parts:
        lines = []
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            mark = _MARK.search(line)
            if mark:
                marks[file, number] = Mark(mark[1], bool(mark[2]), mark[3] or "")
            lines.append(line[: mark.start()] if mark else line)
        files[file] = "\n".join(lines) + "\n"
    return Case(f"{kind}: {title}", settings, files, marks)


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            yield _case(path.stem, block)


CASES = tuple(cases())


def wrong_in_migrate(case: Case, folder: Path) -> list[str]:
    """What `migrate` does that is not right, line by line."""
    report = folder.parent / f"{folder.name}.json"
    source = ["--from", case.about["from"]] if "from" in case.about else []
    to = case.about.get("to", f"keras=={KERAS}")
    options = [*source, *_backend(case), "--json", str(report)]
    cli.main(["migrate", str(folder), "--to", to, *options])
    said: dict[tuple[str, int], str] = {}
    for row in json.loads(report.read_text("utf-8"))["files"]:
        assert "problem" not in row, row
        file = Path(row["file"]).relative_to(folder).as_posix()
        for left in row["left"]:
            at = file, left["line"]
            said[at] = f"{said.get(at, '')}\n{left['message']}; {left['advice']}"
    texts = {file: (folder / file).read_text("utf-8") for file in case.files}
    wrong = []
    if "stays" in case.about and texts != case.files:
        wrong.append(f"it changes: {texts}")
    for at in sorted({*said, *case.marks}):
        wrong += _wrong_at(at, case, texts[at[0]], said.get(at, ""))
    return wrong


def _backend(case: Case) -> list[str]:
    return ["--backend", case.about["backend"]] if "backend" in case.about else []


def _wrong_at(at: tuple[str, int], case: Case, new: str, said: str) -> Iterator[str]:
    """Yield what is wrong at one line of a case."""
    file, line = at
    mark, code = case.marks.get(at), case.files[file].split("\n")[line - 1]
    place = f"{file}:{line}: `{code.strip()}`"
    if mark is None:
        yield f"{place}: nothing is wrong there, but migrate says:{said}"
    elif mark.sign == "=":
        becomes = mark.words.replace("\\n", "\n").strip()
        if said or becomes not in new:
            yield f"{place} does not become `{becomes}`:{said}\n{new}"
    elif mark.sign in "!?":
        is_named = said and all(word in said for word in mark.words.split(" / "))
        is_changed = mark.sign == "?" and code not in new.split("\n")
        if not (is_named or is_changed):
            yield f"{place} is not named by `{mark.words}`:{said}"


def wrong_in_check(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `check` finds or misses, line by line."""
    to = case.about.get("to", "").replace("tensorflow.keras", "tensorflow")
    names = (to,) if "==" in to else INSTALLED
    installed = [part for name in names for part in ("--installed", name)]
    cli.main(["check", str(folder), "--json", *_backend(case), *installed])
    rows = json.loads(capsys.readouterr().out)["findings"]
    found = {(Path(row["file"]).relative_to(folder).as_posix(), row["line"]): row for row in rows}
    missed = [at for at, mark in case.marks.items() if mark.sign in "!?=" and not mark.quiet]
    wrong = [
        f"{file}:{line}: nothing is found" for file, line in missed if (file, line) not in found
    ]
    return wrong + [f"{at}: {row}" for at, row in found.items() if at not in case.marks]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_is_right_is_done_and_said(case, command, tmp_path, capsys):
    folder = tmp_path / "project"
    for file, text in case.files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    if command == "migrate":
        wrong = wrong_in_migrate(case, folder)
    else:
        wrong = wrong_in_check(case, folder, capsys)
    if command in case.pending:
        assert wrong, f"{command} is right now: take it out of `pending`"
    else:
        assert not wrong, "\n".join(wrong)


def test_every_case_has_a_name_of_its_own():
    titles = [case.title for case in CASES]
    assert len(titles) == len(set(titles))
    assert {command for case in CASES for command in case.pending} <= set(COMMANDS)
