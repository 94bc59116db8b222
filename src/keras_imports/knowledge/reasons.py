"""The reasons why a line must change for a target."""

from __future__ import annotations

from typing import Literal, get_args

# It raises, now or later; runs and means something else; uses what is private; works, is public,
# and only older.
Reason = Literal["fails", "differs", "private", "style"]

REASONS: tuple[Reason, ...] = get_args(Reason)
