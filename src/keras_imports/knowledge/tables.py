"""Read the package's tables, which are YAML files in `data`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "data"


def read(name: str) -> Any:
    """Return what a table holds, as plain lists and dictionaries."""
    import yaml  # the doctor, who needs no table, has to work where little is installed

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where it is there
    return yaml.load((DIRECTORY / name).read_text("utf-8"), loader)  # noqa: S506
