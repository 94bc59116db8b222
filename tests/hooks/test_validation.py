"""What is called in a validation may hang or say anything: that is said, and ends nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import validation
from environment import CannotValidate, Environment
from project import Project, load_facts

from keras_imports.parallel import Work


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


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exec sleep 100", "has not ended its step in 1 seconds"),
        ("exit 0", "did not say what it ran"),
        ("echo '{' > $5", "did not say what it ran"),
        ("echo '[]' > $5", "did not say what it ran"),
        ("printf '\\377' > $5", "did not say what it ran"),
        ("no-such-program; exit 0", "did not say what it ran"),
        ("kill -9 $$", "ended by signal 9"),
    ],
)
def test_a_model_that_says_nothing_of_itself_is_not_validated(
    script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "MODEL_SECONDS", 1)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    project = Project(tmp_path, {"package_name": "digits"}, load_facts())
    with pytest.raises(CannotValidate, match=said):
        validation.run_validate(project, Environment(python, "3.11.7", "as it was"))


def test_a_file_that_takes_too_long_names_a_command_that_has_the_option() -> None:
    def forever(_: str) -> str:
        while True:
            pass

    said = Work(forever, lambda _, reason: reason, seconds=0.05).done("a.py")
    assert "`--time-limit`" in said
    assert "`keras-imports check a.py --time-limit 300` gives it more" in validation.name_option(
        said, "keras-imports check a.py"
    )
