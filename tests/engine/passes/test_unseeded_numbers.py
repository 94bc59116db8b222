"""Random numbers in layers, which JAX draws only with a generator."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras import layers, random\n"


def named(code, backend="any"):
    found = migrate_text(HEAD + code, Job(parse_target("keras", backend=backend)))
    return ["seed generator" in each.message for each in found.left]


@pytest.mark.parametrize(
    "code",
    [
        "layers.Lambda(lambda x: x + random.normal((3,)))",
        "def draw(x):\n    return random.uniform((3,))\nlayers.Lambda(draw)",
        "class L(Own):\n    def call(self, x):\n        return random.normal((3,))",
    ],
)
def test_numbers_without_a_generator(code):
    assert named(code) == [True]
    assert named(code, "torch") == named(code, "") == []


@pytest.mark.parametrize(
    "code",
    [
        "layers.Lambda(lambda x: x + random.normal((3,), seed=generator))",
        "def data():\n    return random.normal((3,))",
        "x = random.normal((3,))",
    ],
)
def test_what_is_right_is_left_alone(code):
    assert named(code) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    def call(self, x):\n        return random.normal((3,))",
         "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
         "        self.seed_generator = random.SeedGenerator()\n\n"
         "    def call(self, x):\n        return random.normal((3,), seed=self.seed_generator)"),
        ("    def __init__(self):\n        super().__init__()  # first\n        self.a = 3\n"
         "    def draw(self):\n        return random.uniform()",
         "    def __init__(self):\n        super().__init__()  # first\n"
         "        self.seed_generator = random.SeedGenerator()\n        self.a = 3\n"
         "    def draw(self):\n        return random.uniform(seed=self.seed_generator)"),
        ("    def __init__(self):\n        super().__init__()\n    def call(self, x):\n"
         "        y = random.normal((3,))  # noqa: KI401\n"
         "        y += random.normal((3,))\n        return y + random.normal((3,))",
         "    def __init__(self):\n        super().__init__()\n"
         "        self.seed_generator = random.SeedGenerator()\n    def call(self, x):\n"
         "        y = random.normal((3,))  # noqa: KI401\n"
         "        y += random.normal((3,), seed=self.seed_generator)\n"
         "        return y + random.normal((3,), seed=self.seed_generator)"),
        ("    @decorate(\n        it=True,\n    )\n    def call(self):\n"
         "        return random.normal((3,))",) * 2,
    ],
)  # fmt: skip
def test_a_layer_gets_a_generator(before, after):
    head = HEAD + "class L(layers.Layer):\n"
    job = Job(parse_target("keras", backend="any"))
    assert migrate_text(head + before, job).text == head + after
    assert migrate_text(head + after, job).text == head + after
