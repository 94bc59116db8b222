"""Versions, and the specifiers that they satisfy."""

from __future__ import annotations

import pytest

from keras_imports.versions import satisfies


@pytest.mark.parametrize(
    ("version", "specifier", "holds"),
    [
        ("2.15.0", ">=2.1,<3", True),
        ("3.0.5", ">=2.1,<3", False),
        ("2.3.1", "==2.3.1", True),
        ("2.3", "==2.3.0", True),
        ("2.3.1", "==2.3.*", True),
        ("2.4.0", "==2.3.*", False),
        ("2.16.2", "~=2.16.0", True),
        ("2.17.0", "~=2.16.0", False),
        ("2.4.4", "=2.4", True),
        ("2.9", "!=2.9", False),
        ("2.9", "", True),
    ],
)
def test_specifiers(version, specifier, holds):
    assert satisfies(version, specifier) is holds
