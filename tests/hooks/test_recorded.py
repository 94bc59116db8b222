"""A recorded answer that no question takes stops an update, instead of becoming the default."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from before_update import begin
from rendering import rendered
from updating import commit, git

ANSWERS = ".copier-answers.yml"


def project_with(folder: Path, **answers: object) -> Path:
    """Give a project that is committed, with these answers in the place of its own."""
    recorded = yaml.safe_load((rendered() / ANSWERS).read_text("utf-8"))
    project = folder / "project"
    (project / "src/digits").mkdir(parents=True)
    (project / "src/digits/flavour.py").touch()
    (project / ANSWERS).write_text(yaml.safe_dump(recorded | answers), "utf-8")
    git(folder, "init", "--quiet", str(project))
    commit(project)
    return project


WRONG = {
    "keras": ("tf-keras", "`keras: tf-keras`, which is none of keras, "),
    "backend": ("theano", "`backend: theano`, which is none of tensorflow, jax, torch"),
    "hardware": (None, "`hardware: None`, which is none of cpu, gpu"),
    "data": ("digit", "`data: digit`, which is none of digits, "),
    "model": ("lstm", "`model: lstm`, which is none of mlp, convnet, recurrent"),
    "python": (3.1, "`python: 3.1`, which is none of 3.1"),
    "ci": ("gitub", "`ci: gitub`, which is none of github, gitlab, none"),
    "container": ("maybe", "`container: maybe`, which is no answer"),
    "description": ([], "`description: []`, which is no answer"),
    "package_name": ("digit", "`package_name: digit`, and the project's package is digits"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    answer, said = WRONG[name]
    project = project_with(tmp_path, **{name: answer})
    with pytest.raises(ValueError, match="would take another answer in silence") as refusal:
        begin(project, ANSWERS)
    assert said in str(refusal.value)
    if name != "package_name":
        begin(project, ANSWERS, [name])


def test_other_answers_are_taken(tmp_path: Path) -> None:
    begin(project_with(tmp_path, python=3.11, an_old_question="x", author_name=5), ANSWERS)
