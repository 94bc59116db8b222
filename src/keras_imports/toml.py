"""Read TOML, with what Python has for it, or an install brings."""

from __future__ import annotations

import sys
from typing import Any


def parse_toml(text: str) -> dict[str, Any]:
    """Return what TOML says; raise `ValueError` if it is none, or nothing here can tell."""
    try:
        if sys.version_info >= (3, 11):
            import tomllib
        else:  # an install brings it, a checkout does not
            import tomli as tomllib
    except ImportError:
        raise ValueError("to read it, Python 3.10 needs the package tomli") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("this is no TOML that can be read: nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"this is no TOML: {error}") from None
