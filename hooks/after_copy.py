"""Prove that a generated project works: run by Copier after a copy, in the project's folder.

What is proved and how is in `proof.py`. Here it is seen to that only a project that is wrong fails
the copy, since Copier then removes it: an interrupt is heard from the first moment on, and
whatever else goes wrong is said. Only Copier's own dependencies and the standard library are used.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Nothing is installed for the hooks, and what happens to be installed beside Copier shall not win.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from terminal import own_interrupts, print_as_it_comes, print_table


def main(answers_file: str) -> int:
    """Validate the project in the current folder as far as its answers ask; return the exit code.

    `answers_file` is relative to the project.
    """
    print_as_it_comes()
    with own_interrupts():
        try:
            from proof import prove  # slow to import

            return prove(Path.cwd(), answers_file)
        except KeyboardInterrupt:
            reason = "interrupted"
        except Exception as error:  # whatever it is: the project is there, and may be right
            reason = f"{type(error).__name__}: {error}"
        print_table("NOT VALIDATED", {"reason": reason})
        return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
