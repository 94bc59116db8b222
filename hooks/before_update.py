"""Make sure that an update can be taken back: run by Copier before it changes anything.

It runs in the project's folder. What it refuses leaves all as it was.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from pathlib import Path

# Nothing is installed for the hooks, and what happens to be installed beside Copier shall not win.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import git
import record
import yaml
from recorded import wrong_answers
from terminal import own_interrupts, print_as_it_comes, say


def main(answers_file: str, given: str) -> int:
    """Record what the project is, and say how the update is taken back; return the exit code.

    `given` are the questions that Copier was given answers to, as JSON.
    """
    print_as_it_comes()
    with own_interrupts():
        try:
            begun = begin(Path.cwd(), answers_file, json.loads(given))
        except KeyboardInterrupt:
            return refuse("interrupted.")
        except (ValueError, OSError, git.GitFailed) as reason:
            return refuse(str(reason))
    say(f"To take this update back, also where it is cut off: {begun.command()}")
    return 0


def begin(project: Path, answers_file: str, given: Collection[str] = ()) -> record.Record:
    """Record what a project is.

    Raises ValueError where git could not bring it back, or Copier would change an answer that is
    not `given` anew.
    """
    committed = git.committed(project, answers_file)
    if committed is None:
        raise ValueError(
            f"git has no {answers_file} in its last commit, and so no project to merge the update "
            "into or to bring back. Commit the project first; where a repository around it ignores "
            "its folder, in one of its own: git init && git add --all && git commit"
        )
    answers = yaml.safe_load(committed)
    if not isinstance(answers, dict) or not isinstance(answers.get("package_name"), str):
        raise ValueError(f"{answers_file} does not name the project's package.")
    for wrong in wrong_answers(project, answers, given):
        raise ValueError(
            f"{answers_file} has {wrong}: the update would take another answer in silence. Give "
            "the right one with -d, or write it there and commit that."
        )
    return record.begin(project, answers_file, answers)


def refuse(reason: str) -> int:
    """Say why there is no update; return the exit code that ends it."""
    say(f"The update is not made, and nothing was changed: {reason}")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
