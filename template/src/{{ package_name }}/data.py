"""The data: handwritten digits, until you replace `load_data` by your own."""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


@dataclass(frozen=True)
class Split:
    """Images and their labels.

    `x` is float32 of shape (count, height, width, channels) between 0 and 1, `y` is int32 of
    shape (count,).
    """

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Data:
    """What to train on, and what to measure with."""

    train: Split
    validation: Split
    classes: int


def load_data(seed: int = 0) -> Data:
    """Load the 1,797 digits of 8 x 8 pixels that scikit-learn brings, a fifth for validation.

    Replace the body to train on your own data; the model takes its shapes from what this returns.
    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998.
    """
    x, y = load_digits(return_X_y=True)
    images = (x / 16).astype("float32").reshape(-1, 8, 8, 1)
    x_train, x_validation, y_train, y_validation = train_test_split(
        images, y.astype("int32"), test_size=0.2, stratify=y, random_state=seed
    )
    return Data(Split(x_train, y_train), Split(x_validation, y_validation), classes=10)
