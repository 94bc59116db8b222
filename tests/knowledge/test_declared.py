"""What a project's files say of the packages that it requires."""

from __future__ import annotations

import pytest

from keras_imports.knowledge import declared


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('dependencies = ["keras>=3,<4", "numpy"]', {"keras": ">=3,<4"}),
        ("keras==2.3.1\ntensorflow-cpu == 2.1.4  # old\n", {"keras": "==2.3.1"}),
        ("# keras==2.3.1\n", {}),
        ("tf-keras~=2.16.0; python_version < '3.12'", {"tf_keras": "~=2.16.0"}),
        ("  - tensorflow=2.4\n  - keras\n", {"tensorflow": "=2.4", "keras": ""}),
        ('install_requires=["tensorflow[and-cuda]>=2.15"]', {"tensorflow": ">=2.15"}),
        ("keras-tuner==1.4\nsegmentation-keras==1\nautokeras\n", {}),
    ],
)
def test_declarations(text, found):
    rows = dict(declared.requirements(text))
    assert found.items() <= rows.items()
    assert found or not rows
