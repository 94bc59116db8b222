"""`check` and `migrate` agree: what one would change or name for a program, the other finds.

`migrate` is asked to fit each program to the installed release of each Keras that it uses, which is
what `check --fix` does. Where a difference is right, the reason stands at its function here.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS
from test_reports import CASES

from keras_imports import atlas
from keras_imports.atlas.build import archives
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.check.target_findings import is_prepared
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse
from keras_imports.python.tree import Tree

INSTALLED = (f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}")
ENV = atlas.environment([*INSTALLED, "keras-core==0.1.7"])
JOB = Job(parse_target("keras"), installed=ENV)

# Which Keras are installed side by side is not asked by `migrate`, which has one target: what is
# mixed, switched or shadowed, and packages that belong to one of them. Of what is private and has
# no public path `migrate` names only what it writes itself.
ONLY_CHECK = {"KI002", "KI004", "KI005", "KI006", "KI009", "KI220"}

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
PROGRAMS = {
    f"{case.title} {file}": text
    for case in CASES
    for file, text in case.files.items()
    if file.endswith(".py")
}


class Program:
    """A program, what `check` finds in it, and what `migrate` makes of it."""

    def __init__(self, text: str) -> None:
        self.source = Source("program.py", text, parse(text))
        self.module = CheckedModule(self.source, Setting(ENV))
        self.tree: Tree = self.module.tree
        self.found: list[Finding] = check_module(self.module)
        self.outcome: Outcome = migrate_text(text, JOB)

    def statement(self, line: int) -> ast.stmt | None:
        """The statement on a line: a finding stands where its call begins, not at the argument."""
        return next(reversed(self.tree.statements_at(line)), None)

    @property
    def touched(self) -> Iterator[int]:
        """The lines that are changed, or named for a reason that is not style."""
        old, new = self.source.lines, self.outcome.text.split("\n")
        for tag, start, end, *_ in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
            yield from (n + 1 for n in range(start, end) if tag != "equal" and old[n].strip())
        yield from (each.line for each in self.outcome.left if each.reason != "style")

    def is_comment(self, line: int) -> bool:
        """A comment goes with the statement below it, which has the finding."""
        return self.source.lines[line - 1].lstrip().startswith("#")

    def is_only_import(self, line: int) -> bool:
        """An import changes with the uses of its names, which have the findings."""
        return isinstance(self.statement(line), (ast.Import, ast.ImportFrom))

    def is_of_failing_import(self, line: int) -> bool:
        """What an import cannot give is found there, and not again at each use."""
        failing = set()
        for finding in self.found:
            statement = self.statement(finding.line)
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                failing |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
        statement = self.statement(line)
        nodes = ast.walk(statement) if statement is not None else ()
        return any(isinstance(node, ast.Name) and node.id in failing for node in nodes)

    def is_prepared(self, line: int) -> bool:
        """What asks for a version first, or catches what fails, is right where it stands."""
        return any(is_prepared(each, line) for each in self.tree.statements_at(line))

    def is_only_warned_of(self, line: int) -> bool:
        """What Keras 3 takes with a warning is no finding; it becomes what the warning asks for."""
        warned_of = r"\b(?:input_shape|input_dim|alpha) *="
        return re.search(warned_of, self.source.lines[line - 1]) is not None

    def is_set_here(self, line: int) -> bool:
        """An attribute that the program sets itself may be its own."""
        set_here = self.module.attributes_set
        return any(f".{name}" in self.source.lines[line - 1] for name in set_here)

    def missed(self) -> list[str]:
        """What `migrate` changes or names, and `check` does not find."""
        found = {id(self.statement(each.line)) for each in self.found}
        return [
            f"{line}: {self.source.lines[line - 1].strip()}"
            for line in sorted(set(self.touched))
            if id(self.statement(line)) not in found
            and not self.is_comment(line)
            and not self.is_only_import(line)
            and not self.is_of_failing_import(line)
            and not self.is_prepared(line)
            and not self.is_only_warned_of(line)
            and not self.is_set_here(line)
        ]

    def left_unnamed(self) -> list[str]:
        """What `check` finds in the result that `migrate` did not name, in it or before."""
        after = Program(self.outcome.text)
        named = {each.line for each in after.outcome.left}
        named |= {each.line_now for each in self.outcome.left if each.line_now}
        statements = {id(after.statement(line)) for line in named}
        return [
            f"{each.line}: {each.code} {each.says}"
            for each in after.found
            if each.code not in ONLY_CHECK and id(after.statement(each.line)) not in statements
        ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_migrate_touches_is_found_by_check(name):
    assert not Program(PROGRAMS[name]).missed()


@pytest.mark.parametrize("name", PROGRAMS)
def test_check_finds_after_migrate_only_what_was_named(name):
    assert not Program(PROGRAMS[name]).left_unnamed()


@pytest.mark.slow
def test_they_agree_over_published_packages(monkeypatch):
    """Over a sample of the packages that `benchmarks/` measures."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    packages = runpy.run_path(str(BENCHMARKS / "measuring.py"))["PACKAGES"]
    disagreed = {}
    for name, text in [*_files(packages)][::8]:
        program = Program(text)
        rows = program.missed() + program.left_unnamed()
        disagreed.update({name: rows} if rows else {})
    assert not disagreed


def _files(packages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The Python files of some packages that mention Keras, and can be parsed."""
    for package in packages:
        name, _, version = package.partition("==")
        texts = archives.sources(name, version, re.compile(r".*\.py"), archives.default_cache())
        for path, text in texts.items():
            with contextlib.suppress(SyntaxError):
                if "keras" in text and parse(text.replace("\r\n", "\n")):
                    yield f"{package} {path}", text.replace("\r\n", "\n")
