"""Which files declare dependencies, and how each kind is read."""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Callable
from typing import Any

import yaml

from keras_imports.flavours import DISTRIBUTIONS, canonical
from keras_imports.migrate.files.dependencies.declaration import Declarations
from keras_imports.migrate.files.dependencies.line_formats import (
    read_environment,
    read_requirements,
    read_setup_cfg,
    read_setup_py,
)
from keras_imports.migrate.files.dependencies.notebook_formats import (
    read_notebook,
    without_installed,
)
from keras_imports.migrate.files.dependencies.toml_formats import read_pipfile, read_pyproject

SUFFIXES = (".toml", ".cfg", ".txt", ".in", ".yml", ".yaml", "Pipfile", "setup.py", ".ipynb")


def reader(path: str) -> Callable[[str], Declarations] | None:
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
    if name in ("environment.yml", "environment.yaml"):
        return read_environment
    in_requirements = os.path.basename(folder) == "requirements"
    if name.endswith((".txt", ".in")) and (name.startswith("requirements") or in_requirements):
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
    try:
        if name.endswith((".yml", ".yaml")):
            # What an alias stands for is not written out: that may be a million times as long.
            events = ((e, getattr(e, "value", None)) for e in yaml.parse(text, yaml.SafeLoader))
            return [
                (type(e), getattr(e, "anchor", None), value)
                for e, value in events
                if not _provides(value)
            ]
        if name == "setup.cfg":
            config = configparser.RawConfigParser()
            config.read_string(text)
            return _other({s: {k: _bare(v) for k, v in config[s].items()} for s in config})
    except (yaml.YAMLError, configparser.Error) as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    if name.endswith(".toml") or name == "Pipfile":
        if sys.version_info < (3, 11):
            return None  # nothing reads TOML
        import tomllib

        return _other(tomllib.loads(text))
    return _other(_bare(text))


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
    return name is not None and canonical(name[1]) in DISTRIBUTIONS
