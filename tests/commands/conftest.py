"""What the tests of commands share."""

from __future__ import annotations

import pytest

from keras_imports.configuration.files import nearest


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """An empty repository, which is the current directory."""
    nearest.cache_clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    (tmp_path / ".git").mkdir()
    return tmp_path
