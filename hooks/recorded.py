"""Tell the recorded answers that no question takes: Copier takes the default then, in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from project import TEMPLATE

# The questions whose choices are a section of flavours.yml that is called otherwise.
SECTIONS = {"keras": "flavours", "backend": "backends"}


def wrong_answers(
    project: Path, recorded: Mapping[str, Any], given: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with the recorded answers of a project, but for those given anew."""
    questions = yaml.safe_load((TEMPLATE / "copier.yml").read_text("utf-8"))
    facts = yaml.safe_load((TEMPLATE / "flavours.yml").read_text("utf-8"))
    for name, question in questions.items():
        if name.startswith("_") or question.get("when") is False:
            continue
        if name not in recorded or name in given:
            continue
        answer = recorded[name]
        if choices := _choices(name, question, facts):
            if str(answer) not in choices:
                yield f"`{name}: {answer}`, which is none of {', '.join(choices)}"
        elif not isinstance(answer, bool if question["type"] == "bool" else (str, int, float)):
            yield f"`{name}: {answer}`, which is no answer"
    package = recorded["package_name"]
    packages = [path.parent.name for path in project.glob("src/*/flavour.py")]
    if packages and package not in packages:
        yield f"`package_name: {package}`, and the project's package is {' or '.join(packages)}"


def _choices(name: str, question: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """Return what may be chosen, whatever else is answered; nothing where any text will do."""
    if name == "model":
        return [*{model: None for each in facts["data"].values() for model in each["models"]}]
    section = SECTIONS.get(name, name)
    return [*(facts[section] if section in facts else question.get("choices", {}).values())]
