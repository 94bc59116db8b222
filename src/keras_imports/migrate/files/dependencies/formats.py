"""Which files declare dependencies, and how each kind is read."""

from __future__ import annotations

import configparser
import os
import re
from typing import Any

from keras_imports.flavours import PROVIDERS, canonical
from keras_imports.knowledge.toml_tables import required_in_pipfile, required_in_pyproject
from keras_imports.migrate.files.dependencies.conda_format import events_of, read_environment
from keras_imports.migrate.files.dependencies.declaration import Reader, known_name
from keras_imports.migrate.files.dependencies.line_formats import (
    is_list,
    read_constraints,
    read_requirements,
    read_setup_cfg,
    read_setup_py,
)
from keras_imports.migrate.files.dependencies.notebook_formats import (
    read_notebook,
    without_installed,
)
from keras_imports.migrate.files.dependencies.toml_formats import read_pipfile, read_pyproject
from keras_imports.python.syntax import with_unix_lines
from keras_imports.toml import parse_toml

_CONDA = re.compile(r"(?:.*[-_.])?(?:environment|conda)(?:[-_.].*)?\.ya?ml")
SUFFIXES = (".toml", ".cfg", ".txt", ".in", ".yml", ".yaml", "Pipfile", "setup.py", ".ipynb")


def reader(path: str) -> Reader | None:
    """Return what reads a dependency file; `None` for any other file."""
    folder, name = os.path.split(path)
    if name == "pyproject.toml":
        return read_pyproject
    if name == "Pipfile":
        return read_pipfile
    if name == "setup.cfg":
        return read_setup_cfg
    if name == "setup.py":
        return read_setup_py
    if name.endswith(".ipynb"):
        return read_notebook
    if _CONDA.fullmatch(name):
        return read_environment
    if name.endswith((".txt", ".in")):
        if "constraints" in name or os.path.basename(folder) == "constraints":
            return read_constraints
        if "requirements" in name or os.path.basename(folder) == "requirements":
            return read_requirements
    return None


def is_data(path: str) -> bool:
    """Return whether a path is that of a dependency file that holds no code."""
    return reader(path) is not None and not path.endswith((".py", ".ipynb"))


def all_else(path: str, text: str) -> object:
    """Return all that a file says but what provides a Keras; raise `ValueError` if it is broken."""
    name = os.path.basename(path)
    if name.endswith(".ipynb"):
        return without_installed(text)
    if name.endswith((".yml", ".yaml")):
        # What an alias stands for is not written out: that may be a million times as long.
        events = ((e, getattr(e, "value", None)) for e in events_of(text))
        return [
            (type(e), getattr(e, "anchor", None), value)
            for e, value in events
            if not _provides(value)
        ]
    if name == "setup.cfg":
        config = _parsed_cfg(text)
        return _other({s: {k: _items(v) for k, v in config[s].items()} for s in config})
    if name.endswith(".toml") or name == "Pipfile":
        return _other(parse_toml(text))
    return _other(_bare(text))


def stated(path: str, text: str) -> list[str]:
    """Return what a file of TOML or a setup.cfg requires, as a parser reads it.

    A reader has to find as many places; it may know less of these formats than a parser. Raise
    `ValueError` for what cannot be parsed.
    """
    name = os.path.basename(path)
    if name == "pyproject.toml":
        return required_in_pyproject(text, known_name)
    if name == "Pipfile":
        return required_in_pipfile(text, known_name)
    if name == "setup.cfg":
        config = _parsed_cfg(text)
        return [
            part
            for section in config
            for option, value in config[section].items()
            if is_list(section, option)
            for part in _items(value)
            if known_name(part)
        ]
    return []


def _parsed_cfg(text: str) -> configparser.RawConfigParser:
    config = configparser.RawConfigParser()
    try:
        config.read_string(with_unix_lines(text))
    except configparser.Error as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    return config


def _items(value: str) -> list[str]:
    """Return the items of a list in a setup.cfg, which stand on lines or between semicolons."""
    parts = value.splitlines() if "\n" in value else value.split(";")
    return [part.strip() for part in _bare("\n".join(parts))]


def _bare(text: str) -> list[str]:
    """Return the lines of a text without comments and empty ones."""
    return [line for line in re.sub(r"(?m)(?:^|[ \t])#.*", "", text).splitlines() if line.strip()]


def _other(data: Any) -> Any:
    """Return parsed data without what provides a Keras."""
    if isinstance(data, dict):
        return {key: _other(value) for key, value in data.items() if not _provides(key)}
    if isinstance(data, list):
        return [_other(value) for value in data if not _provides(value)]
    return data


def _provides(value: object) -> bool:
    """Return whether a value is the requirement of something that provides a Keras."""
    if not isinstance(value, str):
        return False
    name = re.match(r"\s*(?:[\w.-]+::)?([\w.-]+)", value)
    return name is not None and canonical(name[1]) in PROVIDERS
