"""Render the template in-process, for the tests."""

from __future__ import annotations

import copy
import functools
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
import copier._main
import copier._template
import jinja2
import yaml
from project import TEMPLATE

FACTS = yaml.safe_load((TEMPLATE / "flavours.yml").read_text("utf-8"))
QUESTIONS = {
    name: question
    for name, question in yaml.safe_load((TEMPLATE / "copier.yml").read_text("utf-8")).items()
    if not name.startswith("_") and question.get("when") is not False
}
# What a project begins with: its data, and a model for them.
EXAMPLES = [
    {"data": data, "model": model}
    for data, about in FACTS["data"].items()
    for model in about["models"]
]
LICENSES = list(QUESTIONS["license"]["choices"].values())
CIS = list(QUESTIONS["ci"]["choices"].values())


def flavour_answers() -> Iterator[dict[str, Any]]:
    """Every flavour on every backend that it runs on."""
    for keras, flavour in FACTS["flavours"].items():
        for backend in flavour["backends"]:
            alone = len(flavour["backends"]) == 1
            yield {"keras": keras} if alone else {"keras": keras, "backend": backend}


def sampled_answers() -> list[dict[str, Any]]:
    """A project of every flavour on every backend; the data and their models take turns."""
    turns = sorted(EXAMPLES, key=lambda example: models_of(example).index(example["model"]))
    return [
        flavour | example
        for flavour, example in zip(flavour_answers(), itertools.cycle(turns), strict=False)
    ]


def models_of(example: dict[str, Any]) -> list[str]:
    """The models that there are for the data of an example."""
    return FACTS["data"][example["data"]]["models"]


def all_answers() -> Iterator[dict[str, Any]]:
    """Every combination of the answers that choose, but that the licences take turns."""
    licenses = itertools.cycle(LICENSES)
    for answers in flavour_answers():
        pythons = FACTS["python"]
        pythons = pythons[pythons.index(FACTS["flavours"][answers["keras"]]["python"]) :]
        for hardware, example, python, ci, container in itertools.product(
            FACTS["hardware"], EXAMPLES, pythons, CIS, (True, False)
        ):
            yield answers | {
                "hardware": hardware,
                **example,
                "python": python,
                "ci": ci,
                "container": container,
                "license": next(licenses),
            }


@functools.cache
def plain_template() -> str:
    """The template as it is in the working tree, without its history, which Copier would clone."""
    folder = Path(tempfile.mkdtemp(prefix="copier-keras-"))
    for name in ("copier.yml", "flavours.yml", "reserved_names.json"):
        shutil.copy2(TEMPLATE / name, folder / name)
    for name in ("hooks", "includes", "src", "template"):
        shutil.copytree(TEMPLATE / name, folder / name)
    return str(folder)


def render(destination: Path, **answers: Any) -> Path:
    """Copy the template with some answers and the defaults for all others, without its tasks."""
    remember_what_does_not_change()
    copier.run_copy(
        plain_template(), destination, data=answers, defaults=True, quiet=True, skip_tasks=True
    )
    return destination


@functools.cache
def _rendered(answers: tuple[tuple[str, Any], ...]) -> Path:
    return render(Path(tempfile.mkdtemp(prefix="copier-keras-")) / "digits", **dict(answers))


def rendered(**answers: Any) -> Path:
    """Give a copy for tests that only read it: with the same answers it is the same folder."""
    return _rendered(tuple(sorted({"package_name": "digits", **answers}.items())))


@functools.cache
def remember_what_does_not_change() -> None:
    """Compile a template and parse a YAML text once, though Copier starts anew for every copy."""
    compiled: dict[tuple, Any] = {}
    compile_anew = jinja2.Environment.compile
    parse = functools.cache(yaml.safe_load)
    load_anew = copier._template.load_template_config
    configs: dict[bytes, Any] = {}

    def compile_once(self, source, name=None, filename=None, raw=False, defer_init=False):
        key = (source, name, raw, defer_init)
        if key in compiled:
            self.preprocess(source, name, filename)  # what Copier's extensions watch
        else:
            compiled[key] = compile_anew(self, source, name, filename, raw, defer_init)
        return compiled[key]

    def parse_once(stream):
        return copy.deepcopy(parse(stream if isinstance(stream, (str, bytes)) else stream.read()))

    def load_once(path, quiet=False):
        content = path.read_bytes()
        if content not in configs:
            configs[content] = load_anew(path, quiet)
        return copy.deepcopy(configs[content])

    jinja2.Environment.compile = compile_once
    yaml.safe_load = parse_once
    copier._template.load_template_config = load_once
    # It asks git about every file, for the sake of repositories with `core.fileMode` off.
    copier._main.Worker._sync_git_index_executable_bit = lambda *_: None
