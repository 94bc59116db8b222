"""A GPU is there where NVIDIA's own program finds one, and says so in time."""

from __future__ import annotations

from pathlib import Path

import pytest
import validation


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("#!/bin/sh\necho 'GPU 0: H100'", True),
        ("#!/bin/sh\necho 'No devices were found'", False),
        ("#!/bin/sh\necho GPU 0; exit 9", False),
        ("#!/bin/sh\nexec sleep 100", False),
        ("#!/bin/sh\nprintf '\\377\\376'", False),
        ("no program", False),
        ("", False),
    ],
)
def test_whether_there_is_a_gpu(
    script: str, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "PATIENCE", 1)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    tool = tmp_path / "nvidia-smi"
    tool.write_text(script, "utf-8")
    tool.chmod(0o755)
    assert validation.has_gpu() == found
