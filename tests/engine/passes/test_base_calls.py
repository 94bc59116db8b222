"""What a class passes to the class of Keras that it is derived from."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Convolution2D, Dense, Layer, BatchNormalization\n\n\n"


def moved(base: str, call: str) -> tuple[str, str, int]:
    """The base, the call and how much was left, after a move of both to Keras 3."""
    code = f"{HEAD}class Mine({base}):\n    def __init__(self, n, **more):\n        {call}\n"
    outcome = migrate_text(code, Job(parse_target("keras"), (parse_origin("keras==1.2.2"),)))
    _, rest = outcome.text.split("class Mine(")
    return rest.partition(")")[0], rest.splitlines()[-1].strip(), len(outcome.left)


@pytest.mark.parametrize(
    ("base", "call", "expected"),
    [
        (
            "Convolution2D",
            "super(Mine, self).__init__(n, 3, 3, border_mode='same', **more)",
            ("Convolution2D", "super(Mine, self).__init__(n, (3, 3), padding='same', **more)", 0),
        ),
        (
            "BatchNormalization",
            "super().__init__(mode=0, axis=1)",
            ("BatchNormalization", "super().__init__(axis=1)", 0),
        ),
        (
            "BatchNormalization",
            "super().__init__(mode=2)",
            ("BatchNormalization", "super().__init__(mode=2)", 1),
        ),
    ],
)
def test_it_is_moved_like_a_call(base: str, call: str, expected: tuple[str, str, int]) -> None:
    assert moved(base, call) == expected


@pytest.mark.parametrize(
    ("base", "call"),
    [
        ("Dense", "super().__init__(n, **more)"),
        ("Layer", "super(Mine, self).__init__(**more)"),
        ("Dense", "super().build(output_dim=n)"),
        ("Dense", "Other.__init__(self, output_dim=n)"),
        ("Dense", "other().__init__(output_dim=n)"),
        ("Other", "super().__init__(border_mode='same')"),
    ],
)
def test_all_else_stays(base: str, call: str) -> None:
    assert moved(base, call) == (base, call, 0)


@pytest.mark.parametrize(
    ("between", "left"),
    [
        ("class Own(Layer):\n    def __init__(self, rank, **more):\n        pass\n", 0),
        ("class Own(Dense):\n    async def __init__(self, **more):\n        pass\n", 0),
        ("class Own(Dense):\n    def call(self, x):\n        pass\n", 1),
        ("class Own(other.Mixin, Dense):\n    pass\n", 0),
        ("class Own(Dense, other.Mixin):\n    pass\n", 1),
        (
            "class First(Dense):\n    def __init__(self, rank):\n        pass\n\n\n"
            "class Own(First):\n    pass\n",
            0,
        ),
    ],
)
def test_a_class_of_the_program_takes_what_it_says(between: str, left: int) -> None:
    code = (
        f"{HEAD}{between}\n\nclass Mine(Own):\n    def __init__(self):\n"
        "        super().__init__(units=3, rank=2)\n"
    )
    outcome = migrate_text(code, Job(parse_target("keras"), (parse_origin("keras==2.2.4"),)))
    assert len(outcome.left) == left
    assert outcome.text.endswith("super().__init__(units=3, rank=2)\n")
