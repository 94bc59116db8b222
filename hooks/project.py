"""What flavours.yml and a project's answers say, for the hooks."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TEMPLATE / "src"))  # where the hooks find keras_imports


def load_facts() -> dict[str, Any]:
    """Read flavours.yml."""
    return yaml.safe_load((TEMPLATE / "flavours.yml").read_text("utf-8"))


@dataclass(frozen=True)
class Project:
    """A generated project: where it is, and what was answered."""

    path: Path
    answers: dict[str, Any]
    facts: dict[str, Any]

    @property
    def package(self) -> str:
        """The package below src/."""
        return self.answers["package_name"]

    @property
    def command(self) -> str:
        """The project's distribution, and its command."""
        return self.package.replace("_", "-")

    @property
    def flavour(self) -> dict[str, Any]:
        """The facts about the chosen flavour."""
        return self.facts["flavours"][self.answers["keras"]]

    @property
    def backend(self) -> str:
        """The chosen backend; Copier does not record one where there is no choice."""
        return self.answers.get("backend", self.flavour["backends"][0])

    @property
    def hardware(self) -> str:
        """What the project is meant for: cpu or gpu."""
        return self.answers["hardware"]

    @property
    def root(self) -> str:
        """Where the project's Keras names are imported from."""
        return self.flavour["root"].format(package=self.package)

    @property
    def pythons(self) -> list[str]:
        """The Python releases that the project supports, the oldest first."""
        known = self.facts["python"]
        return known[known.index(self.answers["python"]) :]

    def keras_requirements(self, hardware: str) -> list[str]:
        """The requirements of the flavour and of its backend on some hardware."""
        backend = self.facts["backends"][self.backend]["requires"]
        return self.flavour["requires"] + self.flavour.get("backend_requires", backend)[hardware]

    def requirements(self, hardware: str) -> list[str]:
        """All requirements of the project and its development on some hardware."""
        return (
            self.facts["requires"] + self.facts["development"] + self.keras_requirements(hardware)
        )

    def torch_index(self, hardware: str) -> str | None:
        """The index of torch's build for some hardware, where it is not the default one."""
        return self.facts["backends"][self.backend].get("index", {}).get(hardware)


def load_project(path: Path, answers_file: str) -> Project:
    """Read a generated project's answers."""
    answers = yaml.safe_load((path / answers_file).read_text("utf-8"))
    return Project(path, answers, load_facts())
