"""Define what an explanation is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Explained:
    """What is the matter, and what to do about it, each in pieces that are alternatives.

    `means` are whole sentences; each `fix` is one without a full stop.
    """

    means: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
