"""Carry a project over to its new answers: run by Copier after an update, in the project's folder.

Copier has merged the template's files by then, line by line. What remains is what takes knowledge
of Keras: conflicts that are about import lines alone, and the user's own modules. Nothing is
committed and no commit is touched, so that git undoes all of it. Only Copier's own dependencies,
the standard library and git are used.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import git
import yaml
from after_copy import ModelFailed, later, machine, run_model, show
from environment import CannotInstall
from merge.imports import settle_imports
from merge.lines import merge_lines
from project import Project, load_project
from terminal import own_interrupts
from validation import check_imports

from keras_imports.knowledge.origin import named
from keras_imports.knowledge.target import Target, parse_target
from keras_imports.migrate.files.in_place import migrate_file, write_atomically
from keras_imports.migrate.imported_names import names_of, shared_names
from keras_imports.migrate.outcome import Outcome

try:
    import tomllib
except ImportError:  # Python 3.10 has none
    tomllib = None

CODE = (".py", ".pyi", ".ipynb")
NOT_VALIDATED = "UPDATED, NOT VALIDATED"
STOPPED = "UPDATED IN PART, the migration stopped"
LABELS = ("before updating", "last update", "after updating")  # as Copier writes them


@dataclass(frozen=True)
class Move:
    """Where Keras code comes from, and where it goes."""

    target: Target
    source: str | None  # a flavour and its release; None: it is found out from the code
    portable: str | None  # the module that a portable project imports Keras from, if it was one


@dataclass
class Report:
    """What was done so far, and what is left to the user."""

    moved: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    obstacle: str = ""  # why the project cannot be run as it is

    def rows(self) -> dict[str, str]:
        """As rows of the closing table; what did not happen has none."""
        rows = {
            "moved": self.moved,
            "re-merged": self.merged,
            "removed": self.removed,
            "left to you": self.left,
        }
        return {name: "\n".join(lines) for name, lines in rows.items() if lines}


@dataclass(frozen=True)
class Verdict:
    """Whether the project works now, in words, what there is to show of it, and the exit code."""

    heading: str
    rows: dict[str, str]
    code: int = 0
    validated: bool = False


def main(answers_file: str) -> int:
    """Carry over the project in the current folder and validate it; give the exit code."""
    sys.stdout.reconfigure(errors="replace", line_buffering=True)
    project = load_project(Path.cwd(), answers_file)
    old = load_project_before(project, answers_file)
    report = Report()
    with own_interrupts():
        try:
            carry_over(project, old, report)
            verdict = judge(project, report)
        except KeyboardInterrupt:
            verdict = Verdict(STOPPED, {"reason": "interrupted"}, 1)
        except Exception as error:  # whatever it is: the user has to know what was done before
            verdict = Verdict(STOPPED, {"reason": f"{type(error).__name__}: {error}"}, 1)
    show(verdict.heading, {"keras": change(project, old), **report.rows(), **verdict.rows})
    if not verdict.validated:
        print(f"To validate it: {later(project, machine(project))}")
    cd = ["cd", str(project.path)]
    undo = [cd, ["git", "checkout", "HEAD", "--", "."], ["git", "clean", "-d", "--force", "."]]
    print(f"To undo all of it: {' && '.join(map(shlex.join, undo))}")
    print(f"To run it again: undo it, then {shlex.join(update_command(project, old))}")
    return verdict.code


def load_project_before(project: Project, answers_file: str) -> Project | None:
    """Read the answers of the last commit; None where it has none that mean something here."""
    text = git.committed(project.path, answers_file)
    answers = yaml.safe_load(text) if text else None
    if not isinstance(answers, dict) or answers.get("keras") not in project.facts["flavours"]:
        return None
    return Project(project.path, answers, project.facts)


def carry_over(project: Project, old: Project | None, report: Report) -> None:
    """Do all that can be done without running the project, and note it in the report."""
    move = plan_move(project, old)
    for path, versions in git.unmerged_files(project.path).items():
        if remerge(project.path, path, versions, move):
            report.merged.append(path)
    if keras_changed(project, old):
        migrate_own(project, move, report)
    note_left_overs(project.path, report)
    report.removed += whole_folders(project.path, git.removed_files(project.path))


def note_left_overs(project: Path, report: Report) -> None:
    """Search the whole project for what is not merged, this time or another."""
    unmerged = git.unmerged_files(project)
    for path, line in git.conflicts(project):
        advice = "choose a side, then `git add`" if path in unmerged else "an old one, settle it"
        report.left.append(f"{path}:{line}: a conflict: {advice}")
    rejects = git.rejects(project)
    report.left += [f"{path}: not merged: do it by hand, then remove this file" for path in rejects]
    if unmerged or rejects:
        report.obstacle = "conflicts are left"
    elif error := toml_error(project / "pyproject.toml"):
        report.obstacle = "pyproject.toml does not parse"
        report.left.append(f"pyproject.toml: {error}")


def plan_move(project: Project, old: Project | None) -> Move:
    """Decide where the project's Keras code goes, and say where it comes from."""
    destination = parse_target(project.answers["keras"], portable=project.root)
    if old is None:
        return Move(destination, None, None)
    flavour = old.answers["keras"]
    source = str(parse_target(flavour, portable=old.root))
    return Move(destination, source, old.root if flavour == "portable" else None)


