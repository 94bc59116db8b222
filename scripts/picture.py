"""Draw docs/copy.svg, the picture in the README: what a real copy prints.

It needs uv, and copies with the Copier and the rich that uv fetches for it:

    uv run --no-project --with copier --with rich python scripts/picture.py
"""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 88
COMMAND = "copier copy --trust --defaults . ../my-project"


def main() -> None:
    """Copy into a temporary folder and draw what that prints."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--trust", "--defaults"]
        done = subprocess.run(
            [sys.executable, "-m", "copier", "copy", *options, ROOT, f"{folder}/my-project"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        printed = done.stdout.replace(f"{folder}/", "../")
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text(f"$ {COMMAND}\n", style="bold"))
    console.print(Text.from_ansi(re.sub(r"\n{3,}", "\n\n", printed).strip()))
    (ROOT / "docs").mkdir(exist_ok=True)
    svg = console.export_svg(title="copier-keras", unique_id="copy")
    # Pages show pictures without fetching fonts for them; the reader's own will do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (ROOT / "docs" / "copy.svg").write_text(re.sub(r"[ \t]+$", "", svg, flags=re.M), "utf-8")


if __name__ == "__main__":
    main()
