"""A project that is given other data: what its owner has not touched follows, and no more."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from rendering import FACTS
from updating import commit, copy, edit, state_of, update

pytestmark = pytest.mark.slow


def files(project: Path) -> dict[str, object]:
    return {name: about for name, about in state_of(project).items() if name != "index"}


@pytest.mark.rest
@pytest.mark.parametrize("pair", [*itertools.permutations(FACTS["data"], 2)], ids="-to-".join)
def test_a_copy_with_other_data_is_a_copy_for_them(pair: tuple[str, str], tmp_path: Path) -> None:
    old, new = pair
    models = FACTS["data"][old]["models"]
    (wanted, *_) = FACTS["data"][new]["models"]
    model = wanted if wanted in models else models[0]
    project = copy(tmp_path / "old", data=old, model=model)
    update(project, data=new)
    assert files(project) == files(copy(tmp_path / "new", data=new))


def test_the_owner_s_own_data_are_not_lost(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = copy(tmp_path / "project")
    data = project / "src/digits/data.py"
    edit(data, ("load_digits(return_X_y=True)", "my_own_digits()"))
    edit(project / "src/digits/model.py", ("layers.Dense(128,", "layers.Dense(256,"))
    commit(project)
    update(project, data="images")
    text = data.read_text("utf-8")
    assert "pixels, y = my_own_digits()" in text
    assert "def find_images(" in text
    assert "layers.Dense(256," in (project / "src/digits/model.py").read_text("utf-8")
    assert re.search(r"left to you src/digits/data.py:\d+: a conflict", capfd.readouterr().out)