def keras_changed(project: Project, old: Project | None) -> bool:
    """Tell whether the update changed which Keras the project imports, what runs it, or a range.

    Where it did not, the user's modules are none of the update's business.
    """
    if old is None or (old.root, old.backend) != (project.root, project.backend):
        return True
    path = project.path / "pyproject.toml"
    now = path.read_bytes() if path.is_file() else b""
    before = git.committed(project.path, path.name) or b""
    needs = [need.encode() for need in project.keras_requirements(project.hardware)]
    return any(need in now and need not in before for need in needs)


def remerge(project: Path, path: str, versions: dict[int, str], move: Move) -> bool:
    """Merge a file in conflict again, with what is known of its kind; tell whether it came clean.

    Python stays in conflict where both sides changed the same code; the file then has both, in the
    new flavour. Any other file stays as Copier left it.
    """
    if set(versions) != {1, 2, 3}:
        return False
    contents = {number: git.read_version(project, versions[number]) for number in versions}
    if path.endswith(CODE):
        text, clean = merge_code(project, path, contents, move)
    else:
        text, clean = merge_text(contents)
    if text is not None:
        write_atomically(str(project / path), text)
    if clean:
        git.mark_merged(project, path)
    return clean


def merge_code(
    project: Path, path: str, contents: dict[int, bytes], move: Move
) -> tuple[bytes, bool]:
    """Bring the base and our version to the new flavour, and merge them with the template's."""
    with tempfile.TemporaryDirectory() as folder:
        base, ours, theirs = (Path(folder, str(n), Path(path).name) for n in (1, 2, 3))
        for number, file in enumerate((base, ours, theirs), start=1):
            file.parent.mkdir()
            file.write_bytes(contents[number])
        for file in (base, ours):
            migrate(file, move)
        merged = git.merge_files(project, ours, base, theirs, LABELS)
    text, conflicts = settle_imports(merged.decode("utf-8", "surrogateescape"))
    return text.encode("utf-8", "surrogateescape"), conflicts == 0


def merge_text(contents: dict[int, bytes]) -> tuple[bytes | None, bool]:
    """Merge a text that is not Python, line by line; nothing where it cannot be done."""
    try:
        base, ours, theirs = (contents[n].decode("utf-8").splitlines(True) for n in (1, 2, 3))
    except UnicodeDecodeError:
        return None, False
    merged = merge_lines(base, ours, theirs)
    return (None, False) if merged is None else ("".join(merged).encode(), True)


def toml_error(path: Path) -> str | None:
    """Say what is wrong with a TOML file, a table from both sides for one; None if nothing is."""
    if tomllib is None or not path.is_file():
        return None
    try:
        tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        return str(error)
    return None


