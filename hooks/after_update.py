"""Carry a project over to its new answers: run by Copier after an update, in the project's folder.

Copier has merged the template's files by then, line by line. What remains takes knowledge of Keras,
and is done by `migration.py`. Here it is seen to that an interrupt is heard from the first moment
on. Nothing is committed and no commit is touched. Only Copier's own dependencies, the standard
library and git are used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

# Nothing is installed for the hooks, and what happens to be installed beside Copier shall not win.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from terminal import STOPPED, own_interrupts, print_as_it_comes, print_table, say


def main(answers_file: str, options: str) -> int:
    """Carry over the project in the current folder and validate it; return the exit code.

    `answers_file` is relative to the project; `options` are others that Copier was given, as JSON.
    """
    print_as_it_comes()
    with own_interrupts():
        try:
            from migration import finish_update  # slow to import

            return finish_update(Path.cwd(), answers_file, json.loads(options))
        except KeyboardInterrupt:
            reason = "interrupted"
        except Exception as error:  # whatever it is: the user has to know what is left behind
            reason = f"{type(error).__name__}: {error}"
        print_table(STOPPED, {"reason": reason})
        say(f"To take the update back: {undo_command()}")
        return 1


def undo_command() -> str:
    """Return the command that takes the update back."""
    try:
        from record import load

        return load(Path.cwd()).command()
    except Exception:  # the record itself may be what is wrong
        return "the command that was printed before it began"


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
