"""Read the package's tables, which are YAML files in `data`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "data"


def read(*names: str) -> Any:
    """Return what a table holds, as plain lists and dictionaries; several files are read as one."""
    import yaml  # the doctor, who needs no table, has to work where little is installed

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where it is there
    text = "".join((DIRECTORY / name).read_text("utf-8") for name in names)
    return yaml.load(text, loader)  # noqa: S506
