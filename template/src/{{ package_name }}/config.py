"""What a training run is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    """The settings of a run, each of them an option of `train`."""

    epochs: int = 40
    batch_size: int = 64
    learning_rate: float = 1e-3
    patience: int = 6
    seed: int = 0


DEFAULTS = Config()
