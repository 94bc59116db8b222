"""What a training run is told."""

import math
from dataclasses import dataclass

import click


@dataclass(frozen=True)
class Config:
    """The settings of a run, each of them an option of `train`."""

    epochs: int = 40
    batch_size: int = 64
    learning_rate: float = 1e-3
    patience: int = 6
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be a setting, wherever it comes from. Raises UsageError."""
        for name, least in (("epochs", 1), ("batch_size", 1), ("patience", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or not least <= value < 2**32:
                raise click.UsageError(f"{name} is {value!r}, and no whole number from {least} up")
        rate = self.learning_rate
        if not isinstance(rate, int | float) or not 0 < rate < math.inf:
            raise click.UsageError(f"learning_rate is {rate!r}, and no number above 0")


DEFAULTS = Config()
