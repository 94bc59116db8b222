"""What commands know of the terminal that they print to."""

from __future__ import annotations

import os
from typing import TextIO


def use_colour(stream: TextIO) -> bool:
    """Return whether to print colours: only on a terminal, and not against the user's NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR")