def migrate_own(project: Project, move: Move, report: Report) -> None:
    """Bring the modules and notebooks to the new flavour that Copier could know nothing of.

    The template's own are among them, since users write Keras code in them, too.
    """
    paths = git.tracked_files(project.path, CODE)
    shared = shared_names(str(project.path / path) for path in paths)
    for path in paths:
        if chooses_keras(path, project):
            continue
        try:
            outcome = migrate(project.path / path, move, names_of(path, shared))
        except Exception as error:  # one file must not keep the others from being moved
            report.left.append(f"{path}:1: left as it was: {type(error).__name__}: {error}")
            continue
        if outcome.changed and path not in report.merged:
            report.moved.append(path)
        if outcome.problem:
            report.left.append(f"{path}:1: left as it was: {outcome.problem}")
        report.left += [f"{path}: {note}" for note in outcome.notes]
        for left in outcome.left:
            line = left.line_now or left.line
            place = f" cell {left.cell}, line {line}" if left.cell else str(line)
            report.left.append(f"{path}:{place}: {left.message}; {left.advice}")


def chooses_keras(path: str, project: Project) -> bool:
    """Tell whether a file of the template is about several flavours on purpose."""
    if project.answers["keras"] == "portable":
        return path in (f"src/{project.package}/keras_flavour.py", "tests/test_keras_flavour.py")
    return project.answers["keras"] == "tensorflow.keras" and path.startswith("typings/")


def migrate(file: Path, move: Move, shared: frozenset[str] = frozenset()) -> Outcome:
    """Move one file, from which others import the `shared` names."""
    given = [named(move.source)] if move.source else []
    known = {"given": given, "portable": move.portable, "shared": shared}
    return migrate_file(str(file), move.target, **known)


def whole_folders(project: Path, removed: list[str]) -> list[str]:
    """Name a folder that is gone instead of all that was in it."""
    shown = []
    for path in map(Path, removed):
        gone = [folder for folder in path.parents if not (project / folder).exists()]
        shown.append(f"{gone[-1].as_posix()}/" if gone else path.as_posix())
    return list(dict.fromkeys(shown))


def judge(project: Project, report: Report) -> Verdict:
    """Check the imports and, as far as the answers ask, run the model as after a copy."""
    if report.obstacle:
        return Verdict(NOT_VALIDATED, {"reason": report.obstacle})
    checked = check_imports(project)
    if checked.problems:
        known = {entry.split(": ")[0] for entry in report.left}
        report.left += [p for p in checked.problems if p.split(": ")[0] not in known]
        return Verdict(NOT_VALIDATED, {"reason": "Keras imports are wrong, see what is left"})
    rows = {
        "imports": f"{checked.statements} of {project.root} in {checked.files} files, all right"
    }
    if project.answers["validate"] != "full":
        return Verdict(NOT_VALIDATED, {"reason": "the model was not run, as asked", **rows})
    try:
        rows |= run_model(project)
    except ModelFailed as failure:
        rows["reason"] = f"the model does not work:\n{failure}"
        return Verdict("UPDATED, the model does not work", rows, 1)
    except KeyboardInterrupt:
        return Verdict(NOT_VALIDATED, {"reason": "interrupted", **rows})
    except (CannotInstall, OSError) as reason:
        return Verdict(NOT_VALIDATED, {"reason": str(reason), **rows})
    return Verdict("UPDATED AND VALIDATED", rows, validated=True)


def change(project: Project, old: Project | None) -> str:
    """Say in a line what became of the project's Keras."""
    names = [
        f"{made.answers['keras']} on {made.facts['backends'][made.backend]['title']}"
        for made in (old, project)
        if made
    ]
    return " -> ".join(dict.fromkeys(names))


def update_command(project: Project, old: Project | None) -> list[str]:
    """Give the command that does the same update again."""
    before, now = (old.answers if old else {}), project.answers
    same = before.get("_commit") == now["_commit"]
    command = ["copier", "update", "--trust", "--vcs-ref", ":current:" if same else now["_commit"]]
    for name, value in now.items():
        if not name.startswith("_") and before.get(name) != value:
            command += ["--data", f"{name}={value}"]
    return command


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
