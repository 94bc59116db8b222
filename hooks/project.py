"""What flavours.yml and the answers say of a generated project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Flavour:
    """A flavour of Keras as flavours.yml describes it, without what only Copier reads."""

    title: str
    root: str  # {package} stands for the project's package
    distribution: str
    requires: list[str]
    backends: list[str]
    python: str  # the oldest release
    backend_requires: dict[str, list[str]] = field(default_factory=dict)  # by hardware


@dataclass(frozen=True)
class Backend:
    """A backend as flavours.yml describes it, without what only Copier reads."""

    title: str
    distributions: list[str]
    requires: dict[str, list[str]]  # by hardware
    index: dict[str, str] = field(default_factory=dict)  # by hardware


@dataclass(frozen=True)
class Facts:
    """The contents of flavours.yml, without what only Copier reads."""

    python: list[str]
    flavours: dict[str, Flavour]
    backends: dict[str, Backend]
    hardware: list[str]
    requires: list[str]
    development: list[str]


@dataclass(frozen=True)
class Project:
    """A generated project: where it is, and what was answered."""

    path: Path
    answers: Mapping[str, Any]
    facts: Facts

    @property
    def package(self) -> str:
        """Return the name of the package below src/."""
        return str(self.answers["package_name"])

    @property
    def command(self) -> str:
        """Return the name of the project's distribution, which is its command's name, too."""
        return self.package.replace("_", "-")

    @property
    def keras(self) -> str:
        """Return the name of the chosen flavour."""
        return str(self.answers["keras"])

    @property
    def flavour(self) -> Flavour:
        """Return the facts about the chosen flavour."""
        return self.facts.flavours[self.keras]

    @property
    def backend(self) -> str:
        """Return the name of the backend; Copier records none where there is no choice."""
        return str(self.answers.get("backend", self.flavour.backends[0]))

    @property
    def hardware(self) -> str:
        """Return what the project is meant for, "cpu" or "gpu"."""
        return str(self.answers["hardware"])

    @property
    def root(self) -> str:
        """Return the module that the project's Keras names are imported from."""
        return self.flavour.root.format(package=self.package)

    @property
    def pythons(self) -> list[str]:
        """Return the Python releases that the project supports, the oldest first."""
        return self.facts.python[self.facts.python.index(str(self.answers["python"])) :]

    def keras_requirements(self, hardware: str) -> list[str]:
        """Return the requirements of the flavour and of its backend on some hardware."""
        backend = self.flavour.backend_requires or self.facts.backends[self.backend].requires
        return [*self.flavour.requires, *backend[hardware]]

    def requirements(self, hardware: str) -> list[str]:
        """Return all requirements of the project and its development on some hardware."""
        keras = self.keras_requirements(hardware)
        return [*self.facts.requires, *self.facts.development, *keras]

    def backend_index(self, hardware: str) -> str | None:
        """Return the index of the backend's build for some hardware; None for the default one."""
        return self.facts.backends[self.backend].index.get(hardware)


def load_facts() -> Facts:
    """Read flavours.yml."""
    facts = yaml.safe_load((TEMPLATE / "flavours.yml").read_text("utf-8"))
    return Facts(
        python=facts["python"],
        flavours={name: Flavour(**_known(Flavour, f)) for name, f in facts["flavours"].items()},
        backends={name: Backend(**_known(Backend, b)) for name, b in facts["backends"].items()},
        hardware=list(facts["hardware"]),
        requires=facts["requires"],
        development=facts["development"],
    )


def load_project(path: Path, answers_file: str) -> Project:
    """Read the answers of the generated project in a folder."""
    answers = yaml.safe_load((path / answers_file).read_text("utf-8"))
    return Project(path, answers, load_facts())


def _known(kind: type, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an entry of flavours.yml that a class has fields for."""
    return {f.name: entry[f.name] for f in fields(kind) if f.name in entry}
