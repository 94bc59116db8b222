"""The presets: each is accepted by the questions and renders a project."""

from pathlib import Path

import pytest
import yaml
from copier import run_copy

ROOT = Path(__file__).resolve().parents[2]
PRESETS = sorted((ROOT / "presets").glob("*.yml"))


def render(answers: dict, project: Path) -> dict:
    """Render a project and give the answers that Copier recorded."""
    settings = {"defaults": True, "skip_tasks": True, "unsafe": True, "quiet": True}
    run_copy(str(ROOT), project, data=answers, vcs_ref="HEAD", **settings)
    return yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_taken_as_it_stands_and_renders_a_project(preset, tmp_path):
    answers = yaml.safe_load(preset.read_text("utf-8"))
    recorded = render(answers, tmp_path / "project")
    assert {name: recorded[name] for name in answers} == answers
    files = list((tmp_path / "project").glob("src/**/*.py"))
    assert files
    for path in files:
        compile(path.read_text("utf-8"), str(path), "exec")


def test_there_is_a_preset_for_each_kind_of_user():
    assert [path.stem for path in PRESETS] == ["library", "notebook", "team"]
