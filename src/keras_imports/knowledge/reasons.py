"""The reasons why code must change for a target."""

from __future__ import annotations

from typing import Literal, get_args

# "fails": it raises, now or later. "differs": it runs, and means something else. "private": it
# works, by a path that is not public. "style": it works, and is only older.
Reason = Literal["fails", "differs", "private", "style"]

REASONS: tuple[Reason, ...] = get_args(Reason)
